"""The durable messages that an agent is sent: each is a lease, until it is settled."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from .errors import FairleadError
from .frames import MessageDeliverData
from .link import Link, logger

_EXTEND_EVERY = 10.0  # well below the gateway's shortest usual lease


@dataclass(frozen=True)
class Message:
    """A durable message that this agent holds a lease on."""

    message_id: str
    attempt: int
    sender: str
    type: str
    payload: Any
    correlation_id: str | None
    sent_at: datetime
    redelivered: bool
    """Whether it may have been handled before: the same `message_id` then."""


MessageHandler = Callable[[Message], Awaitable[None]]


class Asker(Protocol):
    def is_registered_on(self, link: Link) -> bool: ...

    async def request(self, subject: str, data: Any) -> Any: ...


class Leases:
    def __init__(self, asker: Asker) -> None:
        self.handler: MessageHandler | None = None
        self._asker = asker

    async def handle(self, link: Link, data: MessageDeliverData) -> None:
        if self.handler is None:
            logger.warning("Message %s is not handled: this agent takes no messages", data["message_id"])
            return
        message = Message(
            data["message_id"],
            data["attempt"],
            data["from"],
            data["type"],
            data["payload"],
            data["correlation_id"],
            datetime.fromtimestamp(data["sent_at"] / 1000, UTC),
            data["redelivered"],
        )
        extending = asyncio.create_task(self._extend(link, message))
        try:
            await self.handler(message)
        except Exception as failure:
            reason = str(failure) or type(failure).__name__
            await self._settle(link, "message.fail", message, reason)
        else:
            await self._settle(link, "message.ack", message)
        finally:
            extending.cancel()

    async def _extend(self, link: Link, message: Message) -> None:
        while True:
            await asyncio.sleep(_EXTEND_EVERY)
            await self._settle(link, "message.extend", message)

    async def _settle(self, link: Link, how: str, message: Message, reason: str | None = None) -> None:
        """Lost with the connection it was to go out on, it is of no use on another: the gateway delivers again."""
        if not self._asker.is_registered_on(link):
            return
        data = {"message_id": message.message_id, "attempt": message.attempt}
        try:
            await self._asker.request(how, data if reason is None else {**data, "reason": reason})
        except FairleadError as refusal:
            if refusal.code != "connection_lost":
                logger.warning(
                    "Message %s, attempt %d: %s was not taken: %s", message.message_id, message.attempt, how, refusal
                )

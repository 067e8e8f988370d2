"""The requests an agent waits to have answered."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from .errors import FairleadError
from .link import Link

_MAX = 1024


class PendingRequests:
    """Each on an inbox of its own, that nobody can guess; each answered at most once."""

    def __init__(self) -> None:
        self._prefix = f"inbox.{secrets.token_hex(16)}"
        self._count = 0
        self._waiting: dict[str, asyncio.Future[Any]] = {}

    async def ask(self, link: Link, subject: str, data: Any, timeout: float) -> Any:
        if len(self._waiting) >= _MAX:
            raise FairleadError("busy", f"{_MAX} requests wait for an answer already")
        self._count += 1
        inbox = f"{self._prefix}.{self._count}"
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[inbox] = answer
        try:
            async with asyncio.timeout(timeout):
                await link.send({"subject": subject, "reply": inbox, "data": data})
                return await answer
        except TimeoutError:
            raise FairleadError("timeout", f"No answer to {subject} within {timeout:g} s") from None
        finally:
            self._waiting.pop(inbox, None)

    def answered(self, inbox: str, data: Any) -> None:
        """One that comes late, or twice, is nobody's."""
        waiting = self._waiting.pop(inbox, None)
        if waiting is None or waiting.done():
            return
        if isinstance(data, dict) and isinstance(data.get("error"), dict):
            waiting.set_exception(FairleadError.of(data["error"]))
        else:
            waiting.set_result(data)

    def fail_all(self) -> None:
        """The connection is gone, and with it every answer."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(FairleadError("connection_lost", "The connection was lost"))
        self._waiting.clear()

"""An agent on its link: shows its token, waits to be registered, heartbeats, asks and answers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, cast

from .errors import FairleadError
from .frames import Registration, TokenState
from .link import Address, Link, LinkEnd, LinkEndedError, logger
from .messages import Leases
from .pending import PendingRequests
from .tokens import Credentials, TokenFile
from .turns import Turns

_MIN_HEARTBEAT = 0.05  # a gateway cannot make an agent heartbeat more often than that
# The gateway's own subjects are its word only where it passes nothing on: an agent may not speak as the gateway.
_RESERVED = frozenset({"agent", "message", "chat", "token", "quote", "order", "log", "inbox", "test", "error"})
_ANSWER_TIMEOUT = 20.0
_GOING_AWAY = 1001
_INVALID_FRAME = 1008


@dataclass(frozen=True)
class Request:
    """Something asked or told by another agent, or by the gateway (`sender` is None then)."""

    subject: str
    data: Any
    sender: str | None


RequestHandler = Callable[[Request], Awaitable[Any]]
TokenHandler = Callable[[TokenState], None]


class AgentSession:
    def __init__(self, name: str, url: str, token: str | None, token_file: TokenFile, timeout: float) -> None:
        self.registration: Registration | None = None
        self.token_state: TokenState | None = None
        self.handlers: dict[str, RequestHandler] = {}
        self.token_handler: TokenHandler | None = None
        self.leases = Leases(self)
        self.turns = Turns(self)
        self._name = name
        self._url = url
        self._timeout = timeout
        self._token_file = token_file
        self._token_file_read = False
        self._credentials = Credentials(token)
        self._pending = PendingRequests()
        self._tasks: set[asyncio.Task[None]] = set()
        self._registered_link: Link | None = None
        self._on_ready: Callable[[], Awaitable[None]] = _nothing

    def when_registered(self, then: Callable[[], Awaitable[None]]) -> None:
        self._on_ready = then

    def is_registered_on(self, link: Link) -> bool:
        return self._registered_link is link

    async def request(self, subject: str, data: Any, timeout: float = _ANSWER_TIMEOUT) -> Any:
        return await self._pending.ask(self._require_link(subject), subject, data, timeout)

    async def tell(self, subject: str, data: Any = None) -> None:
        await self._require_link(subject).send({"subject": subject, "data": {} if data is None else data})

    async def end_work(self) -> None:
        """Handlers that are at work are cancelled."""
        mine = {task for task in self._tasks if task is not asyncio.current_task()}
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)

    def _require_link(self, subject: str) -> Link:
        if self._registered_link is None:
            raise FairleadError("connection_lost", f"Not registered with the gateway right now: {subject} was not sent")
        return self._registered_link

    async def prepare(self) -> Address:
        if not self._token_file_read:
            try:
                if kept := await asyncio.to_thread(self._token_file.read):
                    self._credentials.kept(kept)
            except OSError as failure:
                logger.warning("Cannot read the agent's token: %s", failure)
            self._token_file_read = True
        if self._credentials.current is None:
            raise FairleadError(
                "unauthorized",
                f"Agent '{self._name}' has no token: none is kept at {self._token_file.path} and none was given."
                + self._how_to_get_one(),
            )
        return Address(self._url, self._credentials.current)

    async def serve(self, link: Link) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                registration = await self._registered(link)
        except TimeoutError:
            late = f"The gateway did not register the agent within {self._timeout:g} s"
            raise LinkEndedError(LinkEnd(late, close_with=_GOING_AWAY)) from None
        heartbeats = asyncio.create_task(
            self._heartbeat(link, max(_MIN_HEARTBEAT, registration["heartbeat_interval_ms"] / 1000))
        )
        try:
            await self._keep(registration.pop("token", None))
            self.registration = registration
            self._registered_link = link
            await self._on_ready()
            self._heard_token_state(registration["token_state"])
            while True:
                await self._received(link, await link.receive_object())
        finally:
            heartbeats.cancel()
            self._registered_link = None
            self.turns.lost()
            self._pending.fail_all()

    async def _registered(self, link: Link) -> Registration:
        while True:
            envelope = await link.receive_object()
            if envelope.get("subject") == "agent.register.ack":
                return cast(Registration, envelope["data"])
            _report_error(envelope)

    async def _keep(self, token: str | None) -> None:
        if token is None:
            return
        self._credentials.received(token)
        try:
            await asyncio.to_thread(self._token_file.write, token)
        except OSError as failure:
            logger.warning("Cannot keep the agent's token: after a restart it will need a new one: %s", failure)

    async def _heartbeat(self, link: Link, interval: float) -> None:
        with contextlib.suppress(FairleadError):  # its end is seen where it is read
            while True:
                await asyncio.sleep(interval)
                await link.send({"subject": "agent.heartbeat", "data": {}})

    async def _received(self, link: Link, envelope: dict[str, Any]) -> None:
        subject = envelope.get("subject")
        if not isinstance(subject, str):
            raise LinkEndedError(LinkEnd("The gateway sent what is no envelope", close_with=_INVALID_FRAME))
        data = envelope.get("data", {})
        if subject.split(".", 1)[0] in _RESERVED and "from" in envelope:
            await self._refuse(link, envelope)
        elif subject.startswith("inbox."):
            self._pending.answered(subject, data)
        elif subject == "token.state":
            self._heard_token_state(data["state"])
        elif subject == "error":
            _report_error(envelope)
        elif subject == "message.deliver":
            self._spawn(self.leases.handle(link, data))
        elif subject == "chat.turn" and self.turns.handler is not None:
            self._spawn(self.turns.take(data))
            await self._reply(link, envelope, {})
        elif subject == "chat.abort":
            self.turns.abort(data["turn_id"])
            await self._reply(link, envelope, {})
        elif subject == "chat.decision":
            self.turns.decided(data)
            await self._reply(link, envelope, {})
        else:
            self._spawn(self._handle(link, envelope))

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _refuse(self, link: Link, envelope: dict[str, Any]) -> None:
        text = f"Only the gateway may say '{envelope['subject']}', not agent '{envelope['from']}'"
        logger.warning("%s", text)
        await self._reply(link, envelope, _error(FairleadError("reserved_subject", text), envelope["subject"]))

    def _heard_token_state(self, state: TokenState) -> None:
        self.token_state = state
        if self.token_handler is not None:
            asyncio.get_running_loop().call_soon(self.token_handler, state)

    async def _handle(self, link: Link, envelope: dict[str, Any]) -> None:
        subject = envelope["subject"]
        handler = self.handlers.get(subject)
        if handler is None:
            if not subject.endswith(".ack"):
                text = f"This agent does not answer {subject}"
                await self._reply(link, envelope, _error(FairleadError("unknown_subject", text), subject))
            return
        try:
            answer = await handler(Request(subject, envelope.get("data", {}), envelope.get("from")))
            reply = {} if answer is None else answer
        except FairleadError as told:
            reply = _error(told, subject)
        except Exception:  # of our own faults, the asker is told no more than that there is one
            logger.exception("The handler of %s failed", subject)
            reply = _error(FairleadError("internal", "The agent failed to answer"), subject)
        try:
            await self._reply(link, envelope, reply)
        except (TypeError, ValueError):
            logger.error("The answer to %s cannot be written as JSON: %s", subject, type(reply).__name__)
            failed = FairleadError("internal", "The agent failed to answer")
            await self._reply(link, envelope, _error(failed, subject))

    async def _reply(self, link: Link, envelope: dict[str, Any], data: Any) -> None:
        """A reply counts only on the connection that was asked: a link that is over sends nothing."""
        if isinstance(inbox := envelope.get("reply"), str):
            with contextlib.suppress(FairleadError):
                await link.send({"subject": inbox, "data": data})

    def ended(self, end: LinkEnd) -> bool:
        if end.final == "unauthorized" and self._credentials.refused():
            logger.warning("The gateway refused the token kept at %s; trying the one given", self._token_file.path)
            return True
        return False

    def advice(self, code: str) -> str:
        return f".{self._how_to_get_one()}" if code == "unauthorized" else ""

    def _how_to_get_one(self) -> str:
        return f" Get one with: fairlead token create {self._name}"


async def _nothing() -> None:
    """Until somebody wants to know."""


def _error(failure: FairleadError, subject: str) -> dict[str, Any]:
    return {"error": {"code": failure.code, "message": str(failure), "subject": subject}}


def _report_error(envelope: dict[str, Any]) -> None:
    data = envelope.get("data")
    if isinstance(data, dict) and "error" in data:
        refused = FairleadError.of(data["error"])
        logger.warning("The gateway refused: %s: %s", refused.code, refused)

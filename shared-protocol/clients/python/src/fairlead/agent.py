"""An agent: connects with its token, registers, heartbeats, asks and answers, and reconnects for ever."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

from .backoff import Backoff
from .errors import FairleadError
from .frames import MessageSendData, MessageSentData, Registration, TokenState
from .link import ReconnectingLink, State, endpoint
from .messages import MessageHandler
from .outbox import Outbox
from .session import AgentSession, RequestHandler, TokenHandler
from .tokens import TokenFile
from .turns import Turn

_ANSWER_TIMEOUT = 20.0
_R = TypeVar("_R", bound=RequestHandler)
_M = TypeVar("_M", bound=MessageHandler)
_T = TypeVar("_T", bound=TokenHandler)
_C = TypeVar("_C", bound=Callable[[Turn], Awaitable[str]])


class Agent:
    """Set handlers first, then `await agent.run()`, or `async with agent:` around what it does.

    It stops by itself, with a FairleadError that says why, where another attempt would be no use: it has no token or a
    refused one, may not connect, or another connection of the same agent took over. A stopped agent stays stopped.

    All of it belongs to one event loop. What a person should know of goes to the logger `fairlead`, never a secret.
    """

    def __init__(
        self,
        url: str,
        name: str,
        *,
        token: str | None = None,
        token_root: Path | None = None,
        version: str | None = None,
        capabilities: Iterable[str] = (),
        timeout: float = 10.0,
        silence: float = 90.0,
        backoff: Backoff | None = None,
        on_state: Callable[[State], None] | None = None,
    ) -> None:
        """`url`: of the gateway, or of its agent socket. `token`: ephemeral, good for one hour and one registration;
        needed until a permanent one is kept at `<token_root>/<name>/token` (`~/.fairlead/agents`). `timeout`: seconds
        for a connection, and again for the registration on it. `silence`: seconds without a frame after which a link
        is dead."""
        self.name = name
        # The same for each attempt: should the reply that brings the permanent token be lost, it is given again.
        query = {"nonce": secrets.token_hex(16)}
        if version is not None:
            query["version"] = version
        if shown := ",".join(capabilities):
            query["capabilities"] = shown
        token_file = TokenFile(token_root or TokenFile.default_root(), name)
        self._session = AgentSession(name, endpoint(url, "/ws/agent", **query), token, token_file, timeout)
        self._link = ReconnectingLink(
            self._session,
            backoff or Backoff.agents(),
            timeout=timeout,
            silence=silence,
            on_state=on_state,
            # A gateway behind a proxy may answer 404 while it is being replaced: an agent waits for it.
            tolerated=frozenset({"not_found", "bad_request"}),
        )
        self._session.when_registered(self._link.ready)
        self._outbox = Outbox(self._post, self._link.when_ready)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, **options: Any) -> Self:
        """With what a gateway tells the instances it starts: `FAIRLEAD_URL`, `FAIRLEAD_AGENT_NAME`, `FAIRLEAD_TOKEN`.

        Other options as for the constructor."""
        for variable in ("FAIRLEAD_URL", "FAIRLEAD_AGENT_NAME"):
            if not environment.get(variable, "").strip():
                raise FairleadError("bad_request", f"{variable} is not set")
        token = environment.get("FAIRLEAD_TOKEN", "").strip() or None
        return cls(environment["FAIRLEAD_URL"], environment["FAIRLEAD_AGENT_NAME"], **{"token": token, **options})

    # --- what it answers

    def on_request(self, subject: str) -> Callable[[_R], _R]:
        """Answers a request of another agent (`agents.<this agent>.<subject>` for them) or of the gateway, and hears
        what the gateway tells without asking (`quote.update`, `order.update`). What is returned is the reply, any JSON
        value; a FairleadError is told to the asker as it stands, any other failure only as `internal`."""

        def decorate(handler: _R) -> _R:
            self._session.handlers[subject] = handler
            return handler

        return decorate

    def on_message(self, handler: _M) -> _M:
        """Handles durable messages. Where the handler returns, the message is acknowledged; where it raises, it is
        tried again later, with the exception's text as the reason people see. While a handler works its lease is
        prolonged. Up to 64 may be at work at once."""
        self._session.leases.handler = handler
        return handler

    def on_chat(self, handler: _C) -> _C:
        """Answers in chats (`agent:<name>`): what is returned is the whole answer."""
        self._session.turns.handler = handler
        return handler

    def on_token_state(self, handler: _T) -> _T:
        """Hears the state of the gateway's upstream token, at each registration and on each change."""
        self._session.token_handler = handler
        return handler

    # --- its life

    @property
    def state(self) -> State:
        return self._link.state

    @property
    def registration(self) -> Registration | None:
        """What the gateway said at the last registration, its token left out."""
        return self._session.registration

    @property
    def token_state(self) -> TokenState | None:
        """The last state heard of the gateway's upstream token."""
        return self._session.token_state

    async def start(self) -> None:
        """Begins; returns at the first registration."""
        self._link.start()
        await self._link.when_ready()

    async def when_ready(self) -> None:
        """Returns when it is registered, at once where it is."""
        await self._link.when_ready()

    async def run(self) -> None:
        """Until it is closed, by SIGTERM or SIGINT too. Raises FairleadError where the gateway has no use for it."""
        loop = asyncio.get_running_loop()
        closing: list[asyncio.Task[None]] = []
        handled = []
        for number in (signal.SIGTERM, signal.SIGINT):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # not the main thread, or Windows
                loop.add_signal_handler(number, lambda: closing.append(loop.create_task(self.close())))
                handled.append(number)
        try:
            self._link.start()
            await self._link.when_stopped()
        finally:
            for number in handled:
                loop.remove_signal_handler(number)
            await self.close()

    async def close(self) -> None:
        """Says good-bye (close 1000) and ends. Requests and messages that wait fail."""
        await self._link.close()
        self._outbox.fail_all(FairleadError("connection_lost", "The agent was closed before it was sent"))
        await self._session.end_work()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- what it asks

    async def request(self, subject: str, data: Any = None, timeout: float = _ANSWER_TIMEOUT) -> Any:
        """Asks the gateway, or with `agents.<name>.<subject>` another agent.

        Raises FairleadError: the error in the reply, `timeout`, or `connection_lost` where the connection is not there
        or ended before the answer came (it may have been handled all the same).
        """
        return await self._session.request(subject, {} if data is None else data, timeout)

    async def tell(self, subject: str, data: Any = None) -> None:
        """Tells the gateway something and waits for no answer."""
        await self._session.tell(subject, data)

    async def send(
        self,
        to: str,
        type: str,
        payload: Any,
        *,
        correlation_id: str | None = None,
        idempotency_key: str | None = None,
        ttl_seconds: int | None = None,
        requires_token: bool = False,
    ) -> MessageSentData:
        """Sends a durable message; returns when the gateway has it on disk, however long that takes.

        It is sent again after a lost connection, and where the gateway cannot say what became of it, always with the
        same key: it stays one message. Give an `idempotency_key` of your own where it shall stay one over a restart of
        this program, too. Raises FairleadError where it is refused (`unknown_recipient`, `payload_too_large`,
        `conflict`), where too many wait here (`busy`), or the agent is closed first (`connection_lost`).
        """
        data: MessageSendData = {
            "to": to,
            "type": type,
            "payload": payload,
            "idempotency_key": idempotency_key or str(uuid.uuid4()),
        }
        if correlation_id is not None:
            data["correlation_id"] = correlation_id
        if ttl_seconds is not None:
            data["ttl_seconds"] = ttl_seconds
        if requires_token:
            data["requires"] = "token.valid"
        return await self._outbox.send(data)

    async def log(self, *lines: str) -> None:
        """Appends lines to this agent's log at the gateway, kept and shown like an instance's."""
        await self.request("log.append", {"lines": list(lines)})

    async def _post(self, message: MessageSendData) -> MessageSentData:
        return cast(MessageSentData, await self._session.request("message.send", message))

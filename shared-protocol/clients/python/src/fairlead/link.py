"""One connection that is made anew whenever it ends, until it is closed or another attempt would be no use."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.http11 import Response

from .backoff import Backoff
from .errors import FairleadError

logger = logging.getLogger("fairlead")

_MAX_MESSAGE_BYTES = 1 << 20
_MAX_REASON_CHARACTERS = 300
_MAX_RETRY_AFTER = 300.0  # a server that asks for longer is asked again all the same
_CLOSE_TIMEOUT = 2.0
_ABNORMAL = 1006
_GOING_AWAY = 1001
_INVALID_FRAME = 1008

# Closes and refusals after which the gateway would only say the same again.
_FINAL_CLOSES = {4400: "bad_request", 4401: "unauthorized", 4403: "forbidden", 4404: "not_found", 4409: "replaced"}
_FINAL_STATUSES = {400: "bad_request", 401: "unauthorized", 403: "forbidden", 404: "not_found"}


@dataclass(frozen=True)
class Connecting:
    """An attempt is under way."""


@dataclass(frozen=True)
class Ready:
    """Registered (agents), or a first frame came (streams, chats)."""


@dataclass(frozen=True)
class Disconnected:
    """The next attempt comes by itself."""

    reason: str
    retry_in: float
    """Seconds."""


@dataclass(frozen=True)
class Stopped:
    """There will be no other attempt: another client is needed, once the cause is mended."""

    code: str | None
    """None where its owner closed it."""
    reason: str


State = Connecting | Ready | Disconnected | Stopped


@dataclass(frozen=True)
class LinkEnd:
    """How a connection ended, or why there was none."""

    reason: str
    final: str | None = None
    """The error that makes another attempt useless until something changes."""
    retry_after: float = 0.0
    close_with: int | None = None
    """Set where it is this side that gives the connection up."""


class LinkEndedError(Exception):
    def __init__(self, end: LinkEnd) -> None:
        super().__init__(end.reason)
        self.end = end


@dataclass(frozen=True)
class Address:
    url: str
    token: str | None


def endpoint(url: str, socket: str | None = None, **query: str) -> str:
    """A WebSocket's URL with some query parameters set, whatever they were before; where `socket` is given, the URL may
    be that of the gateway, too, below whatever path it lies.

    Raises ValueError that says what is wrong with it, without repeating it: a token may be in it.
    """
    parts = urlsplit(url)
    scheme = {"ws": "ws", "http": "ws", "wss": "wss", "https": "wss"}.get(parts.scheme.lower())
    if scheme is None or not parts.hostname:
        raise ValueError("The URL needs ws:// or wss:// and a host, like ws://localhost:18800")
    if parts.username is not None or parts.password is not None:
        raise ValueError("Give the token as a token, not within the URL")
    path = parts.path or "/"
    if socket is not None and not path.endswith((socket, "/ws")):
        path = path.rstrip("/") + socket
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in query]
    return urlunsplit((scheme, parts.netloc, path, urlencode([*kept, *query.items()]), ""))


class Link:
    """An open connection."""

    def __init__(self, socket: ClientConnection, silence: float) -> None:
        self._socket = socket
        self._silence = silence

    async def receive(self) -> str:
        """The next message. Raises LinkEndedError when there is none."""
        try:
            async with asyncio.timeout(self._silence):
                message = await self._socket.recv()
        except TimeoutError:
            reason = f"Nothing heard for {self._silence:g} s; the link is dead"
            raise LinkEndedError(LinkEnd(reason, close_with=_GOING_AWAY)) from None
        except ConnectionClosed as closed:
            raise LinkEndedError(_closed(closed)) from None
        if isinstance(message, bytes):
            raise LinkEndedError(LinkEnd("The gateway sent a binary message", close_with=_INVALID_FRAME))
        return message

    async def receive_object(self) -> dict[str, object]:
        """The next message, which is a JSON object with this or the connection ends."""
        text = await self.receive()
        try:
            frame = json.loads(text)
        except ValueError:
            frame = None
        if not isinstance(frame, dict):
            raise LinkEndedError(LinkEnd("The gateway sent what is no frame", close_with=_INVALID_FRAME))
        return frame

    async def send(self, frame: object) -> None:
        """Raises FairleadError `connection_lost` where the connection has ended; ValueError where it is no JSON."""
        text = json.dumps(frame, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        try:
            await self._socket.send(text)
        except ConnectionClosed as closed:
            raise FairleadError("connection_lost", _closed(closed).reason) from None

    async def close(self, code: int = 1000) -> None:
        with contextlib.suppress(WebSocketException, OSError):
            await self._socket.close(code)


class Session(Protocol):
    """What differs between an agent, a stream and a chat."""

    async def prepare(self) -> Address:
        """What to connect with; asked before each attempt. A FairleadError ends it all."""

    async def serve(self, link: Link) -> None:
        """Until the link ends, which it tells by LinkEndedError."""

    def ended(self, end: LinkEnd) -> bool:
        """The attempt or connection is over. Answers whether to try again at once, with another credential."""

    def advice(self, code: str) -> str:
        """What to add to the reason of an end that is final."""


class ReconnectingLink:
    """Keeps one link up: attempts, waits, attempts again."""

    def __init__(
        self,
        session: Session,
        backoff: Backoff,
        *,
        timeout: float,
        silence: float,
        on_state: Callable[[State], None] | None,
        tolerated: frozenset[str] = frozenset(),
    ) -> None:
        self._session = session
        self._backoff = backoff
        self._timeout = timeout
        self._silence = silence
        self._on_state = on_state
        self._tolerated = tolerated
        self._link: Link | None = None
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._closing: set[asyncio.Task[None]] = set()
        self.state: State = Connecting()

    def start(self) -> None:
        """Begins, the first time it is called."""
        if self._task is None and not isinstance(self.state, Stopped):
            self._task = asyncio.create_task(self._run(), name="fairlead link")

    async def when_ready(self) -> None:
        """Raises FairleadError where it never will be (again)."""
        async with self._changed:
            await self._changed.wait_for(lambda: isinstance(self.state, Ready | Stopped))
        self._raise_if_stopped()

    async def when_stopped(self) -> None:
        """Raises FairleadError with the reason, unless it is its owner who closed it."""
        async with self._changed:
            await self._changed.wait_for(lambda: isinstance(self.state, Stopped))
        if isinstance(self.state, Stopped) and self.state.code is not None:
            self._raise_if_stopped()

    def _raise_if_stopped(self) -> None:
        if isinstance(self.state, Stopped):
            raise FairleadError(self.state.code or "connection_lost", self.state.reason)

    async def ready(self) -> None:
        """The link proved good."""
        self._backoff.reset()
        await self._become(Ready())

    async def close(self) -> None:
        """Closes with 1000 and ends it all. May be called more than once."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._become(Stopped(None, "Closed by its owner"))
        await asyncio.gather(*self._closing)

    async def _run(self) -> None:
        try:
            await self._keep_up()
        except Exception as fault:
            logger.exception("The client failed")
            await self._become(Stopped("internal", f"The client failed: {fault!r}"))

    async def _keep_up(self) -> None:
        while not isinstance(self.state, Stopped):
            await self._become(Connecting())
            try:
                address = await self._session.prepare()
            except FairleadError as refusal:
                await self._become(Stopped(refusal.code, str(refusal)))
                return
            end = await self._one(address)
            if not self._session.ended(end):
                await self._after(end)

    async def _after(self, end: LinkEnd) -> None:
        if end.final is not None and end.final not in self._tolerated:
            await self._become(Stopped(end.final, end.reason + self._session.advice(end.final)))
            return
        delay = max(self._backoff.next(), min(end.retry_after, _MAX_RETRY_AFTER))
        await self._become(Disconnected(end.reason, delay))
        await asyncio.sleep(delay)

    async def _one(self, address: Address) -> LinkEnd:
        """One connection, from the attempt to its end."""
        link: Link | None = None
        code = 1000
        try:
            link = await self._open(address)
            await self._session.serve(link)
            raise AssertionError("a session ends with its link")
        except LinkEndedError as ended:
            code = ended.end.close_with or code
            return ended.end
        except FairleadError as lost:  # sending failed: the link is over
            return LinkEnd(str(lost))
        finally:
            if link is not None:
                self._let_go(link, code)

    def _let_go(self, link: Link, code: int) -> None:
        """Its end counts at once, whatever the peer does."""
        closing = asyncio.create_task(link.close(code))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    async def _open(self, address: Address) -> Link:
        try:
            socket = await connect(
                address.url,
                additional_headers={"Authorization": f"Bearer {address.token}"} if address.token else None,
                open_timeout=self._timeout,
                close_timeout=_CLOSE_TIMEOUT,
                ping_interval=None,  # heartbeats and pings are frames of the protocol
                max_size=_MAX_MESSAGE_BYTES,
                compression=None,
            )
        except InvalidStatus as refused:
            raise LinkEndedError(_refused(refused.response)) from None
        except (OSError, EOFError, TimeoutError, WebSocketException) as failure:
            reason = _shortened(str(failure) or type(failure).__name__)
            raise LinkEndedError(LinkEnd(f"Cannot connect: {reason}")) from None
        return Link(socket, self._silence)

    async def _become(self, state: State) -> None:
        async with self._changed:
            if isinstance(self.state, Stopped):
                return
            self.state = state
            self._changed.notify_all()
        logger.debug("%s", state)
        if self._on_state is not None:
            # A listener that raises must not end the attempts.
            asyncio.get_running_loop().call_soon(self._on_state, state)


def _closed(closed: ConnectionClosed) -> LinkEnd:
    code = closed.rcvd.code if closed.rcvd is not None else _ABNORMAL
    text = _shortened(closed.rcvd.reason) if closed.rcvd is not None else ""
    final = _FINAL_CLOSES.get(code)
    took_over = "Another connection of the same agent took over"
    what = took_over if final == "replaced" else "The gateway closed the connection"
    return LinkEnd(f"{what} ({code})" + (f": {text}" if text else ""), final)


def _refused(response: Response) -> LinkEnd:
    status = response.status_code
    text = ""
    with contextlib.suppress(ValueError, KeyError, TypeError):  # a proxy's page helps nobody
        text = _shortened(str(json.loads(response.body or b"")["error"]["message"]))
    after = response.headers.get("Retry-After", "").strip()
    return LinkEnd(
        f"The gateway refused the connection (HTTP {status})" + (f": {text}" if text else ""),
        _FINAL_STATUSES.get(status),
        float(after) if after.isdecimal() else 0.0,  # a date: the backoff will do
    )


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_REASON_CHARACTERS else text[:_MAX_REASON_CHARACTERS] + "..."

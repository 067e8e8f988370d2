"""Follows a stream over any number of reconnects."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

from .backoff import Backoff
from .errors import FairleadError
from .link import Address, Link, LinkEnd, ReconnectingLink, State, endpoint

# What is read ahead of a slow reader; past that the gateway holds, and then drops and sends a snapshot.
_READ_AHEAD = 64

F = TypeVar("F")


class Stream(Generic[F]):
    """The state first, then each change, in order. After a reconnect it goes on where it was, as long as the gateway
    still has what was missed; else the gateway sends the state anew.

        async with Stream[InstancesChannelFrame]("ws://localhost:18800/ws/instances") as stream:
            async for frame in stream:
                ...

    Frames are as they come: `frames.InstancesChannelFrame` and its like say what stands in them. It ends with a
    FairleadError where another attempt would be no use: a bad query, no right to be there, nothing there.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        ping_interval: float = 30.0,
        timeout: float = 10.0,
        silence: float = 90.0,
        backoff: Backoff | None = None,
        on_state: Callable[[State], None] | None = None,
    ) -> None:
        """`url`: of the stream, its query included. Times in seconds."""
        self._url = endpoint(url)
        self._token = token
        self._ping_interval = ping_interval
        self._since: str | None = None
        self._open: Link | None = None
        self._frames: asyncio.Queue[F] = asyncio.Queue(_READ_AHEAD)
        self._reconnecting = ReconnectingLink(
            _StreamSession(self),
            backoff or Backoff.streams(),
            timeout=timeout,
            silence=silence,
            on_state=on_state,
        )

    @property
    def state(self) -> State:
        return self._reconnecting.state

    async def __aenter__(self) -> Self:
        self._reconnecting.start()
        await self._reconnecting.when_ready()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def __aiter__(self) -> AsyncIterator[F]:
        self._reconnecting.start()
        over = asyncio.ensure_future(self._reconnecting.when_stopped())
        try:
            while True:
                with contextlib.suppress(asyncio.QueueEmpty):
                    while True:
                        yield self._frames.get_nowait()
                following = asyncio.ensure_future(self._frames.get())
                try:
                    await asyncio.wait({following, over}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    if not following.done():
                        following.cancel()
                if following.done() and not following.cancelled():
                    yield following.result()
                elif over.done():
                    over.result()  # raises what ended it
                    return
        finally:
            over.cancel()
            with contextlib.suppress(asyncio.CancelledError, FairleadError):
                await over

    async def send(self, frame: Any) -> None:
        """Sends a frame (`subscribe` and the like) on the connection as it is. It ends with the connection: send it
        again on each Ready."""
        if self._open is None:
            raise FairleadError("connection_lost", "The stream is not connected right now")
        await self._open.send(frame)

    async def close(self) -> None:
        """Says good-bye (close 1000) and ends."""
        await self._reconnecting.close()

    async def _serve(self, link: Link) -> None:
        self._open = link
        pings = asyncio.create_task(ping(link, self._ping_interval))
        proven = False
        try:
            while True:
                frame = await link.receive_object()
                if not proven and frame.get("type") != "error":
                    proven = True
                    await self._reconnecting.ready()
                if frame.get("type") != "pong":
                    await self._frames.put(cast(F, frame))
                self._remember(frame)
        finally:
            pings.cancel()
            self._open = None

    def _remember(self, frame: dict[str, Any]) -> None:
        """How far it was followed: streams number their frames by epoch and seq, logs give a cursor."""
        cursor, epoch, seq = frame.get("cursor"), frame.get("epoch"), frame.get("seq")
        if isinstance(cursor, str):
            self._since = cursor
        elif isinstance(epoch, str) and isinstance(seq, int):
            self._since = f"{epoch}:{seq}"

    def _address(self) -> Address:
        return Address(self._url if self._since is None else endpoint(self._url, since=self._since), self._token)


class _StreamSession:
    """The stream as its link sees it."""

    def __init__(self, stream: Stream[Any]) -> None:
        self._stream = stream

    async def prepare(self) -> Address:
        return self._stream._address()

    async def serve(self, link: Link) -> None:
        await self._stream._serve(link)

    def ended(self, end: LinkEnd) -> bool:
        return False

    def advice(self, code: str) -> str:
        return ""


async def ping(link: Link, interval: float) -> None:
    """Keeps a connection alive, until it ends."""
    with contextlib.suppress(FairleadError):
        while True:
            await asyncio.sleep(interval)
            await link.send({"type": "ping"})

"""Messages on their way to the gateway."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .errors import FairleadError
from .frames import MessageSendData, MessageSentData

MAX_WAITING = 10_000
WINDOW = 64
_RESEND_AFTER = 0.5


@dataclass(eq=False)
class _Entry:
    number: int
    message: MessageSendData
    taken: asyncio.Future[MessageSentData]


class Outbox:
    """Messages are kept until the gateway has taken each, and sent again with the same key after a lost connection,
    where it asks to come back, and where it cannot say what became of them."""

    def __init__(
        self,
        post: Callable[[MessageSendData], Awaitable[MessageSentData]],
        when_ready: Callable[[], Awaitable[None]],
    ) -> None:
        self._post = post
        self._when_ready = when_ready
        self._waiting: deque[_Entry] = deque()
        self._sent: set[_Entry] = set()
        self._again: list[_Entry] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0
        self._paused = False
        self._pause = _RESEND_AFTER

    async def send(self, message: MessageSendData) -> MessageSentData:
        if len(self._waiting) + len(self._sent) + len(self._again) >= MAX_WAITING:
            raise FairleadError("busy", f"{MAX_WAITING} messages wait for the gateway already; try again later")
        self._count += 1
        entry = _Entry(self._count, message, asyncio.get_running_loop().create_future())
        self._waiting.append(entry)
        self._pump()
        return await entry.taken

    def fail_all(self, why: FairleadError) -> None:
        for entry in [*self._waiting, *self._again, *self._sent]:
            if not entry.taken.done():
                entry.taken.set_exception(why)
        self._waiting.clear()
        self._again.clear()
        self._sent.clear()
        for task in self._tasks:
            task.cancel()

    def _start(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _pump(self) -> None:
        while not self._paused and len(self._sent) < WINDOW and self._waiting:
            entry = self._waiting.popleft()
            self._sent.add(entry)
            self._start(self._try(entry))

    async def _try(self, entry: _Entry) -> None:
        try:
            accepted = await self._post(entry.message)
        except FairleadError as refusal:
            self._sent.discard(entry)
            if refusal.retryable:
                self._again.append(entry)
                self._paused = True  # what was sent with it is answered first: then all go again in their order
                self._pause = max(self._pause, refusal.retry_after)
            elif not entry.taken.done():
                entry.taken.set_exception(refusal)
        except (TypeError, ValueError) as unwritable:  # a payload that is no JSON
            self._sent.discard(entry)
            if not entry.taken.done():
                entry.taken.set_exception(unwritable)
        else:
            self._sent.discard(entry)
            if not entry.taken.done():
                entry.taken.set_result(accepted)
        if self._paused and not self._sent and self._again:
            self._again.sort(key=lambda each: each.number)
            self._waiting.extendleft(reversed(self._again))
            self._again.clear()
            self._start(self._resume())
        self._pump()

    async def _resume(self) -> None:
        await asyncio.sleep(self._pause)
        try:
            await self._when_ready()
        except FairleadError as stopped:
            self.fail_all(stopped)
            return
        self._pause = _RESEND_AFTER
        self._paused = False
        self._pump()

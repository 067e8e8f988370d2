"""Against a gateway that is killed again and again from outside: nothing is lost, nothing is twice, streams go on.

    trial.py URL FOLDER SENDER_TOKEN RECEIVER_TOKEN

Makes FOLDER/ready, whenever it is not there, once much is under way; ends when there is FOLDER/stop.
The instance `counter` prints numbers.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import defaultdict
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from fairlead import Agent, Backoff, Chat, FairleadError, Message, Ready, Request, State, Stream
from fairlead.frames import LogsChannelFrame, MessagesChannelFrame

SENDERS = 16
PROGRESS = 50
PACE = 0.005


class Trial:
    def __init__(self, url: str, folder: Path, tokens: tuple[str, str]) -> None:
        self.url = url
        self.folder = folder
        self.sender = self.agent("python-sender", tokens[0])
        self.receiver = self.agent("python-receiver", tokens[1])
        self.receiver.on_message(self.took)
        self.receiver.on_request("double")(self.double)
        self.readies = 0
        self.accepted: dict[int, str] = {}
        self.received: dict[int, set[str]] = defaultdict(set)
        self.deliveries = 0
        self.numbers: list[int] = []
        self.resumed = 0
        self.answers = 0
        self.next = 0

    def agent(self, name: str, token: str) -> Agent:
        return Agent(
            self.url,
            name,
            token=token,
            token_root=self.folder / "tokens",
            backoff=Backoff(0.1, 1.0),
            on_state=self.changed,
        )

    def changed(self, state: State) -> None:
        self.readies += isinstance(state, Ready)

    async def took(self, message: Message) -> None:
        self.deliveries += 1
        self.received[message.payload["n"]].add(message.message_id)

    async def double(self, asked: Request) -> int:
        return int(asked.data) * 2

    @property
    def stopping(self) -> bool:
        return (self.folder / "stop").exists()

    async def send(self) -> None:
        while not self.stopping:
            number = self.next
            self.next += 1
            accepted = await self.sender.send("python-receiver", "count", {"n": number})
            self.accepted[number] = accepted["message_id"]
            await asyncio.sleep(PACE)

    async def ask(self) -> None:
        while not self.stopping:
            with contextlib.suppress(FairleadError):
                await self.one_answer()
                self.answers += 1
            await asyncio.sleep(0.1)

    async def tell_progress(self) -> None:
        told = 0
        while True:
            if len(self.accepted) - told >= PROGRESS and not (self.folder / "ready").exists():
                told = len(self.accepted)
                (self.folder / "ready").touch()
            await asyncio.sleep(0.05)

    async def one_answer(self) -> None:
        doubled = await self.sender.request("agents.python-receiver.double", 21, timeout=5)
        assert doubled == 42, doubled

    async def chat(self) -> None:
        async with Chat(self.url, backoff=Backoff(0.1, 1.0)) as chat:
            while not self.stopping:
                with contextlib.suppress(FairleadError):  # a turn that the kill interrupted ends as an error
                    await chat.ask("/help")
                await asyncio.sleep(0.1)
            assert "/instances" in await chat.ask("/help")

    async def follow_log(self) -> None:
        path = f"{self.url}/ws/instances/counter/logs?backlog=0"
        async with Stream[LogsChannelFrame](path, backoff=Backoff(0.1, 1.0)) as stream:
            async for frame in stream:
                if frame["type"] in ("backlog", "lines"):
                    self.numbers += [int(line) for line in frame["lines"]]

    async def follow_messages(self, line: CutLine, port: int) -> None:
        """Over a line that is cut whenever it stands: within an epoch there are no holes."""

        def cut_soon(state: State) -> None:
            if isinstance(state, Ready):
                asyncio.get_running_loop().call_later(0.3, line.cut)

        at: tuple[str, int] | None = None
        async with Stream[MessagesChannelFrame](
            f"ws://127.0.0.1:{port}/ws/messages", backoff=Backoff(0.1, 1.0), on_state=cut_soon
        ) as stream:
            async for frame in stream:
                if frame["type"] == "snapshot":
                    at = (frame["epoch"], frame["seq"])
                elif frame["type"] == "resumed":
                    self.resumed += 1
                elif frame["type"] == "message_event":
                    assert at == (frame["epoch"], frame["seq"] - 1), (at, frame)
                    at = (frame["epoch"], frame["seq"])

    async def run(self) -> None:
        line = CutLine(self.url)
        port = await line.open()
        async with self.sender, self.receiver:
            followers = [
                asyncio.create_task(self.follow_log()),
                asyncio.create_task(self.follow_messages(line, port)),
                asyncio.create_task(self.tell_progress()),
            ]
            work = [asyncio.create_task(each()) for each in (*[self.send] * SENDERS, self.ask, self.chat)]
            await asyncio.gather(*work)
            await until(lambda: len(self.received) == len(self.accepted), "every message", 60)
            await until(lambda: len(self.numbers) > PROGRESS, "lines of the log", 30)
            await until(lambda: self.resumed > 0, "a stream that resumes", 30)
            await self.one_answer()
            for follower in followers:
                if follower.done():
                    follower.result()
                follower.cancel()
            await asyncio.gather(*followers, return_exceptions=True)
        await line.close()
        twice = {number: ids for number, ids in self.received.items() if ids != {self.accepted[number]}}
        assert not twice, f"stored more than once: {twice}"
        first = self.numbers[0]
        assert self.numbers == list(range(first, first + len(self.numbers))), "lines of the log are lost or doubled"
        print(f"{len(self.accepted)} messages, {self.deliveries} deliveries, {self.answers} answers,", end=" ")
        print(f"{len(self.numbers)} lines, {self.readies} registrations, {self.resumed} resumed streams: all well")


class CutLine:
    """A line to the gateway that can be cut, without a close."""

    def __init__(self, url: str) -> None:
        self.gateway = urlsplit(url)
        self.writers: set[asyncio.StreamWriter] = set()
        self.server: asyncio.Server | None = None

    async def open(self) -> int:
        self.server = await asyncio.start_server(self.connected, "127.0.0.1", 0)
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(self.gateway.hostname, self.gateway.port)
        except OSError:
            writer.transport.abort()
            return
        self.writers |= {writer, back}
        await asyncio.gather(self.pipe(reader, back), self.pipe(there, writer))
        self.writers -= {writer, back}

    async def pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.transport.abort()

    def cut(self) -> None:
        for writer in list(self.writers):
            writer.transport.abort()

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()


async def until(holds: Callable[[], bool], what: str, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not holds():  # noqa: ASYNC110 - what holds comes from many places
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"Waited {seconds} s for {what}") from None


def main(url: str, folder: str, *tokens: str) -> None:
    sender, receiver = tokens
    work: Awaitable[None] = Trial(url, Path(folder), (sender, receiver)).run()
    asyncio.run(asyncio.wait_for(work, 300))


if __name__ == "__main__":
    main(*sys.argv[1:])

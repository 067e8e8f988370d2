"""A chat with the gateway's operator, a language model or an agent, over any number of reconnects."""

from __future__ import annotations

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
import uuid
from collections.abc import AsyncGenerator, Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit

from .backoff import Backoff
from .errors import FairleadError
from .frames import ChatChannelFrame, ChatMessageFrame
from .link import Address, Link, LinkEnd, LinkEndedError, ReconnectingLink, State, endpoint, logger
from .stream import ping

_SOCKET = "/ws/chat"
_LOOK_AGAIN = 1.0
_LOOK_TIMEOUT = 10.0


class _Asked:
    """A turn that was asked for, until it has ended."""

    def __init__(self, message: ChatMessageFrame) -> None:
        self.message = message
        self.frames: asyncio.Queue[Any] = asyncio.Queue()
        self.sent = False
        self.told = False
        self.over = False

    def hear(self, frame: dict[str, Any]) -> None:
        if not self.over:
            self.told = self.told or frame["type"] == "chunk"
            self.over = frame["type"] in ("done", "aborted", "error")
            self.frames.put_nowait(frame)


class Chat:
    """One session of a chat, one turn at a time.

        async with Chat("ws://localhost:18800") as chat:
            print(await chat.ask("/instances"))

    A connection that is lost ends no turn: on the next one the turn goes on, or its end is looked up; the message is
    sent again under its key, which starts no second turn.
    """

    def __init__(
        self,
        url: str,
        *,
        token: str | None = None,
        session_id: str | None = None,
        name: str | None = None,
        agent: str | None = None,
        timeout: float = 10.0,
        silence: float = 90.0,
        backoff: Backoff | None = None,
        on_state: Callable[[State], None] | None = None,
    ) -> None:
        """`agent`: `operator`, `llm` or `agent:<name>`; the gateway's setting where absent."""
        query = {"name": name, "agent": agent}
        self._url = endpoint(url, _SOCKET, **{key: value for key, value in query.items() if value is not None})
        self._token = token
        self.session_id = session_id
        """Known once it is connected for the first time: give it to go on with the session later."""
        self._open: Link | None = None
        self._asked: _Asked | None = None
        self._one_at_a_time = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._reconnecting = ReconnectingLink(
            _ChatSession(self),
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

    async def ask(self, content: str, *, page_context: str | None = None) -> str:
        """The whole answer. Raises FairleadError where the turn ends in an error, or is aborted (`aborted`)."""
        async with contextlib.aclosing(self.turn(content, page_context=page_context)) as turn:
            async for frame in turn:
                if frame["type"] == "done":
                    return frame["full_response"]
                if frame["type"] == "aborted":
                    raise FairleadError("aborted", "The turn was aborted")
                if frame["type"] == "error":
                    raise FairleadError(frame["code"], frame["message"])
        raise AssertionError("a turn ends with one of these")

    async def turn(self, content: str, *, page_context: str | None = None) -> AsyncGenerator[ChatChannelFrame, None]:
        """The frames of a turn as they come, the last of them `done`, `aborted` or `error`.

        After a `chunk_reset`, which comes after a lost connection too, the chunks before it are void."""
        async with self._one_at_a_time:
            message: ChatMessageFrame = {
                "type": "message",
                "content": content,
                "idempotency_key": str(uuid.uuid4()),
            }
            if page_context is not None:
                message["page_context"] = page_context
            asked = self._asked = _Asked(message)
            over = asyncio.ensure_future(self._reconnecting.when_stopped())
            try:
                if self._open is not None:
                    with contextlib.suppress(FairleadError):  # it goes out with the next connection
                        await self._open.send(message)
                        asked.sent = True
                while True:
                    following = asyncio.ensure_future(asked.frames.get())
                    await asyncio.wait({following, over}, return_when=asyncio.FIRST_COMPLETED)
                    if not following.done():
                        following.cancel()
                        over.result()
                        raise FairleadError("connection_lost", "The chat was closed before it was answered")
                    frame = following.result()
                    yield frame
                    if asked.over and asked.frames.empty():
                        return
            finally:
                self._asked = None
                over.cancel()
                if self._looking is not None:
                    self._looking.cancel()

    async def abort(self) -> None:
        """Ends the turn that runs; the partial text is kept."""
        await self._send({"type": "abort"})

    async def approve(self, tool_call_id: str) -> None:
        """Lets a tool call happen that waits for a person."""
        await self._send({"type": "approve", "id": tool_call_id})

    async def deny(self, tool_call_id: str) -> None:
        """Forbids a tool call that waits for a person."""
        await self._send({"type": "deny", "id": tool_call_id})

    async def close(self) -> None:
        """Says good-bye. The turn that runs, if any, goes on without us."""
        await self._reconnecting.close()

    async def _send(self, frame: dict[str, Any]) -> None:
        if self._open is None:
            raise FairleadError("connection_lost", "The chat is not connected right now")
        await self._open.send(frame)

    async def _serve(self, link: Link) -> None:
        await link.send({"type": "connect"})
        pings = asyncio.create_task(ping(link, 30.0))
        try:
            while True:
                await self._heard(link, await link.receive_object())
        finally:
            pings.cancel()
            self._open = None

    async def _heard(self, link: Link, frame: dict[str, Any]) -> None:
        match frame.get("type"):
            case "session_start":
                self.session_id = frame["session_id"]
            case "connected":
                self._open = link
                await self._reconnecting.ready()
                await self._ask_again(link)
            case "error" if frame.get("code") == "AGENT_INIT_FAILED":
                raise LinkEndedError(LinkEnd(frame["message"], "AGENT_INIT_FAILED"))
            case "pong":
                pass
            case _ if self._open is not None and self._asked is not None:
                # What is told before the gateway heard us is told again after it.
                self._asked.hear(frame)

    async def _ask_again(self, link: Link) -> None:
        if self._asked is None:
            return
        if self._asked.told:
            self._asked.hear({"type": "chunk_reset"})
        again = self._asked.sent
        self._asked.sent = True
        await link.send(self._asked.message)
        if again:
            self._looking = asyncio.create_task(self._look_for_end(self._asked))

    async def _look_for_end(self, asked: _Asked) -> None:
        """A turn that ended while nobody was connected is told by REST alone."""
        while not asked.over and self._asked is asked:
            try:
                messages = await asyncio.to_thread(self._messages)
            except (OSError, ValueError) as failure:
                logger.debug("Cannot look for the turn's end: %s", failure)
                await asyncio.sleep(_LOOK_AGAIN)
                continue
            key = asked.message["idempotency_key"]
            question = next((each for each in messages if each.get("idempotency_key") == key), None)
            if question is None:
                await asyncio.sleep(_LOOK_AGAIN)  # it is being stored
                continue
            if question["status"] in ("queued", "running"):
                return  # the rest comes over the socket
            said = [each for each in messages if each["turn_id"] == question["turn_id"]]
            asked.hear(_end(question["status"], said))

    def _messages(self) -> list[dict[str, Any]]:
        parts = urlsplit(self._url)
        path = f"{parts.path.removesuffix(_SOCKET)}/api/sessions/{quote(self.session_id or '')}/messages"
        scheme = {"ws": "http", "wss": "https"}[parts.scheme]
        request = urllib.request.Request(urlunsplit((scheme, parts.netloc, path, "limit=500", "")))
        if self._token is not None:
            request.add_header("Authorization", f"Bearer {self._token}")
        with urllib.request.urlopen(request, timeout=_LOOK_TIMEOUT) as answer:
            messages: list[dict[str, Any]] = json.load(answer)["messages"]
            return messages


def _end(status: str, said: list[dict[str, Any]]) -> dict[str, Any]:
    text = "".join(each["content"] for each in said if each["role"] == "assistant")
    if status == "done":
        return {"type": "done", "full_response": text}
    if status == "aborted":
        return {"type": "aborted", "partial_response": text}
    error = next((each for each in said if each["role"] == "error"), None)
    if error is None:
        return {"type": "error", "code": "AGENT_ERROR", "message": "The turn was interrupted"}
    return {"type": "error", "code": error.get("status", "AGENT_ERROR"), "message": error["content"]}


class _ChatSession:
    """The chat as its link sees it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def prepare(self) -> Address:
        session = self._chat.session_id
        url = self._chat._url
        return Address(url if session is None else endpoint(url, session_id=session), self._chat._token)

    async def serve(self, link: Link) -> None:
        await self._chat._serve(link)

    def ended(self, end: LinkEnd) -> bool:
        return False

    def advice(self, code: str) -> str:
        return ""

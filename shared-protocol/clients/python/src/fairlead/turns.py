"""The chat turns an agent has in hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol

from .errors import FairleadError
from .frames import ChatDecisionData, ChatTurnData, ChatTurnDataHistoryItem
from .link import logger

Decision = Literal["approved", "denied", "expired"]
"""What a person said to a call that waited for them."""


class Teller(Protocol):
    async def tell(self, subject: str, data: Any = None) -> None: ...


class Turn:
    """A turn of a chat that is this agent's to answer. What it says on the way is told to everybody who watches the
    session, in order; when the turn is aborted, its handler is cancelled."""

    def __init__(self, data: ChatTurnData, teller: Teller) -> None:
        self.turn_id = data["turn_id"]
        self.session_id = data["session_id"]
        self.content = data["content"]
        """What the user says."""
        self.history: list[ChatTurnDataHistoryItem] = data["history"]
        """What was said before, oldest first."""
        self.page_context = data.get("page_context")
        """The page of the dashboard the user looks at."""
        self._teller = teller
        self._asked: dict[str, asyncio.Future[Decision]] = {}

    async def thinking(self, content: str) -> None:
        await self._event("thinking", content=content)

    async def chunk(self, content: str) -> None:
        """A piece of the answer, to be appended to those before."""
        await self._event("chunk", content=content)

    async def tool_call(self, id: str, name: str, args: dict[str, Any]) -> None:
        await self._event("tool_call", id=id, name=name, args=args)

    async def ask(self, id: str, name: str, args: dict[str, Any]) -> Decision:
        """Tells of a call that a person must allow first, and returns what they say; nobody in time: `expired`. One
        that is made is then told the end of with `tool_result`."""
        answer: asyncio.Future[Decision] = asyncio.get_running_loop().create_future()
        self._asked[id] = answer
        try:
            await self._event("tool_call", id=id, name=name, args=args, approval="required")
            return await answer
        finally:
            self._asked.pop(id, None)

    def decided(self, id: str, decision: Decision) -> None:
        answer = self._asked.get(id)
        if answer is not None and not answer.done():
            answer.set_result(decision)

    async def tool_result(self, id: str, name: str, output: str) -> None:
        await self._event("tool_result", id=id, name=name, output=output)

    async def status(self, phase: str, detail: str) -> None:
        await self._event("operator_status", phase=phase, detail=detail)

    async def _event(self, type: str, **fields: Any) -> None:
        await self._teller.tell("chat.event", {"turn_id": self.turn_id, "type": type, **fields})


class Turns:
    def __init__(self, teller: Teller) -> None:
        self.handler: Callable[[Turn], Awaitable[str]] | None = None
        self._teller = teller
        self._underway: dict[str, asyncio.Task[Any]] = {}
        self._turns: dict[str, Turn] = {}

    async def take(self, data: ChatTurnData) -> None:
        """Answers; until then the task this runs in is the turn's."""
        assert self.handler is not None
        task = asyncio.current_task()
        assert task is not None
        turn = Turn(data, self._teller)
        self._underway[turn.turn_id] = task
        self._turns[turn.turn_id] = turn
        try:
            answer = await self.handler(turn)
            await self._teller.tell("chat.done", {"turn_id": turn.turn_id, "full_response": answer})
        except FairleadError as told:
            await self._failed(turn, told.code, str(told))
        except Exception:
            logger.exception("The chat handler failed")
            await self._failed(turn, "AGENT_ERROR", "The agent failed; its own log has the details")
        finally:
            self._underway.pop(turn.turn_id, None)
            self._turns.pop(turn.turn_id, None)

    def decided(self, data: ChatDecisionData) -> None:
        turn = self._turns.get(data["turn_id"])
        if turn is not None:
            turn.decided(data["id"], data["decision"])

    async def _failed(self, turn: Turn, code: str, message: str) -> None:
        try:
            await self._teller.tell("chat.error", {"turn_id": turn.turn_id, "code": code, "message": message})
        except FairleadError as lost:
            logger.warning("A chat does not hear it: %s", lost)

    def abort(self, turn_id: str) -> None:
        task = self._underway.pop(turn_id, None)
        if task is not None:
            task.cancel()

    def lost(self) -> None:
        """The connection the turns came on is gone, and with it they are over for the gateway."""
        for turn_id in list(self._underway):
            self.abort(turn_id)

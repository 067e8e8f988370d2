"""The rules every client keeps, against a gateway that says what it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import http
import json
import os
import tempfile
import unittest
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from fairlead import Agent, Backoff, Disconnected, FairleadError, Message, State, Stopped, Stream, Turn

Script = Callable[["Peer"], Awaitable[None]]


class Peer:
    """The gateway's end of one connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        assert socket.request is not None
        self.path = urlsplit(socket.request.path).path
        self.query = parse_qs(urlsplit(socket.request.path).query)
        self.token = socket.request.headers.get("Authorization", "").removeprefix("Bearer ")

    async def say(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def hear(self) -> Any:
        return json.loads(await self.socket.recv())

    async def register(self, **more: Any) -> None:
        data = {"agent_id": "1", "name": "a", "heartbeat_interval_ms": 60_000, "token_state": "valid", "protocol": 1}
        await self.say(subject="agent.register.ack", data={**data, "epoch": 1, **more}, timestamp=1)


class RulesTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.states: list[State] = []
        self.refusals: list[tuple[int, dict[str, str], dict[str, Any]]] = []
        self.peers: list[Peer] = []

    async def gateway(self, *scripts: Script) -> str:
        """One script a connection, in their order; the last for all that come after."""

        async def handle(socket: ServerConnection) -> None:
            self.peers.append(Peer(socket))
            with contextlib.suppress(ConnectionClosed):
                await scripts[min(len(self.peers), len(scripts)) - 1](self.peers[-1])

        def refuse(socket: ServerConnection, request: Request) -> Response | None:
            if not self.refusals:
                return None
            status, headers, body = self.refusals.pop(0)
            response = socket.respond(http.HTTPStatus(status), json.dumps(body))
            for name, value in headers.items():
                response.headers[name] = value
            return response

        server: Server = await serve(handle, "127.0.0.1", 0, process_request=refuse)
        self.addAsyncCleanup(server.wait_closed)
        self.addCleanup(server.close)
        port = next(iter(server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}"

    def agent(self, url: str, token: str | None = "ephemeral") -> Agent:
        return Agent(
            url,
            "a",
            token=token,
            token_root=self.folder,
            backoff=Backoff(0.01, 0.02),
            on_state=self.states.append,
        )

    async def test_the_permanent_token_is_kept_for_its_owner_alone_and_shown_from_then_on(self) -> None:
        async def given(peer: Peer) -> None:
            await peer.register(token="permanent")
            await peer.socket.close(1001)

        async def known(peer: Peer) -> None:
            await peer.register()
            await peer.socket.wait_closed()

        url = await self.gateway(given, known)
        old = os.umask(0)
        self.addCleanup(os.umask, old)
        async with self.agent(url):
            await eventually(lambda: len(self.peers) > 1)
        kept = self.folder / "a" / "token"
        self.assertEqual("permanent\n", kept.read_text())
        self.assertEqual(0o600, kept.stat().st_mode & 0o777)
        self.assertEqual(0o700, kept.parent.stat().st_mode & 0o777)
        self.assertEqual(["ephemeral", "permanent"], [peer.token for peer in self.peers])
        self.assertEqual(self.peers[0].query["nonce"], self.peers[1].query["nonce"])

    async def test_the_gateway_may_lie_below_a_path(self) -> None:
        url = await self.gateway(self.stay)
        for path in ("", "/", "/fleet", "/fleet/", "/fleet/ws/agent", "/ws"):
            async with self.agent(url + path):
                pass
        seen = [peer.path for peer in self.peers]
        self.assertEqual(["/ws/agent"] * 2 + ["/fleet/ws/agent"] * 3 + ["/ws"], seen)

    async def test_a_refused_token_that_was_kept_gives_way_to_the_one_given(self) -> None:
        (self.folder / "a").mkdir()
        (self.folder / "a" / "token").write_text("stale")
        self.refusals.append((401, {}, {"error": {"code": "unauthorized", "message": "No"}}))
        url = await self.gateway(self.stay)
        async with self.agent(url):
            self.assertEqual("ephemeral", self.peers[0].token)

    async def test_without_any_token_it_says_how_to_get_one(self) -> None:
        with self.assertRaisesRegex(FairleadError, "fairlead token create a"):
            await self.agent("ws://127.0.0.1:1", token=None).start()

    async def test_what_is_refused_for_good_ends_it(self) -> None:
        for status, code in ((401, "unauthorized"), (403, "forbidden")):
            self.refusals.append((status, {}, {"error": {"code": code, "message": "Not you"}}))
            with self.assertRaisesRegex(FairleadError, "Not you") as refused:
                await self.agent(await self.gateway(self.stay)).start()
            self.assertEqual(code, refused.exception.code)

    async def test_an_agent_that_was_replaced_does_not_come_back(self) -> None:
        async def replaced(peer: Peer) -> None:
            await peer.register()
            await peer.socket.close(4409)

        agent = self.agent(await self.gateway(replaced))
        with self.assertRaisesRegex(FairleadError, "took over"):
            await agent.run()
        self.assertEqual(1, len(self.peers))
        self.assertIsInstance(agent.state, Stopped)

    async def test_a_busy_gateway_is_left_alone_for_as_long_as_it_asks(self) -> None:
        self.refusals.append((429, {"Retry-After": "1"}, {"error": {"code": "too_many_requests", "message": "Later"}}))
        async with self.agent(await self.gateway(self.stay)):
            pass
        waits = [state.retry_in for state in self.states if isinstance(state, Disconnected)]
        self.assertEqual([1.0], waits)

    async def test_a_message_whose_outcome_is_unknown_is_sent_again_with_the_same_key(self) -> None:
        sent: list[dict[str, Any]] = []
        text = "may have been stored; repeat with the same idempotency_key"

        async def takes_at_the_third_try(peer: Peer) -> None:
            await peer.register()
            while True:
                envelope = await peer.hear()
                sent.append(envelope["data"])
                if len(sent) == 1:
                    await peer.socket.close(1001)  # it may have been stored
                    return
                if len(sent) == 2:
                    answer: Any = {"error": {"code": "outcome_unknown", "message": text}}
                else:
                    answer = {"message_id": "m", "status": "accepted"}
                await peer.say(subject=envelope["reply"], data=answer)

        async with self.agent(await self.gateway(takes_at_the_third_try)) as agent:
            accepted = await agent.send("b", "note", {"n": 1})
        self.assertEqual("m", accepted["message_id"])
        self.assertEqual(3, len(sent))
        self.assertEqual(1, len({data["idempotency_key"] for data in sent}))

    async def test_a_message_that_is_refused_is_not_sent_again(self) -> None:
        async def refuses(peer: Peer) -> None:
            await peer.register()
            envelope = await peer.hear()
            error = {"code": "unknown_recipient", "message": "No agent named 'b'"}
            await peer.say(subject=envelope["reply"], data={"error": error})
            await peer.socket.wait_closed()

        async with self.agent(await self.gateway(refuses)) as agent:
            with self.assertRaisesRegex(FairleadError, "No agent named 'b'"):
                await agent.send("b", "note", {})

    async def test_a_handler_that_raises_has_its_message_tried_again(self) -> None:
        settled: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def delivers(peer: Peer) -> None:
            await peer.register()
            data = {"message_id": "m", "attempt": 2, "from": "b", "type": "t", "payload": [1], "correlation_id": None}
            await peer.say(subject="message.deliver", data={**data, "sent_at": 0, "redelivered": True})
            settled.set_result(await peer.hear())
            await peer.socket.wait_closed()

        agent = self.agent(await self.gateway(delivers))

        @agent.on_message
        async def fail(message: Message) -> None:
            raise ValueError(f"cannot do {message.payload}")

        async with agent:
            told = await settled
        self.assertEqual("message.fail", told["subject"])
        self.assertEqual({"message_id": "m", "attempt": 2, "reason": "cannot do [1]"}, told["data"])

    async def test_an_agent_asks_a_person_and_hears_what_they_say(self) -> None:
        heard: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def decides(peer: Peer) -> None:
            await peer.register()
            turn = {"turn_id": "t", "session_id": "s", "content": "Do it", "history": []}
            await peer.say(subject="chat.turn", data=turn)
            while (call := await peer.hear())["subject"] != "chat.event":
                pass
            for other in ("x", "c"):  # of a call that nobody made, nothing comes
                await peer.say(subject="chat.decision", data={"turn_id": "t", "id": other, "decision": "denied"})
            while (done := await peer.hear())["subject"] != "chat.done":
                pass
            heard.set_result((call["data"], done["data"]))
            await peer.socket.wait_closed()

        agent = self.agent(await self.gateway(decides))

        @agent.on_chat
        async def answer(turn: Turn) -> str:
            return await turn.ask("c", "write", {"to": "disk"})

        async with agent:
            call, done = await heard
        self.assertEqual(
            {
                "turn_id": "t",
                "type": "tool_call",
                "id": "c",
                "name": "write",
                "args": {"to": "disk"},
                "approval": "required",
            },
            call,
        )
        self.assertEqual("denied", done["full_response"])

    async def test_an_agent_may_not_speak_as_the_gateway(self) -> None:
        heard: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

        async def passes_on(peer: Peer) -> None:
            await peer.register()
            await peer.say(subject="token.state", reply="inbox.1", data={"state": "refreshing"}, **{"from": "mallory"})
            heard.set_result(await peer.hear())
            await peer.socket.wait_closed()

        async with self.agent(await self.gateway(passes_on)) as agent:
            refusal = await heard
            self.assertEqual("reserved_subject", refusal["data"]["error"]["code"])
            self.assertEqual("valid", agent.token_state)

    async def test_a_stream_goes_on_where_it_was(self) -> None:
        async def breaks(peer: Peer) -> None:
            await peer.say(type="snapshot", agents=[], epoch="e", seq=7)
            await peer.say(type="agent_removed", name="x", epoch="e", seq=8)
            peer.socket.transport.abort()

        async def resumes(peer: Peer) -> None:
            await peer.say(type="resumed", epoch="e", seq=8)
            await peer.socket.wait_closed()

        url = f"{await self.gateway(breaks, resumes)}/ws/agents"
        frames: list[Any] = []
        async with Stream[Any](url, token="t", backoff=Backoff(0.01, 0.02)) as stream:
            async for frame in stream:
                frames.append(frame)
                if frame["type"] == "resumed":
                    break
        self.assertEqual(["snapshot", "agent_removed", "resumed"], [frame["type"] for frame in frames])
        self.assertEqual(["e:8"], self.peers[1].query["since"])
        self.assertEqual("t", self.peers[1].token)

    async def test_a_stream_of_what_is_not_there_ends_and_says_so(self) -> None:
        async def gone(peer: Peer) -> None:
            await peer.say(type="error", code="instance_not_found", message="No instance named 'x'", retryable=False)
            await peer.socket.close(4404, "No instance named 'x'")

        with self.assertRaisesRegex(FairleadError, "No instance named 'x'"):
            async with Stream[Any](await self.gateway(gone)):
                pass

    async def stay(self, peer: Peer) -> None:
        await peer.register()
        await peer.socket.wait_closed()


async def eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - what holds comes from many places
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    unittest.main()

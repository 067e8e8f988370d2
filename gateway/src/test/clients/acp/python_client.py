"""A client written with the protocol's Python SDK talks to the demo's agent; its arguments start that."""

import asyncio
import os
import sys

from acp import PROTOCOL_VERSION, Client, spawn_agent_process, text_block
from acp.schema import AllowedOutcome, RequestPermissionResponse


class Editor(Client):
    def __init__(self):
        self.updates = []
        self.asked = []

    async def request_permission(self, session_id, tool_call, options, **kwargs):
        self.asked.append(tool_call)
        kind = "allow_once" if len(self.asked) == 1 else "reject_once"
        chosen = next(option for option in options if option.kind == kind)
        return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=chosen.option_id))

    async def session_update(self, session_id, update, **kwargs):
        self.updates.append(update)


async def main():
    editor = Editor()
    async with spawn_agent_process(editor, *sys.argv[1:], cwd=os.getcwd(), env=dict(os.environ)) as (agent, process):
        hello = await agent.initialize(protocol_version=PROTOCOL_VERSION)
        assert hello.protocol_version == PROTOCOL_VERSION, hello
        session = await agent.new_session(cwd=os.getcwd(), mcp_servers=[])
        for text in ("buy milk", "sell the cat"):
            answer = await agent.prompt(session_id=session.session_id, prompt=[text_block(text)])
            assert answer.stop_reason == "end_turn", answer
        await asyncio.sleep(0)
    kinds = [update.session_update for update in editor.updates]
    assert {"plan", "tool_call", "tool_call_update", "agent_message_chunk", "agent_thought_chunk"} <= set(kinds), kinds
    assert editor.asked[0].content[0].new_text.endswith("- buy milk\n"), editor.asked
    with open("notes.md") as notes:
        assert notes.read() == "- buy milk\n"
    print("a client in Python is told plan, calls and answer, and decides")


asyncio.run(main())

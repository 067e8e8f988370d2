"""An editor written with the protocol's Python SDK talks with an agent of the fleet; its arguments start 'fairlead acp'."""

import asyncio
import os
import sys

from acp import PROTOCOL_VERSION, Client, RequestError, spawn_agent_process, text_block
from acp.schema import AllowedOutcome, RequestPermissionResponse


class Editor(Client):
    def __init__(self):
        self.updates = []
        self.asked = []

    async def request_permission(self, session_id, tool_call, options, **kwargs):
        self.asked.append(tool_call)
        chosen = next(option for option in options if option.kind == "allow_once")
        return RequestPermissionResponse(outcome=AllowedOutcome(outcome="selected", option_id=chosen.option_id))

    async def session_update(self, session_id, update, **kwargs):
        self.updates.append(update)

    def said(self, kind):
        return "".join(update.content.text for update in self.updates if update.session_update == kind)


def agent(editor):
    return spawn_agent_process(editor, *sys.argv[1:], cwd=os.getcwd(), env=dict(os.environ))


async def main():
    editor = Editor()
    async with agent(editor) as (fleet, process):
        hello = await fleet.initialize(protocol_version=PROTOCOL_VERSION)
        assert hello.protocol_version == PROTOCOL_VERSION, hello
        session = await fleet.new_session(cwd=os.getcwd(), mcp_servers=[])
        for text in ("hello", "edit"):
            answer = await fleet.prompt(session_id=session.session_id, prompt=[text_block(text)])
            assert answer.stop_reason == "end_turn", answer
        await asyncio.sleep(0)
    said = editor.said("agent_message_chunk")
    assert "heard hello" in said and "heard chosen yes" in said, said
    assert len(editor.asked) == 1, editor.asked
    assert any(update.session_update == "tool_call_update" for update in editor.updates), editor.updates

    again = Editor()
    async with agent(again) as (fleet, process):
        await fleet.initialize(protocol_version=PROTOCOL_VERSION)
        await fleet.load_session(cwd=os.getcwd(), mcp_servers=[], session_id=session.session_id)
        await asyncio.sleep(0)
        assert "hello" in again.said("user_message_chunk"), again.updates
        assert "heard chosen yes" in again.said("agent_message_chunk"), again.updates
        again.updates.clear()
        answer = await fleet.prompt(session_id=session.session_id, prompt=[text_block("once more")])
        assert answer.stop_reason == "end_turn", answer
        assert "heard once more" in again.said("agent_message_chunk"), again.updates
        try:
            await fleet.load_session(cwd=os.getcwd(), mcp_servers=[], session_id="nobody-knows-this")
            raise AssertionError("a session that never was is loaded")
        except RequestError:
            pass
    print("an editor in Python talks with an agent of the fleet, decides for it and finds its session again")


asyncio.run(main())

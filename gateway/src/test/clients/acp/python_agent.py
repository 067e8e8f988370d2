"""An agent written with the protocol's Python SDK: it repeats what it hears, and asks before it edits."""

import asyncio

from acp import PROTOCOL_VERSION, Agent, run_agent
from acp.helpers import start_tool_call, tool_diff_content, update_agent_message_text, update_agent_thought_text, update_tool_call
from acp.schema import Implementation, InitializeResponse, NewSessionResponse, PermissionOption, PromptResponse, ToolCallUpdate

OPTIONS = [
    PermissionOption(option_id="always", name="Always", kind="allow_always"),
    PermissionOption(option_id="yes", name="Yes", kind="allow_once"),
    PermissionOption(option_id="no", name="No", kind="reject_once"),
]


class Repeater(Agent):
    def on_connect(self, conn):
        self.client = conn
        self.cancelled = asyncio.Event()

    async def initialize(self, protocol_version, client_capabilities=None, client_info=None, **kwargs):
        return InitializeResponse(protocol_version=PROTOCOL_VERSION, agent_info=Implementation(name="repeater", version="1"))

    async def new_session(self, cwd, mcp_servers=None, **kwargs):
        return NewSessionResponse(session_id="only")

    async def cancel(self, session_id, **kwargs):
        self.cancelled.set()

    async def prompt(self, session_id, prompt, **kwargs):
        text = prompt[-1].text
        await self.client.session_update(session_id, update_agent_thought_text("hm"))
        if text == "edit":
            diff = tool_diff_content("/w/a.txt", "2\n", "1\n")
            await self.client.session_update(
                session_id, start_tool_call("t1", "Edit a.txt", kind="edit", status="pending", content=[diff])
            )
            answer = await self.client.request_permission(session_id, ToolCallUpdate(tool_call_id="t1"), OPTIONS)
            chosen = getattr(answer.outcome, "option_id", answer.outcome.outcome)
            status = "completed" if chosen == "yes" else "failed"
            await self.client.session_update(session_id, update_tool_call("t1", status=status))
            text = f"chosen {chosen}"
        await self.client.session_update(session_id, update_agent_message_text(f"python heard {text}"))
        return PromptResponse(stop_reason="end_turn")


asyncio.run(run_agent(Repeater()))

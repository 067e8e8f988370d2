"""PyPI's mcp against /mcp, in each of its modes: over HTTP, over a link that breaks, and over stdio by a command that bridges.

python_client.py URL LINK COMMAND...     with a key that may look in KEY, one that may change things in OPERATE, and one that is the operator's in PASSWORD
"""

import asyncio
import os
import sys

import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.client.subscriptions import ResourceUpdated
from mcp_types import ElicitResult

URL, LINK, COMMAND = sys.argv[1], sys.argv[2], sys.argv[3:]
KEY, OPERATE, PASSWORD = os.environ["KEY"], os.environ["OPERATE"], os.environ["PASSWORD"]


async def goes_round(name, client, version):
    assert client.protocol_version == version, client.protocol_version
    tools = (await client.list_tools()).tools
    assert {"list_instances", "read_log", "start_instance"} <= {tool.name for tool in tools}
    assert all(tool.annotations is not None for tool in tools)
    instance = await client.call_tool("get_instance", {"name": "counter"})
    assert not instance.is_error and instance.structured_content["status"] == "running", instance
    wrong = await client.call_tool("get_instance", {"name": "nobody"})
    assert wrong.is_error and "nobody" in wrong.content[0].text, wrong
    unknown = await client.call_tool("fly", {})
    assert unknown.is_error and "fly" in unknown.content[0].text, unknown
    resources = (await client.list_resources()).resources
    log = next(one for one in resources if str(one.uri) == "fairlead://instances/counter/log")
    assert "counting" in (await client.read_resource(log.uri)).contents[0].text
    assert len((await client.list_resource_templates()).resource_templates) == 3
    prompts = (await client.list_prompts()).prompts
    prompt = await client.get_prompt(prompts[0].name, {"name": "counter"})
    assert "counting" in prompt.messages[1].content.resource.text
    try:
        await client.read_resource("fairlead://instances/nobody/log")
        raise AssertionError("a log of nobody was read")
    except MCPError as refused:
        assert "nobody" in str(refused), refused
    print(name, version, len(tools), "tools")


async def waits(name, client):
    """What changes something waits; the answer about it comes whole, though the link breaks while it is waited for."""
    call = await client.call_tool("restart_instance", {"name": "counter"})
    assert call.structured_content["status"] == "waiting", call
    heard = []

    async def progress(done, total, message):
        heard.append(done)

    told = await client.call_tool(
        "get_approval",
        {"approval_id": call.structured_content["approval_id"], "wait_seconds": 2},
        progress_callback=progress,
    )
    assert told.structured_content["status"] == "waiting" and heard, (told, heard)
    print(name, "heard the rest after a cut")


async def asks(name, client, asked):
    """A client that asks its person: what that one says is what is done."""
    while (await client.call_tool("get_instance", {"name": "other"})).structured_content["status"] != "running":
        await asyncio.sleep(0.1)
    done = await client.call_tool("restart_instance", {"name": "other"})
    assert not done.is_error and done.structured_content["name"] == "other", done
    assert len(asked) == 1 and "restart_instance" in asked[0], asked
    print(name, "asked its person")


async def listens(name, client):
    """Who listens is told that a log grew, and reads it anew."""
    log = "fairlead://instances/counter/log"
    async with client.listen(resources_list_changed=True, resource_subscriptions=[log]) as changes:
        assert changes.honored.resource_subscriptions == [log] and changes.honored.resources_list_changed
        restarted = await client.call_tool("restart_instance", {"name": "counter"})
        assert not restarted.is_error, restarted
        async for change in changes:
            if isinstance(change, ResourceUpdated) and str(change.uri) == log:
                break
    assert "counting" in (await client.read_resource(log)).contents[0].text
    print(name, "was told what changed")


def http(credential):
    return httpx2.AsyncClient(headers={"Authorization": f"Bearer {credential}"}, timeout=30)


def person(asked):
    async def approves(context, params):
        asked.append(params.message)
        return ElicitResult(action="accept", content={"approve": True})

    return approves


async def over_http(mode, version):
    async with http(KEY) as calls, Client(streamable_http_client(URL, http_client=calls), mode=mode) as client:
        await goes_round(f"http {mode}", client, version)
    async with http(KEY) as calls, Client(streamable_http_client(LINK, http_client=calls), mode=mode) as client:
        await waits(f"http {mode}", client)
    asked = []
    async with http(PASSWORD) as calls:
        server = streamable_http_client(URL, http_client=calls)
        async with Client(server, mode=mode, elicitation_callback=person(asked)) as client:
            await asks(f"http {mode}", client, asked)
    if version == "2026-07-28":
        async with http(OPERATE) as calls, Client(streamable_http_client(URL, http_client=calls), mode=mode) as client:
            await listens(f"http {mode}", client)


async def over_stdio(mode, version):
    def command(credential):
        return StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env={"FAIRLEAD_TOKEN": credential})

    async with Client(command(KEY), mode=mode) as client:
        await goes_round(f"stdio {mode}", client, version)
    asked = []
    async with Client(command(PASSWORD), mode=mode, elicitation_callback=person(asked)) as client:
        await asks(f"stdio {mode}", client, asked)
    if version == "2026-07-28":
        async with Client(command(OPERATE), mode=mode) as client:
            await listens(f"stdio {mode}", client)


async def main():
    await over_http("legacy", "2025-11-25")
    await over_http("auto", "2026-07-28")
    await over_http("2026-07-28", "2026-07-28")
    await over_stdio("legacy", "2025-11-25")
    await over_stdio("auto", "2026-07-28")


asyncio.run(main())
print("all well")

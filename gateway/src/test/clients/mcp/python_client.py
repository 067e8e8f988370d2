"""PyPI's mcp against /mcp, in each of its modes: over HTTP, and over stdio by a command that bridges.

python_client.py URL KEY COMMAND...
"""

import asyncio
import sys

import httpx2
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

URL, KEY, COMMAND = sys.argv[1], sys.argv[2], sys.argv[3:]


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


async def over_http(mode, version):
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {KEY}"}, timeout=30) as http:
        async with Client(streamable_http_client(URL, http_client=http), mode=mode) as client:
            await goes_round(f"http {mode}", client, version)


async def over_stdio(mode, version):
    command = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env={"FAIRLEAD_TOKEN": KEY})
    async with Client(command, mode=mode) as client:
        await goes_round(f"stdio {mode}", client, version)


async def main():
    await over_http("legacy", "2025-11-25")
    await over_http("auto", "2026-07-28")
    await over_http("2026-07-28", "2026-07-28")
    if COMMAND:
        await over_stdio("legacy", "2025-11-25")
        await over_stdio("auto", "2026-07-28")


asyncio.run(main())
print("all well")

"""OpenAI's agents framework asks the fleet, over both APIs: agents_client.py BASE_URL KEY. Says itself whether all is well."""

import asyncio
import sys

from agents import Agent, OpenAIChatCompletionsModel, OpenAIResponsesModel, Runner, SQLiteSession, set_tracing_disabled
from openai import AsyncOpenAI

base_url, key = sys.argv[1:]
client = AsyncOpenAI(base_url=base_url, api_key=key)
set_tracing_disabled(True)  # it tells api.openai.com otherwise


async def main():
    for kind in (OpenAIChatCompletionsModel, OpenAIResponsesModel):
        agent = Agent(name="trial", instructions="Be brief.", model=kind(model="fairlead/operator", openai_client=client))
        answer = await Runner.run(agent, "/help")
        assert "/instances" in answer.final_output, answer
        assert answer.raw_responses[0].usage.requests == 1, answer
        streamed = Runner.run_streamed(agent, "/help")
        pieces = ""
        async for event in streamed.stream_events():
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
                pieces += event.data.delta
        assert pieces == streamed.final_output == answer.final_output, pieces
        session = SQLiteSession("trial")  # the conversation is the client's, and sent along
        await Runner.run(agent, "/help", session=session)
        again = await Runner.run(agent, "/agents", session=session)
        assert again.final_output and len(await session.get_items()) == 4, again
        print(kind.__name__)


asyncio.run(main())
print("all well")

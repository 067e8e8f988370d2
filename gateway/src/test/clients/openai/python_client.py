"""PyPI's openai and an agent framework ask the fleet: python_client.py BASE_URL KEY. Says itself whether all is well."""

import asyncio
import sys
import time

from openai import APIStatusError, OpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

base_url, key = sys.argv[1:]
client = OpenAI(base_url=base_url, api_key=key)
OPERATOR = "fairlead/operator"


def refused(status, ask):
    try:
        ask()
    except APIStatusError as refusal:
        assert refusal.status_code == status, refusal
        return refusal
    raise AssertionError(f"not refused with {status}")


models = [model.id for model in client.models.list()]
assert OPERATOR in models, models
assert client.models.retrieve(OPERATOR).owned_by == "fairlead"
refusal = refused(404, lambda: client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "x"}]))
assert (refusal.code, refusal.param) == ("model_not_found", "model"), refusal.body
assert refused(401, lambda: OpenAI(base_url=base_url, api_key="eyJhbGciOiJIUzI1NiJ9.e30.x").models.list()).code == "invalid_api_key"

ask = [{"role": "developer", "content": "Be brief."}, {"role": "user", "content": "/help"}]
whole = client.chat.completions.create(model=OPERATOR, messages=ask)
said = whole.choices[0].message.content
assert "/instances" in said and whole.choices[0].finish_reason == "stop", whole
text, usage = "", None
for chunk in client.chat.completions.create(model=OPERATOR, messages=ask, stream=True, stream_options={"include_usage": True}):
    text += "".join(choice.delta.content or "" for choice in chunk.choices)
    usage = chunk.usage or usage
assert text == said and usage is not None, text
print("chat completions")

response = client.responses.create(model=OPERATOR, input="/help")
assert response.status == "completed" and response.output_text == said, response
with client.responses.stream(model=OPERATOR, input="/agents", previous_response_id=response.id) as stream:
    events = [event.type for event in stream]
    final = stream.get_final_response()
assert events[0] == "response.created" and events[-1] == "response.completed", events
assert final.previous_response_id == response.id and final.output_text, final
numbers = [event.sequence_number for event in client.responses.retrieve(final.id, stream=True, starting_after=3)]
assert numbers[0] == 4 and numbers == sorted(numbers), numbers
with client.responses.stream(response_id=final.id, starting_after=2) as again:
    assert again.get_final_response().output_text == final.output_text
assert client.responses.input_items.list(final.id).data[0].content[0].text == "/agents"
waiting = client.responses.create(model=OPERATOR, input="/send nobody note {}", background=True)
for _ in range(100):
    if waiting.status not in ("queued", "in_progress"):
        break
    waiting = client.responses.cancel(waiting.id)
    time.sleep(0.1)
assert waiting.status in ("cancelled", "completed"), waiting
conversation = client.conversations.create(metadata={"of": "trial"})
client.responses.create(model=OPERATOR, input="/help", conversation=conversation.id)
assert len(list(client.conversations.items.list(conversation.id))) == 2
client.conversations.delete(conversation.id)
client.responses.delete(response.id)
refused(404, lambda: client.responses.retrieve(response.id))
print("responses")


async def framework():
    provider = OpenAIProvider(base_url=base_url, api_key=key)
    for model in (OpenAIChatModel(OPERATOR, provider=provider), OpenAIResponsesModel(OPERATOR, provider=provider)):
        answer = await Agent(model).run("/help")
        assert "/instances" in answer.output, answer


asyncio.run(framework())
print("pydantic-ai")
print("all well")

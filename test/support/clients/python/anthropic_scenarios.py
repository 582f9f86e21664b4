"""What applications do with the Python package `anthropic`."""

import json

import anthropic
from scenarios import (
    CITY_SCHEMA,
    PERSON_SCHEMA,
    PIXEL,
    UNUSUAL_TEXT,
    expect,
    expect_equal,
    expect_error,
    expect_in,
    main,
    scenario,
)

TOOLS = [{"name": "get_weather", "description": "Weather", "input_schema": CITY_SCHEMA}]
REFUSED = (anthropic.BadRequestError, anthropic.UnprocessableEntityError)
THINKING = {"max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}}


def make_client(target):
    return anthropic.Anthropic(
        base_url=target.base_url, api_key=target.api_key, max_retries=0, timeout=20
    )


def ask(content):
    return [{"role": "user", "content": content}]


def request(target, content, **fields):
    return {"model": target.model, "max_tokens": 1000, "messages": ask(content), **fields}


def text_of(message):
    return "".join(block.text for block in message.content if block.type == "text")


def tool_calls(message):
    return [block for block in message.content if block.type == "tool_use"]


def with_results(question, message):
    results = [
        {
            "type": "tool_result",
            "tool_use_id": call.id,
            "content": f"18 degrees in {call.input['city']}",
        }
        for call in tool_calls(message)
    ]
    return [
        *ask(question),
        {"role": "assistant", "content": message.content},
        {"role": "user", "content": results},
    ]


def streamed(client, **fields):
    with client.messages.stream(**fields) as events:
        return events.get_final_message()


@scenario("answers, with usage")
def plain(client, target):
    message = client.messages.create(**request(target, "Hello there"))
    expect_in("Hello there", text_of(message))
    expect_equal(message.stop_reason, "end_turn")
    expect(message.usage.input_tokens > 0 and message.usage.output_tokens > 0, "tokens")


@scenario("streams the same answer")
def stream(client, target):
    fields = request(target, "Stream this please")
    whole = client.messages.create(**fields)
    with client.messages.stream(**fields) as events:
        words = "".join(events.text_stream)
        message = events.get_final_message()
    expect_equal(words, text_of(whole))
    expect_equal(text_of(message), words)
    expect_equal(message.usage.output_tokens, whole.usage.output_tokens)
    types = [event.type for event in client.messages.create(**fields, stream=True)]
    expect_equal(types[0], "message_start")
    expect_equal(types[-2:], ["message_delta", "message_stop"])


@scenario("carries unusual characters unharmed, whole and streamed")
def unusual(client, target):
    fields = request(target, UNUSUAL_TEXT)
    expect_in(UNUSUAL_TEXT, text_of(client.messages.create(**fields)))
    expect_in(UNUSUAL_TEXT, text_of(streamed(client, **fields)))


@scenario("calls a tool and reads its result, whole and streamed", needs=["tools"])
def tool(client, target):
    question = "What is the weather in Paris?"
    fields = request(target, question, tools=TOOLS)
    for message in (client.messages.create(**fields), streamed(client, **fields)):
        expect_equal(message.stop_reason, "tool_use")
        [call] = tool_calls(message)
        expect_equal(call.input, {"city": "Paris"})
        answer = client.messages.create(**{**fields, "messages": with_results(question, message)})
        expect_in("18 degrees in Paris", text_of(answer))


@scenario("calls tools in parallel", needs=["parallel-tools"])
def parallel_tools(client, target):
    fields = request(target, "What is the weather in Paris and Rome?", tools=TOOLS)
    for message in (client.messages.create(**fields), streamed(client, **fields)):
        cities = [call.input["city"] for call in tool_calls(message)]
        expect_equal(cities, ["Paris", "Rome"])


@scenario("sees images", needs=["images"])
def images(client, target):
    source = {"type": "base64", "media_type": "image/png", "data": PIXEL}
    content = [{"type": "image", "source": source}, {"type": "text", "text": "What is this?"}]
    expect_in("1 image", text_of(client.messages.create(**request(target, content))))


@scenario("answers in the shape of a schema", needs=["structured-output"])
def structured(client, target):
    output = {"format": {"type": "json_schema", "schema": PERSON_SCHEMA}}
    message = client.messages.create(**request(target, "Ada", output_config=output))
    person = json.loads(text_of(message))
    expect_equal(sorted(person), ["age", "name", "tags"])
    expect_equal(person["name"], "Ada")


@scenario("takes signed thoughts back with the results of tools", needs=["reasoning-text", "tools"])
def thinking(client, target):
    question = "What is the weather in Lima?"
    fields = request(target, question, tools=TOOLS, **THINKING)
    fields["model"] = target.reasoning_model
    for message in (client.messages.create(**fields), streamed(client, **fields)):
        expect_equal(message.content[0].type, "thinking")
        expect_in("weather in Lima", message.content[0].thinking)
        answer = client.messages.create(**{**fields, "messages": with_results(question, message)})
        expect_in("18 degrees in Lima", text_of(answer))


@scenario("counts tokens as it does when it answers", needs=["count-tokens"])
def count(client, target):
    fields = request(target, "How long is this?")
    usage = client.messages.create(**fields).usage
    fields.pop("max_tokens")
    expect_equal(client.messages.count_tokens(**fields).input_tokens, usage.input_tokens)


@scenario("refuses what is no request, whole and streamed")
def refused(client, target):
    fields = {**request(target, ""), "messages": []}
    for extra in ({}, {"stream": True}):
        expect_error(REFUSED, lambda: client.messages.create(**fields, **extra))


@scenario("knows no such model")
def unknown_model(client, target):
    fields = {**request(target, "Hi"), "model": "no-such-model"}
    expect_error(anthropic.NotFoundError, lambda: client.messages.create(**fields))


@scenario("lets no wrong key in", needs=["client-keys"])
def wrong_key(client, target):
    stranger = client.with_options(api_key="sk-ant-wrong")
    fields = request(target, "Hi")
    expect_error(anthropic.AuthenticationError, lambda: stranger.messages.create(**fields))


@scenario("passes a rate limit on, with the time to wait", fails=True)
def rate_limit(client, target):
    target.fail({"kind": "status", "status": 429, "headers": {"retry-after": "7"}})
    fields = request(target, "Hi")
    error = expect_error(anthropic.RateLimitError, lambda: client.messages.create(**fields))
    expect_equal(error.response.headers["retry-after"], "7")


@scenario("lists its models", needs=["list-models"])
def models(client, target):
    expect_in(target.model, [model.id for model in client.models.list()])


if __name__ == "__main__":
    main(make_client)

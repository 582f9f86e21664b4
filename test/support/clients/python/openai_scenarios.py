"""What applications do with the Python package `openai`."""

import json

import openai
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

TOOLS = [
    {
        "type": "function",
        "function": {"name": "get_weather", "description": "Weather", "parameters": CITY_SCHEMA},
    }
]
REFUSED = (openai.BadRequestError, openai.UnprocessableEntityError)


def make_client(target):
    return openai.OpenAI(
        base_url=target.base_url, api_key=target.api_key, max_retries=0, timeout=20
    )


def ask(content):
    return [{"role": "user", "content": content}]


def text_of(chunks):
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)


def with_results(question, message):
    results = [
        {
            "role": "tool",
            "tool_call_id": call.id,
            "content": f"18 degrees in {json.loads(call.function.arguments)['city']}",
        }
        for call in message.tool_calls
    ]
    return [*ask(question), message, *results]


@scenario("answers, with usage")
def plain(client, target):
    completion = client.chat.completions.create(model=target.model, messages=ask("Hello there"))
    expect_in("Hello there", completion.choices[0].message.content)
    expect_equal(completion.choices[0].finish_reason, "stop")
    usage = completion.usage
    expect(usage.prompt_tokens > 0 and usage.completion_tokens > 0, "tokens")
    expect_equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens)


@scenario("streams the same answer, and usage where it is asked for")
def stream(client, target):
    request = {"model": target.model, "messages": ask("Stream this please")}
    whole = client.chat.completions.create(**request)
    chunks = list(client.chat.completions.create(**request, stream=True))
    expect_equal(text_of(chunks), whole.choices[0].message.content)
    expect(all(chunk.usage is None for chunk in chunks), "no usage that was not asked for")
    counted = list(
        client.chat.completions.create(
            **request, stream=True, stream_options={"include_usage": True}
        )
    )
    expect_equal(counted[-1].choices, [])
    expect_equal(counted[-1].usage.total_tokens, whole.usage.total_tokens)


@scenario("is put together by the client's own stream helper")
def stream_helper(client, target):
    with client.chat.completions.stream(
        model=target.model, messages=ask("Help me with this")
    ) as events:
        words = "".join(event.delta for event in events if event.type == "content.delta")
        completion = events.get_final_completion()
    expect_equal(completion.choices[0].message.content, words)
    expect_in("Help me", words)


@scenario("carries unusual characters unharmed, whole and streamed")
def unusual(client, target):
    request = {"model": target.model, "messages": ask(UNUSUAL_TEXT)}
    expect_in(UNUSUAL_TEXT, client.chat.completions.create(**request).choices[0].message.content)
    expect_in(UNUSUAL_TEXT, text_of(client.chat.completions.create(**request, stream=True)))


@scenario("calls a tool and reads its result", needs=["tools"])
def tool(client, target):
    question = "What is the weather in Paris?"
    request = {"model": target.model, "tools": TOOLS}
    choice = client.chat.completions.create(**request, messages=ask(question)).choices[0]
    expect_equal(choice.finish_reason, "tool_calls")
    [call] = choice.message.tool_calls
    expect_equal(call.function.name, "get_weather")
    expect_equal(json.loads(call.function.arguments), {"city": "Paris"})
    answer = client.chat.completions.create(
        **request, messages=with_results(question, choice.message)
    )
    expect_in("18 degrees in Paris", answer.choices[0].message.content)


@scenario("streams tool calls, in parallel", needs=["parallel-tools"])
def parallel_tools(client, target):
    question = "What is the weather in Paris and Rome?"
    chunks = client.chat.completions.create(
        model=target.model, tools=TOOLS, messages=ask(question), stream=True
    )
    arguments = {}
    for chunk in chunks:
        for call in chunk.choices[0].delta.tool_calls or [] if chunk.choices else []:
            text = call.function.arguments or ""
            arguments[call.index] = arguments.get(call.index, "") + text
    cities = [json.loads(arguments[index])["city"] for index in sorted(arguments)]
    expect_equal(cities, ["Paris", "Rome"])


@scenario("sees images", needs=["images"])
def images(client, target):
    content = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
    ]
    completion = client.chat.completions.create(model=target.model, messages=ask(content))
    expect_in("1 image", completion.choices[0].message.content)


@scenario("answers in the shape of a schema", needs=["structured-output"])
def structured(client, target):
    completion = client.chat.completions.create(
        model=target.model,
        messages=ask("Ada"),
        response_format={
            "type": "json_schema",
            "json_schema": {"name": "person", "strict": True, "schema": PERSON_SCHEMA},
        },
    )
    person = json.loads(completion.choices[0].message.content)
    expect_equal(sorted(person), ["age", "name", "tags"])
    expect_equal(person["name"], "Ada")


@scenario("reasons, and tells the tokens", needs=["reasoning"])
def reasoning(client, target):
    completion = client.chat.completions.create(
        model=target.reasoning_model, messages=ask("Think about this"), reasoning_effort="low"
    )
    expect(completion.usage.completion_tokens_details.reasoning_tokens > 0, "reasoning tokens")


@scenario("takes its reasoning back with the results of tools", needs=["reasoning-text", "tools"])
def reasoning_round_trip(client, target):
    question = "What is the weather in Lima?"
    request = {"model": target.reasoning_model, "tools": TOOLS, "reasoning_effort": "low"}
    message = client.chat.completions.create(**request, messages=ask(question)).choices[0].message
    answer = client.chat.completions.create(**request, messages=with_results(question, message))
    expect_in("18 degrees in Lima", answer.choices[0].message.content)


@scenario("refuses what is no request, whole and streamed")
def refused(client, target):
    for extra in ({}, {"stream": True}):
        expect_error(
            REFUSED,
            lambda: client.chat.completions.create(model=target.model, messages=[], **extra),
        )


@scenario("knows no such model")
def unknown_model(client, _):
    expect_error(
        openai.NotFoundError,
        lambda: client.chat.completions.create(model="no-such-model", messages=ask("Hi")),
    )


@scenario("lets no wrong key in", needs=["client-keys"])
def wrong_key(client, target):
    stranger = client.with_options(api_key="sk-wrong")
    expect_error(
        openai.AuthenticationError,
        lambda: stranger.chat.completions.create(model=target.model, messages=ask("Hi")),
    )


@scenario("passes a rate limit on, with the time to wait", fails=True)
def rate_limit(client, target):
    target.fail({"kind": "status", "status": 429, "headers": {"retry-after": "7"}})
    error = expect_error(
        openai.RateLimitError,
        lambda: client.chat.completions.create(model=target.model, messages=ask("Hi")),
    )
    expect_equal(error.response.headers["retry-after"], "7")


@scenario("lists its models", needs=["list-models"])
def models(client, target):
    expect_in(target.model, [model.id for model in client.models.list()])


if __name__ == "__main__":
    main(make_client)

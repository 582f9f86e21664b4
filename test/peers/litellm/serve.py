"""Sends requests by LiteLLM's library: a JSON object a line on standard input, its outcome a line on standard output.

In: `{"api": "chat" | "messages" | "responses", "body": {...}, "options": {...}}`, where the body is the client's and
the options say which provider is asked, and where. Out: `{"answer": {...}}`, `{"events": [...]}` or `{"error": {...}}`.
"""

import asyncio
import json
import os
import sys

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402
from litellm.llms.vertex_ai.vertex_llm_base import VertexBase  # noqa: E402

litellm.suppress_debug_info = True
litellm.telemetry = False
# What the proxy does where a client asks for what a provider does not have.
litellm.drop_params = True


def google_token(self, *_, **kwargs):
    return os.environ["GOOGLE_TOKEN"], kwargs.get("project_id") or os.environ["GOOGLE_PROJECT"]


async def google_token_async(self, *_, **kwargs):
    return google_token(self, **kwargs)


# Google's tokens are got from Google; here there is one already.
VertexBase._ensure_access_token = google_token
VertexBase._ensure_access_token_async = google_token_async


def plain(value):
    if isinstance(value, (bytes, bytearray)):
        return value.decode()
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_none=True)
    return value


async def call(api, body, options):
    arguments = {**body, **options, "num_retries": 0, "max_retries": 0}
    if api == "chat":
        return await litellm.acompletion(**arguments)
    if api == "responses":
        return await litellm.aresponses(**arguments)
    return await litellm.anthropic.messages.acreate(**arguments)


async def outcome(api, body, options):
    try:
        answer = await call(api, body, options)
        if body.get("stream"):
            return {"events": [plain(event) async for event in answer]}
        return {"answer": plain(answer)}
    except Exception as error:  # whatever goes wrong is the outcome
        return {"error": {"status": getattr(error, "status_code", 500), "message": str(error)}}


async def main():
    # What a library prints is no outcome.
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        result = await outcome(**json.loads(line))
        out.write(json.dumps(result, default=str) + "\n")
        out.flush()


asyncio.run(main())

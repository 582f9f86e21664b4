"""Runs scenarios that a client's script registers, as its standard input directs.

Input is a JSON object: `baseUrl`, `apiKey`, `model`, `reasoningModel`, `abilities` (a list), and
`controlUrl`, the address of a stand-in that can be told to fail (or null). Output is a JSON list of
`{"name", "error"}`, where `error` is null for what went well.
"""

import json
import sys
import traceback
import urllib.request

UNUSUAL_TEXT = 'naïve "quoted" \\ back\\slash\ttab — 你好 مرحبا 👩‍👩‍👧 \u2028 \u0001 </s> end'
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}
PERSON_SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name", "age", "tags"],
    "additionalProperties": False,
}

_registered = []


def scenario(name, needs=(), fails=False):
    """Registers a function of (client, target) that raises where an answer is not as promised."""

    def register(function):
        _registered.append((name, set(needs), fails, function))
        return function

    return register


class Target:
    def __init__(self, config):
        self.base_url = config["baseUrl"]
        self.api_key = config["apiKey"]
        self.model = config["model"]
        self.reasoning_model = config.get("reasoningModel") or self.model
        self.control_url = config.get("controlUrl")

    def fail(self, failure):
        """Makes the backend fail at its next request."""
        request = urllib.request.Request(
            self.control_url + "/_standin/failures", data=json.dumps(failure).encode(), method="POST"
        )
        urllib.request.urlopen(request).read()


def main(make_client):
    config = json.load(sys.stdin)
    target = Target(config)
    abilities = set(config["abilities"])
    results = []
    for name, needs, fails, function in _registered:
        if not needs <= abilities or (fails and target.control_url is None):
            continue
        try:
            function(make_client(target), target)
            error = None
        except Exception:  # whatever goes wrong is the scenario's result
            error = traceback.format_exc(limit=-2)
        results.append({"name": name, "error": error})
    json.dump(results, sys.stdout)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)


def expect_equal(actual, expected):
    expect(actual == expected, f"{actual!r} is not {expected!r}")


def expect_in(part, whole):
    expect(part in (whole or ""), f"no {part!r} in {whole!r}")


def expect_error(classes, call):
    """The call raises one of the client's error classes, with a message from the server."""
    try:
        call()
    except classes as error:
        expect(error.body, "a body that the client could parse")
        return error
    raise AssertionError("an answer instead of an error")

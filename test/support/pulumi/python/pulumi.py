"""Plays the part of Pulumi's Python SDK that the examples use, and prints what a program declares."""

import atexit
import json

IMAGE = "registry.example.com/envoy-ai-gateway@sha256:0"

declared = {"resources": [], "exports": {}}
atexit.register(lambda: print(json.dumps(declared)))


class Config:
    """Configuration in which every key has a value."""

    def require(self, key):
        return IMAGE if key == "image" else f"the {key}"

    require_secret = require


def export(name, value):
    declared["exports"][name] = value

"""A gateway with two providers, in Python."""

import pulumi
import pulumi_envoy_ai_gateway as ai

config = pulumi.Config()

gateway = ai.AiGateway(
    "ai",
    backends={
        "openai": {
            "schema": "OpenAI",
            "host": "api.openai.com",
            "api_key": {"value": config.require_secret("openaiKey")},
        },
        "claude": {
            "schema": "Anthropic",
            "host": "api.anthropic.com",
            "api_key": {"value": config.require_secret("anthropicKey")},
        },
    },
    routes={
        "chat": {
            "rules": [
                {
                    "models": ["smart"],
                    "backends": [
                        {"backend": "openai", "model": "gpt-4o"},
                        {"backend": "claude", "model": "claude-sonnet-4-6", "priority": 1},
                    ],
                }
            ]
        }
    },
    control_plane={"image": config.require("image")},
)

pulumi.export("endpoint", gateway.endpoint)

"""Plays the SDK that Pulumi generates from the schema: any component, with any inputs."""

import pulumi


def __getattr__(component):
    class Component:
        def __init__(self, name, **args):
            pulumi.declared["resources"].append(
                {"component": component, "name": name, "args": args}
            )

        def __getattr__(self, output):
            return f"{component}.{output}"

    return Component

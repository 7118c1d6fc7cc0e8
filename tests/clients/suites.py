"""Who speaks to the gateway from outside, one line each, and what waits for something that is not built."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

Command = tuple[str, ...]

# Node's own runner, in the words that `checks.told` reads.
NODE_TEST: Command = ("node", "--test", "--test-reporter=tap", "--test-timeout=30000")
PYTEST: Command = ("python", "-m", "pytest", "--quiet", "-rA")


class Profile(StrEnum):
    """How the gateway is set up that a suite speaks to."""

    OPEN = "open"
    # As in production, where nobody is told the schema.
    CLOSED = "closed"
    # One customer may ask without end.
    UNCOUNTED = "uncounted"


# What is set otherwise than in any town for tests.
SETTINGS: Mapping[Profile, Mapping[str, Any]] = {
    Profile.OPEN: {},
    Profile.CLOSED: {"introspection": False, "graphiql": False},
    Profile.UNCOUNTED: {"cost_per_minute": 0},
}


class Suite(Struct, frozen=True, kw_only=True):
    """
    `commands` run one after another in `folder`, as far as each ends well.

    Their Python has what the folder's `requirements.txt` names; without one, it is the gateway's own.
    """

    name: str
    folder: str
    commands: Sequence[Command] = (NODE_TEST,)
    profile: Profile = Profile.OPEN


SUITES: Sequence[Suite] = (
    Suite(name="Apollo Client 4", folder="apollo"),
    Suite(name="urql", folder="urql"),
    Suite(
        name="Relay",
        folder="relay",
        commands=(("relay-compiler",), (*NODE_TEST, "--require=@babel/register")),
    ),
    Suite(
        name="GraphQL Code Generator",
        folder="codegen",
        commands=(("graphql-codegen",), ("tsc",), (*NODE_TEST, "__generated__/build/src/")),
    ),
    Suite(name="graphql-ws", folder="graphql-ws"),
    Suite(name="graphql-sse", folder="graphql-sse"),
    Suite(name="gql", folder="gql", commands=(PYTEST,)),
    Suite(
        name="ariadne-codegen",
        folder="ariadne-codegen",
        commands=(
            ("ariadne-codegen", "--config", "ariadne-codegen.toml"),
            ("mypy", "reading_policies.py"),
            PYTEST,
        ),
    ),
    Suite(name="graphql-http", folder="graphql-http"),
    Suite(name="Federation", folder="federation"),
    Suite(name="graphql-eslint", folder="graphql-eslint"),
    Suite(name="graphql-inspector", folder="graphql-inspector"),
    Suite(
        name="schemathesis",
        folder="schemathesis",
        commands=(("schemathesis", "run", "../../../schema/schema.tools.graphql", "--no-color"),),
        profile=Profile.UNCOUNTED,
    ),
    Suite(name="Attacks", folder="attacks", profile=Profile.CLOSED),
)

# A check that fails until something is built, by its suite and its name, and what it waits for. A run is red when one
# of them passes, until its line is taken out.
AWAITED: Mapping[tuple[str, str], str] = {}

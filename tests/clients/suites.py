"""Who speaks to the gateway from outside, one line each, and what waits for something that is not built."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from msgspec import Struct

Command = tuple[str, ...]

# Node's own runner, in the words that `checks.told` reads.
NODE_TEST: Command = ("node", "--test", "--test-reporter=tap", "--test-timeout=30000")


class Profile(StrEnum):
    """How the gateway is set up that a suite speaks to."""

    OPEN = "open"


# What is set otherwise than in any town for tests.
SETTINGS: Mapping[Profile, Mapping[str, Any]] = {Profile.OPEN: {}}


class Suite(Struct, frozen=True, kw_only=True):
    """`commands` run one after another in `folder`, as far as each ends well."""

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
)

# A check that fails until something is built, by its suite and its name, and what it waits for. A run is red when one
# of them passes, until its line is taken out.
AWAITED: Mapping[tuple[str, str], str] = {}

"""What schemathesis cannot know from the SDL: how our scalars look, who may ask what, and what it cannot write."""

from datetime import UTC
from pathlib import Path

import life
import schemathesis
from graphql import build_schema, get_directive_values, parse, validate
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import AuthContext, Case, HookContext
from schemathesis.graphql import nodes, scalar

PUBLISHED = Path(__file__).parents[3] / "schema" / "schema.tools.graphql"
LONGEST_SECRET = 1000
# The most that a number of JSON carries exactly.
EXACT = 2**53 - 1

SCHEMA = build_schema(PUBLISHED.read_text(encoding="utf-8"))

SCALARS: dict[str, SearchStrategy[str]] = {
    # An id is what is to be found or something else; nobody guesses one.
    "ID": st.sampled_from(life.ids()) | st.text(max_size=40),
    "Date": st.dates().map(str),
    "DateTime": st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat()),
    "LocalTime": st.times().map(lambda time: f"{time:%H:%M}"),
    "Locale": st.sampled_from(["ja", "en", "ja-JP", "en-GB"]),
    "PolicyNumber": st.from_regex(r"[A-Z0-9]{1,32}", fullmatch=True),
    "Secret": st.text(min_size=1, max_size=LONGEST_SECRET),
    "URL": st.from_regex(r"https://[a-z]{1,20}\.example/[a-z]{0,20}", fullmatch=True),
}
for name, texts in SCALARS.items():
    scalar(name, texts.map(nodes.String))
scalar("Yen", st.integers(-EXACT, EXACT).map(nodes.Int))


# By default one token is kept for whatever is asked next.
@schemathesis.auth(refresh_interval=None)
class Asking:
    """A customer asks, and an agent what is for agents only, as the SDL says by `@auth`."""

    def get(self, case: Case, context: AuthContext) -> str:
        root, name = context.operation.label.split(".")
        field = SCHEMA.type_map[root].fields[name]
        said = get_directive_values(SCHEMA.get_directive("auth"), field.ast_node) or {}
        (role, *_) = said.get("roles") or ["CUSTOMER"]
        return life.TOKENS[role]

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_generate_case(context: HookContext, strategy: SearchStrategy[Case]) -> SearchStrategy[Case]:
    return strategy.filter(_is_as_meant)


def _is_as_meant(case: Case) -> bool:
    """
    Whether our SDL takes a document that is meant to be good, and refuses one that is meant to be wrong.

    What writes them knows nothing of `@oneOf`, and takes any literal for one of our scalars.
    """
    good = case.meta is None or case.meta.generation.mode.is_positive
    return good == (not validate(SCHEMA, parse(case.body)))

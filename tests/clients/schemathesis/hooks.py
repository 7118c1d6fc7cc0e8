"""What schemathesis cannot know from the SDL: how our scalars look, and which documents it means to be refused."""

from datetime import UTC
from pathlib import Path

import schemathesis
from graphql import build_schema, parse, validate
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, HookContext
from schemathesis.graphql import nodes, scalar

PUBLISHED = Path(__file__).parents[3] / "schema" / "schema.tools.graphql"
SCHEMA = build_schema(PUBLISHED.read_text(encoding="utf-8"))

# Sealed access cannot be longer, and neither can a password.
LONGEST_SECRET = 1000

letters = st.characters(codec="utf-8", exclude_categories=("Cs",), exclude_characters="\x00")

SCALARS: dict[str, SearchStrategy] = {
    "Date": st.dates().map(str),
    "DateTime": st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.isoformat()),
    "LocalTime": st.times().map(lambda time: f"{time:%H:%M}"),
    "Locale": st.sampled_from(["ja", "en", "ja-JP", "en-GB"]),
    "PolicyNumber": st.from_regex(r"[A-Z0-9]{1,32}", fullmatch=True),
    "Secret": st.text(letters, min_size=1, max_size=LONGEST_SECRET),
    "URL": st.from_regex(r"https://[a-z]{1,20}\.example/[a-z]{0,20}", fullmatch=True),
}
for name, texts in SCALARS.items():
    scalar(name, texts.map(nodes.String))
scalar("Yen", st.integers(-(10**12), 10**12).map(nodes.Int))


@schemathesis.hook
def before_generate_case(context: HookContext, strategy: SearchStrategy[Case]) -> SearchStrategy[Case]:
    return strategy.filter(_is_as_meant)


def _is_as_meant(case: Case) -> bool:
    """
    Whether our SDL takes the document where it is meant to be good, and refuses it where it is meant to be wrong.

    Oneof inputs are not known to what writes documents.
    """
    meant = case.meta is None or case.meta.generation.mode.is_positive
    return meant == (not validate(SCHEMA, parse(case.body)))

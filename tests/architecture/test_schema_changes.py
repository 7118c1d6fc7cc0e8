"""What a release promised stands, and what is to go says where to and when."""

from pathlib import Path

import graphql
import pytest

import schema
from schema import releases

RELEASED = """
type Query { renewal: Renewal gone: Boolean! }
type Renewal { id: ID! status: Status! }
enum Status { READY }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0.9.0.graphql").write_text("type Query { other: Int }", encoding="utf-8")
    (tmp_path / "0.10.0.graphql").write_text(RELEASED, encoding="utf-8")
    (tmp_path / "allowed.toml").write_text(
        '[[allowed]]\nchange = "Field Query.gone was removed."\nreason = "Nobody asked for it."\n', encoding="utf-8"
    )
    return tmp_path


def test_nothing_breaks_what_the_last_release_promised_but_what_is_allowed_with_a_reason() -> None:
    changes = releases.since_last(graphql.build_schema(schema.sdl()))

    assert [] == [change.description for change in changes.breaking], "deprecate instead, or see schema/README.md"
    assert [] == changes.unused
    assert all(len(reason) > len("because") for reason in releases.allowed().values())


def test_a_break_is_held_against_the_newest_release(folder: Path) -> None:
    current = graphql.build_schema(
        "type Query { renewal: Renewal } type Renewal { id: ID status: Status! } enum Status { READY SENT }"
    )

    changes = releases.since_last(current, folder)

    assert "0.10.0" == changes.release
    assert ["Field Renewal.id changed type from ID! to ID."] == [change.description for change in changes.breaking]
    assert ["Enum value Status.SENT was added."] == [change.description for change in changes.dangerous]
    assert [] == changes.unused


def test_a_promise_that_a_directive_made_is_held(folder: Path) -> None:
    mark = "directive @semanticNonNull(levels: [Int!]! = [0]) on FIELD_DEFINITION "
    query = "type Query {{ renewals(by: Ref): Int {mark} status: Int {mark} }} input Ref {one_of} {{ id: ID code: ID }}"
    (folder / "1.0.0.graphql").write_text(mark + query.format(mark="@semanticNonNull", one_of=""), encoding="utf-8")
    current = graphql.build_schema(mark + query.format(mark="", one_of="@oneOf"))

    assert {
        "Field Query.renewals is no longer @semanticNonNull.",
        "Field Query.status is no longer @semanticNonNull.",
        "Input Ref became @oneOf.",
    } == {change.description for change in releases.since_last(current, folder).breaking}

    stricter = graphql.build_schema(mark + query.format(mark="", one_of="").replace(": Int ", ": Int! "))
    assert [] == list(releases.since_last(stricter, folder).breaking)


def test_an_allowance_that_nobody_needs_is_told(folder: Path) -> None:
    changes = releases.since_last(graphql.build_schema(RELEASED), folder)

    assert ["Field Query.gone was removed."] == changes.unused


def test_whatever_is_deprecated_names_what_takes_its_place_and_the_day_on_which_it_goes() -> None:
    assert [] == list(releases.without_a_way_out(graphql.build_schema(schema.sdl())))


@pytest.mark.parametrize(
    ("reason", "goes"),
    [
        ("The name misled. Use Query.next. deletionDate: 2027-06-30", True),
        ("Use Status.READY. deletionDate: 2027-06-30", True),
        ("Use Query.nothing. deletionDate: 2027-06-30", False),
        ("Use Query.next. deletionDate: 2027-06-31", False),
        ("Use Query.next.", False),
        ("No longer supported", False),
    ],
)
def test_a_way_out_leads_somewhere_on_a_day(reason: str, goes: bool) -> None:
    field, value = (f'@deprecated(reason: "{reason}")' for _ in range(2))
    current = graphql.build_schema(
        f"type Query {{ next(old: Int {field}): Status last: Int {field} }} enum Status {{ READY SENT {value} }}"
    )

    assert ([] if goes else ["Query.next(old:)", "Query.last", "Status.SENT"]) == list(
        releases.without_a_way_out(current)
    )

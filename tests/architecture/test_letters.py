"""What our letters point at is there, and what they tell people to type is understood."""

import re
from collections.abc import Iterator
from pathlib import Path

import graphql
from typer.testing import CliRunner

from gateway.cli import app

LINK = re.compile(r"\]\((?!https?://|#)([\w./-]+)(?:#[\w-]+)?\)")
TEST = re.compile(r"`((?:tests|insurers)/[\w/.]+\.py)`")
COMMAND = re.compile(r"(?:\.venv/bin/)?\btabane ([a-z]+(?: (?:upgrade|list|print|check))?)(?=[\s`])")
QUERY = re.compile(r"^```graphql\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"(?:^(?: {4})?|`)(?:\w+=\S+ )*make ([a-z]+)", re.MULTILINE)


def letters(root: Path) -> Iterator[Path]:
    yield from root.glob("*.md")
    for package in ("insurers", "schema", "gateway", "tests"):
        # What npm installed for tests/clients has letters of its own.
        yield from (letter for letter in (root / package).rglob("README.md") if "node_modules" not in letter.parts)


def said(root: Path, pattern: re.Pattern[str]) -> Iterator[tuple[Path, str]]:
    """What the letters say of a kind, and where."""
    for letter in letters(root):
        for found in pattern.findall(letter.read_text(encoding="utf-8")):
            yield letter, found


def test_every_link_leads_somewhere(root: Path) -> None:
    astray = [
        f"{letter.relative_to(root)}: {link}"
        for letter, link in said(root, LINK)
        if not (letter.parent / link).exists()
    ]

    assert [] == astray


def test_every_decision_is_held_by_tests_that_there_are(root: Path) -> None:
    decisions = (root / "DECISIONS.md").read_text(encoding="utf-8").split("\n## ")[1:]

    for decision in decisions:
        held = TEST.findall(decision.partition("**Held by**")[2])
        assert held, decision.partition("\n")[0]
        assert [] == [test for test in held if not (root / test).exists()]


def test_every_query_fits_the_schema(root: Path) -> None:
    schema = graphql.build_schema((root / "schema" / "schema.graphql").read_text(encoding="utf-8"))
    queries = [query for _, query in said(root, QUERY)]

    assert queries
    assert [] == [error.message for query in queries for error in graphql.validate(schema, graphql.parse(query))]


def test_every_command_is_understood(root: Path) -> None:
    commands = {command for _, command in said(root, COMMAND)}

    assert {"dev", "demo", "serve", "worker", "db upgrade"} <= commands
    for command in sorted(commands):
        answer = CliRunner().invoke(app, [*command.split(), "--help"])
        assert 0 == answer.exit_code, command


def test_every_target_can_be_made(root: Path) -> None:
    known = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {target for _, target in said(root, TARGET)}

    assert {"demo", "dev", "test", "check", "lock"} <= named <= known

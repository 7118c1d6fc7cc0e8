"""No insurer's name stands in our code, in the schema or in its data: what differs between insurers is data."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import graphql
import pytest

# Where an insurer may be named: in its own folder, and in the tests of its adapter.
HOMES = ("insurers", "tests/adapters")


def names(folders: list[str]) -> list[str]:
    """The first word of each folder's name; the rest may be a common word (`acme_marine`)."""
    return [folder.removeprefix("insurers.").partition("_")[0] for folder in folders]


def naming(files: Iterable[Path], root: Path, name: str) -> Iterator[str]:
    for file in files:
        where = file.relative_to(root).as_posix()
        if any(where.startswith(f"{home}/{name}") for home in HOMES):
            continue
        if name in where.casefold() or name in file.read_text(encoding="utf-8").casefold():
            yield where


def test_no_python_file_names_an_insurer(tracked: list[Path], root: Path, folders: list[str]) -> None:
    files = [file for file in tracked if file.suffix == ".py"]

    assert [] == [where for name in names(folders) for where in naming(files, root, name)]


def test_a_name_is_seen_wherever_it_stands(tmp_path: Path) -> None:
    for where in ("gateway/app.py", "tests/adapters/acme/test_it.py", "insurers/acme/wire.py", "insurers/panel.py"):
        planted = tmp_path / where
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text('KNOWN = ["Acme"]\n')

    assert {"gateway/app.py", "insurers/panel.py"} == set(naming(tmp_path.rglob("*.py"), tmp_path, "acme"))


def sdl_names(sdl: str) -> set[str]:
    """Every name in the schema: types, fields, arguments, enum values, directives."""

    class Names(graphql.Visitor):
        def __init__(self) -> None:
            super().__init__()
            self.found: set[str] = set()

        def enter_name(self, node: graphql.NameNode, *_: object) -> None:
            self.found.add(node.value)

    collected = Names()
    graphql.visit(graphql.parse(sdl), collected)
    return collected.found


def test_no_name_in_the_schema_names_an_insurer(root: Path, folders: list[str]) -> None:
    known = sdl_names((root / "schema" / "schema.graphql").read_text(encoding="utf-8"))

    assert known
    assert [] == [name for name in known if any(insurer in name.casefold() for insurer in names(folders))]


@pytest.mark.parametrize(
    "sdl",
    [
        "type AcmePolicy { id: ID }",
        "type Query { acme: ID }",
        "type Query { policy(acmeNumber: ID): ID }",
        "enum Insurer { ACME }",
        "input Search { acme: ID }",
        "directive @acme on FIELD",
    ],
)
def test_every_kind_of_name_is_looked_at(sdl: str) -> None:
    assert [name for name in sdl_names(sdl) if "acme" in name.casefold()]

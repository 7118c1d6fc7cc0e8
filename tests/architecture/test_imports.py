"""
Rules about imports that a list of modules could not state, because the modules list themselves.

A rule answers the imports that break it, as (importer, imported).
"""

import sys
from collections.abc import Callable, Iterator
from copy import deepcopy

import grimp
import pytest

Import = tuple[str, str]
Rule = Callable[[grimp.ImportGraph, str], Iterator[Import]]

OURS = {"gateway", "schema", "insurers"}

# Between the language and the world: they, and the promises by subject, may import what they work with.
WAIST = {"insurers.http", "insurers.sandbox", "insurers.conformance"}
PROMISES = "insurers.conformance_"

# What every sandbox has in common with the others: its doors, and who lives in the town.
COMMON = {"insurers.sandbox", "insurers.townsfolk"}

# A language file about how people write may lean on the one library that knows.
LIBRARIES = {"insurers.kana": {"jaconv"}, "insurers.phone": {"phonenumbers"}}


def nobody_names_an_insurer(imports: grimp.ImportGraph, folder: str) -> Iterator[Import]:
    """An insurer is found by its code, so only its own folder may import it."""
    for module in imports.find_descendants(folder) | {folder}:
        for importer in imports.find_modules_that_directly_import(module):
            if not within(importer, folder):
                yield importer, module


def the_language_stands_on_little(imports: grimp.ImportGraph, folder: str) -> Iterator[Import]:
    """
    A language file imports the standard library, msgspec and its like, and what LIBRARIES grants it.

    The package's door opens on those.
    """
    files = {module for module in imports.find_children("insurers") if not imports.find_children(module)}
    language = {file for file in files - WAIST if not file.startswith(PROMISES)}
    for module in {"insurers", *language}:
        for imported in imports.find_modules_directly_imported_by(module):
            known = language | {"msgspec"} | LIBRARIES.get(module, set())
            if imported not in known and not standard(imported):
                yield module, imported


def a_wire_knows_nothing_of_ours(imports: grimp.ImportGraph, folder: str) -> Iterator[Import]:
    """A wire is an insurer's words and no more: bytes in, bytes out."""
    wire = f"{folder}.wire"
    for module in imports.find_descendants(wire) | {wire}:
        for imported in imports.find_modules_directly_imported_by(module):
            if ours(imported) and not within(imported, wire):
                yield module, imported


def a_sandbox_speaks_its_wire_only(imports: grimp.ImportGraph, folder: str) -> Iterator[Import]:
    """Adapter and sandbox are two readings of one WIRE.md; a sandbox shares with others only what every sandbox has."""
    sandbox = f"{folder}.sandbox"
    for module in imports.find_descendants(sandbox) | {sandbox, "insurers.sandbox"}:
        for imported in imports.find_modules_directly_imported_by(module):
            if ours(imported) and not within(imported, sandbox) and imported not in COMMON:
                yield module, imported


def within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def ours(module: str) -> bool:
    return module.partition(".")[0] in OURS


def standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names


# For each rule an import that breaks it. FOLDER stands for an insurer's folder.
VIOLATIONS: dict[Rule, Import] = {
    nobody_names_an_insurer: ("gateway", "FOLDER"),
    the_language_stands_on_little: ("insurers.policy", "aiohttp"),
    a_wire_knows_nothing_of_ours: ("FOLDER.wire", "insurers.money"),
    a_sandbox_speaks_its_wire_only: ("FOLDER.sandbox", "insurers.policy"),
}

rules = pytest.mark.parametrize("rule", VIOLATIONS, ids=lambda rule: rule.__name__)


@rules
def test_the_rule_is_kept(imports: grimp.ImportGraph, folders: list[str], rule: Rule) -> None:
    assert set() == {broken for folder in folders for broken in rule(imports, folder)}


@rules
def test_the_rule_catches_what_breaks_it(imports: grimp.ImportGraph, folders: list[str], rule: Rule) -> None:
    for folder in folders:
        importer, imported = (name.replace("FOLDER", folder) for name in VIOLATIONS[rule])
        planted = deepcopy(imports)
        planted.add_import(importer=importer, imported=imported)

        assert {(importer, imported)} == set(rule(planted, folder))


def test_there_are_insurers_to_keep_apart(folders: list[str]) -> None:
    assert 2 <= len(folders)

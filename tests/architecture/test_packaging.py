"""What the project is made of comes from where the reader's own settings say, and from nowhere else."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ["requirements.lock", "requirements-dev.lock"]

# A pinned requirement, perhaps for some machines only, and at least one hash.
ENTRY = re.compile(
    r"^[a-z0-9][\w.-]*(\[[\w,-]+\])?==\S+( ; [^\\\n]+)? \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", re.MULTILINE
)
MACHINE_PATH = re.compile(r"(?<![\w.}])/(work|root|home|Users)/\w")
INDEX_HOST = re.compile(r"https?://[^/\s]*(pypi|pythonhosted|npmjs|debian)")

# What needs a compiler, or came out of one.
BUILT = {".c", ".cpp", ".pxd", ".pyx", ".rs", ".so"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_host(root: Path, lock: str) -> None:
    text = (root / lock).read_text()
    left = [line for line in ENTRY.sub("", text).splitlines() if not line.lstrip().startswith("#")]

    assert [] == left
    assert "://" not in text


def test_what_runs_is_pinned_alike_everywhere(root: Path) -> None:
    runtime, development = ({match[0] for match in ENTRY.finditer((root / lock).read_text())} for lock in LOCKS)

    assert set() == runtime - development


def test_no_file_names_a_machine_or_an_index(tracked: list[Path], root: Path) -> None:
    named = [
        f"{file.relative_to(root)}: {found[0]}"
        for file in tracked
        if (text := readable(file)) is not None
        for found in (MACHINE_PATH.search(text), INDEX_HOST.search(text))
        if found
    ]

    assert [] == named


@pytest.mark.parametrize("text", ["see /ro" + "ot/notes", "https://py" + "pi.example/simple"])
def test_a_machine_or_an_index_would_be_seen(text: str) -> None:
    assert MACHINE_PATH.search(text) or INDEX_HOST.search(text)


def test_whatever_is_imported_is_declared(imports: grimp.ImportGraph, root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    # Its classes are pytest tests for adapter authors, who have pytest.
    shipped = imports.modules - {"insurers.conformance"}
    distributions = packages_distributions()

    imported = {
        external
        for module in shipped
        for external in imports.find_modules_directly_imported_by(module)
        if external not in shipped and external not in sys.stdlib_module_names
    }

    assert set() == {
        name for name in imported if not declared & {canonicalize_name(owner) for owner in distributions.get(name, ())}
    }


def test_nothing_of_ours_is_built_ahead(tracked: list[Path], root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text())

    assert ["hatchling"] == [Requirement(line).name for line in project["build-system"]["requires"]]
    assert "hooks" not in project["tool"]["hatch"]["build"]
    assert [] == [file.name for file in tracked if file.suffix in BUILT]


def readable(file: Path) -> str | None:
    """The file's text; a picture or a document has none."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None

"""The import-linter contracts of pyproject.toml hold, and each catches what it is there to catch."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("gateway", "schema", "insurers")

# For each contract a module and a line that breaks it there. FOLDER stands for an insurer's folder.
VIOLATIONS = {
    "gateway knows schema, schema knows insurers, and nobody looks up": ("insurers/money", "import schema"),
    "a sandbox reads the wire for itself": ("insurers/FOLDER/sandbox", "from insurers.FOLDER import wire"),
    "a wire and a mapping are words and do not travel": ("insurers/FOLDER/mapping", "import aiohttp"),
    "an adapter never leans on a sandbox": ("insurers/FOLDER/adapter", "import insurers.sandbox"),
    "insurers know neither GraphQL nor a store": ("insurers/policy", "import strawberry"),
    "the schema keeps nothing and calls nobody itself": ("schema", "import sqlalchemy"),
    "shipped code never imports tests": ("gateway", "from tests.conftest import runtime"),
}


def source(house: Path, module: str) -> Path:
    """The module's file; what outgrows one file becomes a folder, and is the same module."""
    package = house / module / "__init__.py"
    return package if package.exists() else house / f"{module}.py"


def lint(house: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-logo", "--no-cache"], cwd=house, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the house in which something may be planted."""
    for package in PACKAGES:
        shutil.copytree(root / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept(root: Path) -> None:
    report = lint(root)

    assert 0 == report.returncode, report.stdout


def test_every_contract_has_a_violation_to_catch(root: Path) -> None:
    contracts = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]

    assert set(VIOLATIONS) == {contract["name"] for contract in contracts}


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_a_planted_import_breaks_its_contract(copy: Path, folders: list[str], contract: str) -> None:
    folder = folders[0].removeprefix("insurers.")
    module, line = (words.replace("FOLDER", folder) for words in VIOLATIONS[contract])
    planted = source(copy, module)
    planted.write_text(f"{planted.read_text()}\n{line}\n")

    report = lint(copy)

    assert 1 == report.returncode
    assert f"{contract} BROKEN" in " ".join(report.stdout.split())

"""The import-linter contracts of pyproject.toml hold, and each catches what it is there to catch."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("gateway", "schema", "insurers")

# For each contract a file and a line that breaks it. FOLDER stands for an insurer's folder.
VIOLATIONS = {
    "gateway knows schema, schema knows insurers, and nobody looks up": ("insurers/money.py", "import schema"),
    "a sandbox reads the wire for itself": ("insurers/FOLDER/sandbox/__init__.py", "from insurers.FOLDER import wire"),
    "a mapping translates and does not travel": ("insurers/FOLDER/mapping.py", "import aiohttp"),
    "an adapter never leans on a sandbox": ("insurers/FOLDER/adapter.py", "import insurers.sandbox"),
    "insurers know neither GraphQL nor a store": ("insurers/policy.py", "import strawberry"),
    "the schema keeps nothing and calls nobody itself": ("schema/__init__.py", "import sqlalchemy"),
    "shipped code never imports tests": ("gateway/__init__.py", "from tests.conftest import runtime"),
}


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
    path, line = VIOLATIONS[contract]
    folder = folders[0].removeprefix("insurers.")
    planted = copy / path.replace("FOLDER", folder)
    planted.write_text(f"{planted.read_text()}\n{line.replace('FOLDER', folder)}\n")

    report = lint(copy)

    assert 1 == report.returncode
    assert f"{contract} BROKEN" in " ".join(report.stdout.split())

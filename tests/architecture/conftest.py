"""The house as its rules see it."""

import pkgutil
import subprocess
from pathlib import Path

import grimp
import pytest

import insurers

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file of the repository, as git lists them."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def folders() -> list[str]:
    """The insurers, listed by their folders: `insurers.acme`."""
    return [f"insurers.{module.name}" for module in pkgutil.iter_modules(insurers.__path__) if module.ispkg]


@pytest.fixture(scope="session")
def imports() -> grimp.ImportGraph:
    """Who imports whom. Whoever plants an import plants it in a copy."""
    return grimp.build_graph("gateway", "schema", "insurers", include_external_packages=True, cache_dir=None)

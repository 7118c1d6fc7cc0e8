"""The town of the API's tests, with one insurer that can be disturbed."""

from pathlib import Path

import pytest

from insurers.identity import InsurerCode
from tests.api.conftest import CODES, Town, agencies_at_work, clock, doors, houses, settings, taro, town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer
from tests.journeys.slow_post import SlowPost
from tests.store.databases import postgresql_migrated, sqlite_migrated

__all__ = ["agencies_at_work", "clock", "doors", "houses", "settings", "taro", "town"]


@pytest.fixture
def address_of_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite; `on_both_databases` asks for each in turn."""
    return postgresql_migrated() if getattr(request, "param", None) == "postgresql" else sqlite_migrated(tmp_path)


@pytest.fixture
def letterbox() -> SlowPost:
    return SlowPost()


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest) -> InsurerCode:
    """One insurer after the other; a test that takes this says nothing about which."""
    return InsurerCode(request.param)


@pytest.fixture
def insurer(town: Town, code: InsurerCode) -> AnInsurer:
    return AnInsurer(code, *town.houses[code])


@pytest.fixture
async def ready(town: Town, taro: Frontend, insurer: AnInsurer) -> Json:
    """A renewal with everything answered, and the button not yet pressed."""
    await town.settle(taro, insurer.code)
    return await taro.ready(insurer.code)

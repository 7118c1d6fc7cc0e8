"""A contract compared with whoever quotes for anybody: what would be told, what is agreed to, what was heard."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gateway.settings import Settings
from insurers.comparison import Comparison
from insurers.disclosure import Disclosure, disclosure
from insurers.identity import InsurerCode
from insurers.panel import find
from insurers.sandbox import RECEIVED
from schema.ports import Asker, Done
from tests.api.conftest import CODES, Town
from tests.api.frontend import Frontend, key
from tests.journeys.comparing import Machine, asker, done, machine, refs, there

TERMS = {code: find(code).MANIFEST.quoting for code in CODES}

# Who quotes for anybody, so that nothing but the risk is told, and who has the contract.
OTHER = next(code for code, terms in TERMS.items() if terms is not None and not terms.with_account)
OWN = next(code for code in CODES if code != OTHER)

SLOW_SECONDS = 0.3


@pytest.fixture
async def office(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    async with machine(town, settings) as opened:
        yield opened


@pytest.fixture
async def who(town: Town, settings: Settings, taro: Frontend) -> Asker:
    await taro.register(OWN)
    return await asker(town, settings, taro)


@pytest.fixture
async def begun(office: Machine, who: Asker, taro: Frontend) -> Comparison:
    return done(await office.desks.comparisons.start(who, refs(taro, OWN)[:1], None, None, key=key()))


def shown(office: Machine, comparison: Comparison, insurer: InsurerCode = OTHER) -> Disclosure:
    manifest = office.desks.manifests[insurer]
    return disclosure(insurer, manifest.name, there(manifest.quoting), comparison.policies)


# The keywords are arguments of the desk's own `share`.
async def share(office: Machine, who: Asker, comparison: Comparison, **said: Any) -> Done[Comparison]:
    """Agree to all of what would be told, where nothing else is said."""
    told = shown(office, comparison)
    answer: dict[str, Any] = {
        "insurer": OTHER,
        "categories": told.categories,
        "disclosure": told.fingerprint,
        "granted": True,
    }
    answer |= said
    return await office.desks.comparisons.share(who, comparison.id, **answer, key=key())


def received(town: Town, insurer: InsurerCode = OTHER) -> list[str]:
    return [one.body for one in town.houses[insurer][0][RECEIVED]]

"""What an operator can see of the work: what waits and since when, and what became of each step."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from gateway import store
from gateway.store import Claimed, Lease, Store, engines
from gateway.vault import Keyring
from gateway.watch import Ended, Watch
from insurers.renewal import RenewalEvent, RenewalState
from insurers.sandbox import TestClock
from tests.store import invented
from tests.store.databases import database_url
from tests.store.invented import ACME, MATURITY, NOW, SECRETS

__all__ = ["database_url"]

S = RenewalState
HOUR = timedelta(hours=1)
LEASE = Lease.lasting(120, now=NOW + 2 * HOUR)


@pytest.fixture
async def kept(database_url: str) -> AsyncIterator[Store]:
    async with store.opened(database_url, keyring=Keyring.fresh()) as opened:
        yield opened


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def figures(registry: CollectorRegistry, state: RenewalState) -> dict[str, float | None]:
    labels = {"kind": "renewal", "insurer": ACME, "state": state}
    names = ("waiting", "leased", "late", "late_seconds", "oldest_seconds")
    return {name: registry.get_sample_value(f"tabane_journeys_{name}", labels) for name in names}


def called_to(registry: CollectorRegistry, state: RenewalState) -> float | None:
    return registry.get_sample_value("tabane_renewals_alarmed", {"insurer": ACME, "state": state})


async def test_what_waits_is_counted_with_its_age_and_what_has_ended_is_not(
    kept: Store, registry: CollectorRegistry
) -> None:
    # Asked for at NOW, sent an hour later, and another hour later nobody knows what became of it.
    queued = invented.renewal("1", state=RenewalState.QUEUED)
    unheard = queued.on(RenewalEvent.SUBMIT, at=NOW + HOUR).on(RenewalEvent.SILENCE, at=NOW + 2 * HOUR)
    asked_again = unheard.on(RenewalEvent.SILENCE, at=NOW + 3 * HOUR)
    young = invented.renewal("young", state=RenewalState.UNCONFIRMED, maturity=MATURITY + HOUR)
    ended = invented.renewal("ended", state=RenewalState.ACCEPTED, maturity=MATURITY + 2 * HOUR)
    async with kept.work() as work:
        await work.renewals.add(queued, due_at=NOW)
        await work.renewals.save(unheard, was=queued.version, due_at=NOW + 2 * HOUR)
        await work.renewals.save(asked_again, was=unheard.version, due_at=NOW + 3 * HOUR)
        await work.renewals.add(young, due_at=NOW + 9 * HOUR)
        await work.renewals.add(ended, due_at=None)

    await Watch(registry).count(kept, TestClock(NOW + 4 * HOUR, frozen=True))

    # The younger one was made in this state, and is as old as itself.
    assert {
        "waiting": 2,
        "leased": 0,
        "late": 1,
        "late_seconds": HOUR.total_seconds(),
        "oldest_seconds": (4 * HOUR).total_seconds(),
    } == figures(registry, RenewalState.UNCONFIRMED)
    assert {None} == set(figures(registry, RenewalState.ACCEPTED).values())


async def test_an_age_begins_with_the_state_and_a_lease_is_work_and_not_delay(
    kept: Store, registry: CollectorRegistry
) -> None:
    queued = invented.renewal("1", state=RenewalState.QUEUED)
    sent = queued.on(RenewalEvent.SUBMIT, at=NOW + 2 * HOUR)
    async with kept.work() as work:
        await work.renewals.add(queued, due_at=NOW)
        await work.renewals.save(sent, was=1, due_at=LEASE.until, lease=LEASE)
    watch = Watch(registry)

    await watch.count(kept, TestClock(LEASE.until - timedelta(seconds=20), frozen=True))
    assert {"waiting": 1, "leased": 1, "late": 0, "late_seconds": 0, "oldest_seconds": 100} == figures(
        registry, RenewalState.SUBMITTING
    )

    await watch.count(kept, TestClock(LEASE.until + timedelta(seconds=20), frozen=True))
    assert {"waiting": 1, "leased": 0, "late": 1, "late_seconds": 20, "oldest_seconds": 140} == figures(
        registry, RenewalState.SUBMITTING
    )


async def test_every_process_shows_what_people_were_called_to_while_it_waits_and_a_broken_promise_for_a_day(
    kept: Store, registry: CollectorRegistry
) -> None:
    states = [S.QUEUED, S.UNCONFIRMED, S.UNCONFIRMED, S.REFERRED, S.LAPSED, S.ACCEPTED, S.WITHDRAWN]
    async with kept.work() as work:
        await work.renewals.add(invented.renewal("quiet", state=S.UNCONFIRMED), due_at=NOW)
        for day, state in enumerate(states, start=1):
            term = MATURITY + timedelta(days=day)
            called = invented.renewal(f"{day}", state=S.QUEUED, maturity=term)
            await work.renewals.add(called, due_at=NOW)
            after = replace(called, state=state, version=2, alarmed_at=NOW)
            await work.renewals.save(after, was=1, due_at=None)
    watch = Watch(registry)

    shown = []
    for now in (NOW + HOUR, NOW + 25 * HOUR):
        await watch.count(kept, TestClock(now, frozen=True))
        shown.append([called_to(registry, state) for state in dict.fromkeys(states)])

    assert [[1, 2, 1, 1, None, None], [1, 2, None, None, None, None]] == shown


async def test_figures_that_cannot_be_had_are_gone(tmp_path: Path, registry: CollectorRegistry) -> None:
    url, clock, watch = f"sqlite:///{tmp_path / 'tabane.db'}", TestClock(NOW, frozen=True), Watch(registry)
    async with store.opened(url, keyring=Keyring.fresh(), migrate=True) as kept:
        async with kept.work() as work:
            await work.renewals.add(invented.renewal(state=RenewalState.QUEUED), due_at=NOW)
        await watch.count(kept, clock)
        assert 1 == figures(registry, RenewalState.QUEUED)["waiting"]

        async with engines.opened(url) as opened, opened.writer.begin() as connection:
            await connection.execute(text("DROP TABLE renewals"))
        with pytest.raises(OperationalError):
            await watch.count(kept, clock)

    assert {None} == set(figures(registry, RenewalState.QUEUED).values())


def test_steps_and_alarms_are_counted_and_nobody_is_named(
    registry: CollectorRegistry, capsys: pytest.CaptureFixture[str]
) -> None:
    watch = Watch(registry)
    renewal = invented.renewal("0b5c2c54", state=RenewalState.UNCONFIRMED)
    claim = Claimed(aggregate=renewal, lease=LEASE, attempts=1)

    watch.stepped(claim, Ended.LEASE_LOST)
    watch.alarmed(renewal)

    lost = registry.get_sample_value("tabane_steps_total", {"insurer": ACME, "ended": "lease_lost"})
    alarms = registry.get_sample_value("tabane_alarms_total", {"insurer": ACME, "state": "unconfirmed"})
    assert (1, 1) == (lost, alarms)
    said = capsys.readouterr().out
    assert "0b5c2c54" in said
    shown = said + generate_latest(registry).decode()
    assert [] == [secret for secret in SECRETS.values() if secret in shown]

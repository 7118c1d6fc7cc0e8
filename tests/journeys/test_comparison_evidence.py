"""What a comparison leaves, taken away as one file: that nobody was told what the customer had not agreed to."""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import pytest

from gateway.application import node_ids
from gateway.evidence.audit import audit
from gateway.evidence.bundle import ComparisonBundle, sealed
from gateway.evidence.flaw import Flaw
from gateway.evidence.notary import Notary
from gateway.settings import Settings
from gateway.vault import Keyring
from insurers.canonical import canonical, sha256
from insurers.comparison import Comparison, ComparisonEvent
from insurers.disclosure import disclosure
from insurers.identity import InsurerCode
from insurers.intention import Intention, Priority
from insurers.losses import fingerprint, losses
from insurers.panel import find
from schema.ports import Asker
from tests.api.conftest import CODES, FRIDAY, Town
from tests.api.frontend import Frontend, key
from tests.journeys.chains import Plain
from tests.journeys.comparing import Machine, agent_for, asker, done, machine, part, refs, there

E = ComparisonEvent

TERMS = {code: find(code).MANIFEST.quoting for code in CODES}
OTHER = next(code for code, terms in TERMS.items() if terms is not None and not terms.with_account)
OWN = next(code for code in CODES if code != OTHER)
WANTED = Intention(priorities=(Priority.KEEP_CURRENT_COVER,), recorded_at=FRIDAY, statement="今の補償を続けたい")

FORGER = Notary(Keyring.fresh())
EVIDENCE = """query ($id: ID!) { comparison(id: $id) { evidence { head entries { __typename hash
  ... on ComparisonEntry { event summary insurerCode policyNumber categories setback lossesHash
    choice { name premium planFingerprint } plans { name premium nature validUntil planFingerprint } } } } } }"""


@pytest.fixture
async def office(town: Town, settings: Settings) -> AsyncIterator[Machine]:
    async with machine(town, settings) as opened:
        yield opened


@pytest.fixture
async def who(town: Town, settings: Settings, taro: Frontend) -> Asker:
    await taro.register(OWN)
    return await asker(town, settings, taro)


async def share(office: Machine, who: Asker, comparison: Comparison, *, granted: bool) -> Comparison:
    manifest = office.desks.manifests[OTHER]
    told = disclosure(OTHER, manifest.name, there(manifest.quoting), comparison.policies)
    return done(
        await office.desks.comparisons.share(
            who, comparison.id, OTHER, told.categories, told.fingerprint, granted=granted, key=key()
        )
    )


async def losing(office: Machine, who: Asker, comparison: Comparison) -> str:
    """Choose another insurer's plan, edited once, of which it is known what it loses; answer the losses' hash."""
    desk = office.desks.comparisons
    offered = there(await desk.settled(who, part(comparison, OTHER).id))
    done(await desk.requote(who, offered.id, offered.plans[0].code, (), reset=True, key=key()))
    for plan in offered.plans:
        if lost := losses(plan, comparison.policies[0].current):
            await desk.choose(who, offered.id, plan.code, fingerprint(lost), key=key())
            return there(fingerprint(lost))
    raise AssertionError("no plan loses anything")


async def taken_away(office: Machine, who: Asker, comparison: Comparison) -> Plain:
    whole: Plain = json.loads(there(await office.desks.evidence.bundle(who, comparison.id)))
    return whole


async def test_a_comparison_is_taken_away_and_whatever_was_done_to_it_is_found(
    office: Machine, who: Asker, taro: Frontend, settings: Settings
) -> None:
    desk = office.desks.comparisons
    begun = done(await desk.start(who, refs(taro, OWN)[:1], None, WANTED, key=key()))
    untold = await taken_away(office, who, begun)
    await share(office, who, begun, granted=True)
    lost = await losing(office, who, begun)
    whole = await taken_away(office, who, begun)
    await share(office, who, begun, granted=False)
    refused = await taken_away(office, who, begun)

    audited = [audit(json.dumps(plain).encode()) for plain in (untold, whole, refused)]

    assert {office.desks.evidence.key} == {each.fingerprint for each in audited}
    standings = [each.bundle.comparison for each in audited if isinstance(each.bundle, ComparisonBundle)]
    assert ["consent_needed", "answered", "declined"] == [
        next(each.state for each in standing.parts if each.insurer == OTHER) for standing in standings
    ]
    assert [[], [lost]] == [[choice.losses for choice in standing.choices] for standing in standings[:2]]
    assert WANTED.statement == there(standings[1].considered).intention.statement
    assert all(plan.measured.covers for plan in there(standings[1].considered).plans)
    assert await office.desks.evidence.bundle(agent_for(who), begun.id) is None
    await _read_by_its_customer(taro, settings, refused)
    for name, (forge, sentence) in FORGERIES.items():
        assert sentence in _found(whole, forge), name


async def _read_by_its_customer(taro: Frontend, settings: Settings, whole: Plain) -> None:
    """What GraphQL shows is what the bundle holds."""
    id_ = node_ids(Keyring.parse(there(settings.vault_keys).get_secret_value())).seal(
        "Comparison", whole["comparison"]["id"]
    )
    answer = await taro.raw(EVIDENCE, {"id": id_})
    assert "errors" not in answer, answer["errors"]
    found = answer["data"]["comparison"]["evidence"]
    assert whole["head"] == found["head"]
    told = {entry["hash"]: entry for entry in found["entries"]}
    assert [event["hash"] for event in whole["events"]] == list(told)
    asked = [entry for entry in told.values() if (entry.get("event"), entry.get("insurerCode")) == ("ASKED", OTHER)]
    assert [sorted(one(whole, "asked", OTHER)["categories"])] * 2 == [
        sorted(category.lower() for category in each["categories"]) for each in asked
    ]
    chosen, choice = told[one(whole, "chosen")["hash"]], one(whole, "chosen")["choice"]
    assert (choice["name"], choice["premium"]["amount"], choice["fingerprint"], one(whole, "chosen")["losses"]) == (
        chosen["choice"]["name"],
        chosen["choice"]["premium"],
        chosen["choice"]["planFingerprint"],
        chosen["lossesHash"],
    )
    answered = told[one(whole, "answered", OTHER)["hash"]]
    assert len(one(whole, "answered", OTHER)["plans"]) == len(answered["plans"])
    assert {"INDICATION"} == {plan["nature"] for plan in answered["plans"]}


def _found(whole: Plain, forge: Callable[[Plain], object]) -> str:
    """What is found by whoever knows how to count, to hash and to sign, and changes a bundle."""
    plain: Plain = json.loads(json.dumps(whole))
    forge(plain)
    before = ""
    for place, event in enumerate(plain["events"], start=1):
        event.update(sequence=place, previous=before)
        event.pop("hash", None)
        before = event["hash"] = sha256(canonical(event))
    plain["head"] = before
    plain["seal"]["key"] = FORGER.key
    plain["seal"]["signature"] = FORGER.sign(sealed(plain))
    with pytest.raises(Flaw) as found:
        audit(json.dumps(plain).encode())
    assert found.value.sentence.ja
    return found.value.sentence.en


def one(plain: Plain, name: str, at: InsurerCode | None = None) -> Plain:
    """The first entry of this kind of consent, or of this event at this insurer."""
    named = (event for event in plain["events"] if name in (event.get("kind"), event.get("event")))
    found: Plain = next(event for event in named if at in (None, event.get("insurer")))
    return found


def without(name: str, at: InsurerCode | None = None) -> Callable[[Plain], object]:
    return lambda plain: plain["events"].remove(one(plain, name, at))


def says(name: str, at: InsurerCode | None = None, **words: Any) -> Callable[[Plain], object]:
    return lambda plain: one(plain, name, at).update(words)


def stands(**words: Any) -> Callable[[Plain], object]:
    return lambda plain: plain["comparison"].update(words)


def chose(**words: Any) -> Callable[[Plain], object]:
    return lambda plain: plain["comparison"]["choices"][0].update(words)


def unsaid(plain: Plain) -> None:
    """Whoever writes the entries leaves out that anything was lost, and that it was acknowledged."""
    without(LOSING)(plain)
    says("chosen", lost=[], losses=None)(plain)
    chose(losses=None)(plain)


SHARING, LOSING, WANTING = "cross_insurer_data_sharing", "cover_reduction", "intention_confirmed"
AGENT = {"actor": "agent", "role": "agent", "on_behalf_of": "taro"}
DIFFERENT = "What the file says of the comparison"

FORGERIES: Mapping[str, tuple[Callable[[Plain], object], str]] = {
    "no leave": (without(SHARING), f"{OTHER} was told of another insurer's contract"),
    "leave for another": (says(SHARING, insurer=OWN), f"{OTHER} was told of another insurer's contract"),
    "leave refused": (says(SHARING, categories=[]), f"{OTHER} was told of another insurer's contract"),
    "leave for less": (says(SHARING, categories=["vehicle"]), f"{OTHER} was told more of the contract"),
    "untold": (says("asked", OTHER, categories=None), f"{OTHER} was told of another insurer's contract"),
    "leave by an agent": (
        lambda plain: one(plain, SHARING).update(AGENT, on_behalf_of=plain["comparison"]["customer"]),
        "only the customer may confirm this",
    ),
    "never asked": (without("asked", OTHER), "no entry before it tells that this insurer was asked"),
    "another contract": (says("asked", OTHER, policy={"insurer": OWN, "number": {"text": "Z1"}}), "not in this comp"),
    "begun twice": (lambda plain: plain["events"].insert(1, dict(one(plain, "requested"))), "cannot have happened"),
    "losses unread": (without(LOSING), "nobody had acknowledged which"),
    "losses unsaid": (unsaid, "nobody had acknowledged which"),
    "losses left out": (lambda plain: one(plain, "chosen")["lost"].pop(), "nobody had acknowledged which"),
    "something else bought": (
        lambda plain: one(plain, "chosen")["bought"].update(coverages=[]),
        "does not fit its fingerprint",
    ),
    "no present cover": (says("requested", covers=[]), "must tell is missing"),
    "other losses": (says("chosen", losses="0" * 64), "nobody had acknowledged which"),
    "another plan": (
        lambda plain: one(plain, "chosen")["choice"].update(fingerprint="0" * 64),
        "not among those that the insurer had quoted",
    ),
    "a choice unsaid": (stands(choices=[]), DIFFERENT),
    "another price": (chose(premium_yen=1), DIFFERENT),
    "another moment": (chose(chosen_at="2026-01-01T00:00:00+09:00"), DIFFERENT),
    "chosen for another policy": (chose(policy=f"{OWN} Z1"), DIFFERENT),
    "chosen twice": (
        lambda plain: plain["comparison"]["choices"].append(plain["comparison"]["choices"][0]),
        DIFFERENT,
    ),
    "another course": (chose(renewal="r1"), DIFFERENT),
    "another wish": (
        says(WANTING, statement="いちばん安いもの", statement_sha256=sha256("いちばん安いもの")),
        DIFFERENT,
    ),
    "a quote that stands no more": (
        lambda plain: plain.update(exported_at=one(plain, "answered", OTHER)["plans"][0]["valid_until"]),
        DIFFERENT,
    ),
    "one not considered": (lambda plain: plain["comparison"]["considered"]["plans"].pop(), DIFFERENT),
    "an insurer left out": (lambda plain: plain["comparison"]["parts"].pop(), "another contract"),
    "another state": (lambda plain: plain["comparison"]["parts"][0].update(state="late"), DIFFERENT),
    "left without a word": (lambda plain: plain["comparison"]["parts"][-1].update(state="declined"), DIFFERENT),
    "another policy": (lambda plain: plain["comparison"]["policies"][0].update(policy_number="Z1"), DIFFERENT),
    "a later version": (lambda plain: plain.update(version=3), "unknown to this program"),
}

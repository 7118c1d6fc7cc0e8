"""What a renewal leaves as evidence, read and taken away by its customer, and checked without the gateway."""

import hashlib
import json
from datetime import datetime
from itertools import groupby

import pytest

from gateway.evidence.audit import audit
from gateway.evidence.bundle import Bundle
from insurers.capability import Capability
from insurers.panel import find
from insurers.sandbox import Fault
from tests.api.agencies import agencies_at_work, let_act
from tests.api.conftest import CODES, FRIDAY, Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer

__all__ = ["agencies_at_work"]

EVIDENCE = """query ($id: ID!) { renewal(id: $id) { evidence { head keyFingerprint bundle entries {
  __typename sequence at actor role onBehalfOf hash previousHash
  ... on ConsentEntry { kind requirementKey statement statementHash locale language answer shown { label value }
    documentTitle documentHash paid: premium planFingerprint reviewHash }
  ... on OutcomeEntry { event ja: summary(locale: JA) en: summary(locale: EN)
    asked: premium planFingerprint reviewHash receiptNumber newPolicyNumber } } } } }"""

ASKED = """query ($id: ID!) { renewal(id: $id) {
  policy { number }
  review { plan { coverages { insurerLabel } } }
  nextActions { kind label }
  steps { facts { label value } requirements { __typename key label
    ... on FieldRequirement { inputKind options { label } }
    ... on ConfirmationRequirement { statement statementLocale }
    ... on DocumentRequirement { document { title url } } } } } }"""


@pytest.fixture(params=["ja", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(taro: Frontend, language: str) -> Frontend:
    """Taro, who reads everything in one language from the first page on."""
    taro.headers["Accept-Language"] = language
    return taro


async def asked(customer: Frontend, renewal: Json) -> Json:
    """The renewal as it is shown, with everything that is asked in it."""
    return (await customer.raw(ASKED, {"id": renewal["id"]}))["data"]["renewal"]  # type: ignore[no-any-return]  # Whatever was asked for.


async def opened(customer: Frontend, shown: Json) -> dict[str, str]:
    """The hash of each document's bytes, by its title."""
    papers = {}
    for need in (need for step in shown["steps"] for need in step["requirements"] if "document" in need):
        async with customer.http.get(need["document"]["url"]) as response:
            papers[need["document"]["title"]] = hash_of(await response.read())
    return papers


async def evidence(customer: Frontend, renewal: Json) -> Json:
    answer = await customer.raw(EVIDENCE, {"id": renewal["id"]})
    assert "errors" not in answer, answer["errors"]
    return answer["data"]["renewal"]["evidence"]  # type: ignore[no-any-return]  # As above.


def applications(found: Json) -> list[Json]:
    return [entry for entry in found["entries"] if entry.get("kind") == "APPLICATION"]


def outcomes(found: Json) -> list[str]:
    """What came of it, in order; that a change was heard and then read again counts once."""
    events = [entry["event"] for entry in found["entries"] if entry["__typename"] == "OutcomeEntry"]
    return [event for event, _ in groupby(events)]


def bundled(found: Json) -> Bundle:
    """The bundle, which is whole, and a renewal's."""
    bundle = audit(found["bundle"].encode()).bundle
    assert isinstance(bundle, Bundle)
    return bundle


def hash_of(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


async def test_a_renewal_leaves_everything_that_was_confirmed_and_what_came_of_it(
    town: Town, reader: Frontend, language: str, insurer: AnInsurer, ready: Json
) -> None:
    shown = await asked(reader, ready)
    papers = await opened(reader, shown)
    done = (await reader.submit(ready))["renewal"]
    assert "ACCEPTED" == done["status"]

    found = await evidence(reader, ready)

    every = found["entries"]
    assert list(range(1, len(every) + 1)) == [entry["sequence"] for entry in every]
    assert ["", *(entry["hash"] for entry in every[:-1])] == [entry["previousHash"] for entry in every]
    assert {town.clock()} == {datetime.fromisoformat(entry["at"]) for entry in every}
    _confirmed_in_these_words(shown, papers, every, language)
    assert ["SUBMIT", "ACCEPT"] == outcomes(found)
    _came_of_it(ready, done, every)
    _is_a_bundle_of(found, ready, done, shown, insurer)
    for stranger in (town.customer("sayuri"), town.nobody()):
        answer = await stranger.raw(EVIDENCE, {"id": ready["id"]})
        assert (answer.get("data") or {}).get("renewal") is None
    agent = await let_act(town, reader)
    assert {"evidence": None} == (await agent.raw(EVIDENCE, {"id": ready["id"]}))["data"]["renewal"]


def _confirmed_in_these_words(shown: Json, papers: dict[str, str], every: list[Json], language: str) -> None:
    """What the evidence says is what stood there, as this very reader was shown it."""
    left = {entry["requirementKey"]: entry for entry in every if "requirementKey" in entry}
    assert {language} == {entry["language"] for entry in left.values()}
    for step in shown["steps"]:
        for need in step["requirements"]:
            entry = left.get(need["key"])
            match need:
                case {"statement": words, "statementLocale": locale}:
                    assert entry is not None, need
                    assert (words, hash_of(words), locale) == (
                        entry["statement"],
                        entry["statementHash"],
                        entry["locale"],
                    )
                    assert step["facts"] == entry["shown"]
                    assert entry["answer"] is None
                case {"document": document}:
                    assert entry is not None, need
                    title = document["title"]
                    assert (title, papers[title]) == (entry["documentTitle"], entry["documentHash"])
                    assert (title, "ja") == (entry["statement"], entry["locale"])
                case {"label": label} if entry is not None:
                    assert (label, language) == (entry["statement"], entry["locale"])
                    assert need["options"] == [] or entry["answer"] in {one["label"] for one in need["options"]}
                    assert entry["answer"]
                case _:
                    assert need.get("inputKind") != "BOOLEAN", need
    assert any(entry["kind"] == "DECLARATION" for entry in left.values()), "something was declared"


def _came_of_it(ready: Json, done: Json, every: list[Json]) -> None:
    applied, sent, accepted = every[-3:]
    premium = ready["review"]["premium"]["total"]
    assert ("APPLICATION", ready["reviewHash"], premium) == (applied["kind"], applied["reviewHash"], applied["paid"])
    assert (ready["reviewHash"], premium) == (sent["reviewHash"], sent["asked"])
    assert ("CUSTOMER", None) == (sent["role"], sent["onBehalfOf"])
    assert ("SERVICE", sent["actor"]) == (accepted["role"], accepted["onBehalfOf"])
    assert done["result"]["newPolicyNumber"] == accepted["newPolicyNumber"]
    assert ("更新が完了しました", "The insurer issued the next policy") == (accepted["ja"], accepted["en"])


def _is_a_bundle_of(found: Json, ready: Json, done: Json, shown: Json, insurer: AnInsurer) -> None:
    audited = audit(found["bundle"].encode())
    assert found["keyFingerprint"] == audited.fingerprint
    assert found["head"] == found["entries"][-1]["hash"] == audited.bundle.head
    assert [entry["hash"] for entry in found["entries"]] == [entry.hash for entry in audited.entries]
    whole = bundled(found)
    about = whole.renewal
    assert (insurer.code, shown["policy"]["number"]) == (about.insurer, about.policy_number)
    assert ("accepted", done["result"]["newPolicyNumber"]) == (about.state, about.successor)
    assert ready["review"]["premium"]["total"] == about.premium_yen
    assert all(paper.opened_at for paper in whole.documents if paper.sha256 in audited.documents)

    [application] = [event for event in audited.bundle.events if event.get("kind") == "application"]
    assert hash_of(application["review"]) == application["review_fingerprint"] == ready["reviewHash"]
    assert hash_of(application["plan"]) == application["plan_fingerprint"]
    bought = json.loads(application["plan"])
    assert {"amount": ready["review"]["premium"]["total"]} in bought
    labels = {cover["insurerLabel"] for cover in shown["review"]["plan"]["coverages"]}
    assert labels == {label for _, label, *_ in bought[-1]}
    # People can read it: Japanese stands there as such.
    assert "申し込" in found["bundle"]


async def test_what_was_confirmed_before_a_change_stays_beside_what_was_confirmed_after_it(
    taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    await insurer.change(insurer.places.premium, taro)
    changed = (await taro.submit(ready))["renewal"]
    assert "IN_PROGRESS" == changed["status"]
    again = await taro.follow(changed)
    done = (await taro.submit(again))["renewal"]
    assert "ACCEPTED" == done["status"]

    found = await evidence(taro, ready)

    before, after = applications(found)
    assert (ready["reviewHash"], again["reviewHash"]) == (before["reviewHash"], after["reviewHash"])
    assert before["paid"] != after["paid"]
    assert ["SUBMIT", "CHANGE", "SUBMIT", "ACCEPT"] == outcomes(found)
    assert bundled(found).renewal.successor == done["result"]["newPolicyNumber"]


async def test_silence_is_evidence_and_so_is_what_was_found_out(
    town: Town, taro: Frontend, insurer: AnInsurer, ready: Json
) -> None:
    insurer.order(insurer.places.button, Fault.SILENCE)
    assert "UNCONFIRMED" == (await taro.submit(ready))["renewal"]["status"]
    unconfirmed = await evidence(taro, ready)
    assert ["SUBMIT", "SILENCE"] == outcomes(unconfirmed)
    assert bundled(unconfirmed).renewal.successor is None

    town.clock.set(town.clock() + insurer.settles_within)
    await town.gateway.worker.turn()

    found = await evidence(taro, ready)
    assert ["SUBMIT", "SILENCE", "ACCEPT"] == outcomes(found)
    assert unconfirmed["entries"] == found["entries"][: len(unconfirmed["entries"])]


HOURS = {code: find(code).MANIFEST.hours[Capability.RENEWAL] for code in CODES}


# An insurer that is always open needs no leave to be asked later.
@pytest.mark.parametrize("code", [code for code, hours in HOURS.items() if hours.closes_at(FRIDAY)])
async def test_leave_to_apply_later_is_evidence_in_the_words_that_stood_on_the_button(
    town: Town, reader: Frontend, language: str, insurer: AnInsurer, ready: Json
) -> None:
    closes_at = HOURS[insurer.code].closes_at(FRIDAY)
    assert closes_at is not None
    town.clock.set(closes_at)
    [button] = [one["label"] for one in (await asked(reader, ready))["nextActions"] if one["kind"] == "SUBMIT"]
    queued = (await reader.submit(ready))["renewal"]
    assert "QUEUED" == queued["status"]
    town.clock.set(datetime.fromisoformat(queued["willSubmitAt"]))
    await town.gateway.worker.turn()

    found = await evidence(reader, ready)

    assert ["QUEUE", "SUBMIT", "ACCEPT"] == outcomes(found)
    leave, waiting, sent = found["entries"][-4:-1]
    assert ("QUEUE_SUBMISSION", ready["reviewHash"], "CUSTOMER") == (leave["kind"], leave["reviewHash"], leave["role"])
    assert (button, language, language) == (leave["statement"], leave["locale"], leave["language"])
    assert ready["review"]["premium"]["total"] == leave["paid"]
    assert hash_of(leave["statement"]) == leave["statementHash"]
    assert ("CUSTOMER", True) == (waiting["role"], bool(waiting["receiptNumber"]))
    assert ("SERVICE", leave["actor"], ready["reviewHash"]) == (sent["role"], sent["onBehalfOf"], sent["reviewHash"])
    assert waiting["receiptNumber"] == json.loads(found["bundle"])["renewal"]["receipt"]["number"]
    assert bundled(found).renewal.successor

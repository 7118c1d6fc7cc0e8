"""`tabane evidence` as an operator, a customer or a court meets it: a file, and whether it is whole."""

import asyncio
import json
import os
from pathlib import Path

import msgspec
import pytest

from gateway import store as stores
from gateway.application import node_ids
from gateway.evidence.notary import Notary
from gateway.journeys import comparing_evidence
from gateway.vault import Keyring, fresh_key
from insurers.canonical import sha256
from insurers.comparison import Comparison, InquiryState
from tests.journeys.chains import ACCEPTED, APPLICATION, KEPT, LIFE, RENEWAL, SENT, chain, consent, written
from tests.shell.test_cli import Command, tabane
from tests.store.databases import sqlite_migrated
from tests.store.invented import comparison, inquiry

__all__ = ["tabane"]


def sealed_id(ring: str) -> str:
    return node_ids(Keyring.parse(ring)).seal("Renewal", RENEWAL.id)


# One id in sixty-four begins as an option does; this gateway's is one of those.
RING = next(ring for ring in iter(fresh_key, "") if sealed_id(ring).startswith("-"))
LEAFLET = b"%PDF-1.7 important matters"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway's database with one renewal in it, and its settings."""
    url = sqlite_migrated(tmp_path)
    monkeypatch.setenv("TABANE_DATABASE_URL", url)
    monkeypatch.setenv("TABANE_VAULT_KEYS", RING)

    async def fill() -> None:
        async with stores.opened(url, keyring=Keyring.parse(RING)) as store, store.work() as work:
            await work.renewals.add(RENEWAL, due_at=None)
            for entry in chain(msgspec.structs.replace(KEPT, document_sha256=sha256(LEAFLET)), *LIFE[1:]):
                await work.consents.append(entry)

    asyncio.run(fill())


@pytest.fixture
def file(desk: Path, kept: None, tabane: Command) -> Path:
    file = desk / "evidence.json"
    said = tabane("evidence", sealed_id(RING))
    assert (0, "") == (said.status, said.err)
    file.write_text(said.out, encoding="utf-8")
    return file


def test_what_was_exported_is_whole_and_tells_who_confirmed_what(
    tabane: Command, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever checks it has no settings of ours, and wrong ones do not matter.
    monkeypatch.setenv("TABANE_PORT", "nowhere")

    said = tabane("evidence", "--verify", str(file))

    assert (0, "") == (said.status, said.err)
    key = Notary(Keyring.parse(RING)).fingerprint
    assert said.out.startswith(f"鍵 {key} で署名された後の改変はありません。ただし、")
    assert f"Unchanged since the key {key} sealed it; whether that key is the gateway's was not checked." in said.out
    assert "acme KOTEI7SHOKEN: " in said.out
    assert "→ S700000001" in said.out
    assert "  2  2026-11-20 10:00:00 JST  customer  declaration: ② 告知事項 → いいえ" in said.out
    assert (
        "  3  2026-11-20 10:00:00 JST  customer  application: 上記の内容で申し込みます。 (¥3,000,000,000)" in said.out
    )
    assert "  5  2026-11-20 10:00:00 JST  service  accept: " in said.out


def test_a_renewal_is_found_by_our_own_id_too(tabane: Command, file: Path) -> None:
    said = tabane("evidence", RENEWAL.id)

    assert json.loads(file.read_text(encoding="utf-8"))["events"] == json.loads(said.out)["events"]


def test_a_changed_byte_is_found_and_named(tabane: Command, file: Path) -> None:
    file.write_bytes(file.read_bytes().replace("いいえ".encode(), "はいい".encode()))

    said = tabane("evidence", "--verify", str(file))

    assert (1, "") == (said.status, said.out)
    assert "記録2: 内容がハッシュと一致しません。書き換えられています。" in said.err
    assert "Entry 2: it does not fit its hash; it was changed." in said.err


def test_the_key_that_sealed_it_is_told_from_a_forgers(tabane: Command, file: Path) -> None:
    key = tabane("keys", "evidence").out.strip()

    expected = tabane("evidence", "--verify", str(file), "--key", key)
    file.write_text(written(chain(*LIFE), Notary(Keyring.fresh())), encoding="utf-8")
    forged = tabane("evidence", "--verify", str(file), "--key", key)

    assert (0, "") == (expected.status, expected.err)
    assert f"証跡に改変はありません。期待した鍵 {key} で署名されています。" in expected.out
    assert f"The evidence is whole: the expected key, {key}, sealed it." in expected.out
    assert (1, "") == (forged.status, forged.out)
    assert "別の鍵で署名されています。" in forged.err
    assert f"and {key} was expected." in forged.err


def test_what_a_forger_made_whole_is_not_called_so(tabane: Command, desk: Path) -> None:
    file, forger = desk / "forged.json", Notary(Keyring.fresh())
    bare = msgspec.structs.replace(SENT, required=(SENT.required or ())[-1:])
    file.write_text(written(chain(APPLICATION, bare, ACCEPTED), forger), encoding="utf-8")

    said = tabane("evidence", "--verify", str(file))

    heading = said.out.splitlines()[:2]
    assert [True, True] == [forger.fingerprint in line for line in heading]
    assert "確認していません" in heading[0]
    assert "was not checked" in heading[1]
    assert "whole" not in said.out


def test_a_document_is_the_one_that_was_confirmed_or_it_is_not(tabane: Command, file: Path, desk: Path) -> None:
    same, other = desk / "same.pdf", desk / "other.pdf"
    same.write_bytes(LEAFLET)
    other.write_bytes(LEAFLET + b" ")

    confirmed = tabane("evidence", "--verify", str(file), "--document", str(same))
    unknown = tabane("evidence", "--verify", str(file), "--document", str(same), "--document", str(other))

    assert 0 == confirmed.status
    assert "same.pdf: 確認された書類です。 This very document was confirmed." in confirmed.out
    assert (1, "") == (unknown.status, unknown.out)
    assert "other.pdf: nobody confirmed this document here." in unknown.err


def test_a_bundle_cannot_give_orders_to_the_terminal(tabane: Command, desk: Path) -> None:
    file = desk / "rude.json"
    file.write_text(written(chain(consent("\x1b[2J\nうその行"), *LIFE)), encoding="utf-8")

    said = tabane("evidence", "--verify", str(file))

    assert 0 == said.status
    assert "\x1b" not in said.out
    assert "details_confirmed:  [2J うその行" in said.out


def test_a_comparison_is_exported_and_checked_like_a_renewal(desk: Path, kept: None, tabane: Command) -> None:
    compared = comparison(intention=None, inquiries=(inquiry(state=InquiryState.ANSWERED),))
    asyncio.run(_compared(compared))
    file = desk / "comparison.json"

    said = tabane("evidence", node_ids(Keyring.parse(RING)).seal("Comparison", compared.id))
    file.write_text(said.out, encoding="utf-8")
    checked = tabane("evidence", "--verify", str(file))
    file.write_text(said.out.replace("おすすめプラン", "別のプラン"), encoding="utf-8")
    forged = tabane("evidence", "--verify", str(file))

    assert [(0, ""), (0, "")] == [(one.status, one.err) for one in (said, checked)]
    assert "acme KOTEI7SHOKEN ← acme: answered (1)" in checked.out
    assert "acme KOTEI7SHOKEN ✓ おすすめプラン ¥3,000,000,000" in checked.out
    assert "answered: 保険会社が見積りを回答しました The insurer quoted [acme]" in checked.out
    assert 0 != forged.status


async def _compared(compared: Comparison) -> None:
    """Keep a comparison in which the insurer that has the contract was asked, and one of its plans chosen."""
    url, part = os.environ["TABANE_DATABASE_URL"], compared.inquiries[0]
    async with stores.opened(url, keyring=Keyring.parse(RING)) as store, store.work() as work:
        await work.comparisons.add(compared)
        await work.inquiries.add(part, due_at=None)
        await comparing_evidence.requested(work, compared)
        await comparing_evidence.asked(work, compared, part)
        await comparing_evidence.answered(work, compared, part)
        await comparing_evidence.chosen(work, compared, part, compared.choices[0])


def test_an_id_that_nothing_has_is_told_so(tabane: Command, kept: None) -> None:
    said = tabane("evidence", "nobodys")

    assert (1, "") == (said.status, said.out)
    assert "この id の更新手続き・比較・同意は見つかりません。" in said.err
    assert "There is no renewal, comparison or consent with this id here." in said.err


@pytest.mark.parametrize(
    "words",
    [(), ("r1", "--verify", "evidence.json"), ("r1", "--key", "k"), ("--verify", "nowhere.json")],
    ids=["nothing", "both", "a key for nothing", "no file"],
)
def test_what_cannot_be_meant_is_a_mistake_of_the_caller(tabane: Command, file: Path, words: tuple[str, ...]) -> None:
    assert 2 == tabane("evidence", *words).status


@pytest.mark.parametrize("words", [("evidence",), ("keys", "evidence")], ids=" ".join)
def test_it_explains_itself(tabane: Command, words: tuple[str, ...]) -> None:
    said = tabane(*words, "--help")

    assert 0 == said.status
    assert " ".join(("tabane", *words)) in said.out

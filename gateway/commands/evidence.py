"""`tabane evidence`"""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from gateway import settings, store, telemetry
from gateway.application import node_ids
from gateway.development import now
from gateway.evidence import flaw
from gateway.evidence.audit import Audited, audit
from gateway.evidence.bundle import AnyBundle, Bundle, ComparisonBundle, ConsentBundle
from gateway.evidence.notary import Notary
from gateway.journeys.evidence import EvidenceRoom
from gateway.settings import Settings
from gateway.vault import Keyring
from insurers.canonical import sha256
from insurers.consent import Entry
from insurers.evidence import Compared, Evidence, Outcome
from insurers.hours import TOKYO
from insurers.text import Text


class NoSuchFlow(LookupError):
    """No renewal, no comparison and no consent here has this id."""


def export(flow: str) -> None:
    read = settings.read()
    telemetry.set_up(read.log_format)
    sys.stdout.write(asyncio.run(_exported(read, flow)))


async def _exported(read: Settings, id_: str) -> str:
    ring = _keyring(read)
    ids = node_ids(ring)
    parts = ids.parts(id_, "Renewal") or ids.parts(id_, "Comparison") or ids.parts(id_, "Consent")
    async with store.opened(read.database_url.get_secret_value(), keyring=ring) as kept:
        whole = await EvidenceRoom(kept, now, Notary(ring)).exported(parts[0] if parts else id_)
    if whole is None:
        raise NoSuchFlow(id_)
    return whole


def show_key() -> None:
    _say(Notary(_keyring(settings.read())).fingerprint)


def verify(file: Path, *, key: str | None, documents: Sequence[Path]) -> None:
    """
    Raises:
        Flaw: the first thing that is wrong.
    """
    audited = audit(file.read_bytes())
    if key is not None and key.strip().lower() != audited.fingerprint:
        raise flaw.other_key(audited.fingerprint, key.strip().lower())
    for document in documents:
        if sha256(document.read_bytes()) not in audited.documents:
            raise flaw.other_document(document.name)
    for line in _summary(audited, key_is_known=key is not None, documents=documents):
        _say(line)


def _summary(audited: Audited, *, key_is_known: bool, documents: Sequence[Path]) -> list[str]:
    heading = (_whole if key_is_known else _unchanged)(audited.fingerprint)
    return [
        heading.ja,
        heading.en,
        *_standing(audited.bundle),
        *(_line(entry) for entry in audited.entries),
        *(f"{one.name}: 確認された書類です。 This very document was confirmed." for one in documents),
    ]


def _standing(bundle: AnyBundle) -> list[str]:
    match bundle:
        case Bundle(renewal=about):
            successor = f" → {about.successor}" if about.successor else ""
            return [f"{about.insurer} {about.policy_number}: {about.state}{successor}"]
        case ComparisonBundle(comparison=compared):
            parts = [f"{part.policy} ← {part.insurer}: {part.state} ({part.plans})" for part in compared.parts]
            chosen = [f"{choice.policy} ✓ {choice.plan} ¥{choice.premium_yen:,}" for choice in compared.choices]
            return [*parts, *chosen]
        case ConsentBundle(consent=given):
            over = f" ✗ {given.revoked_at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} JST" if given.revoked_at else ""
            return [f"{given.agency}: {', '.join(given.scopes)}{over}"]


def _whole(key: str) -> Text:
    return Text(
        f"証跡に改変はありません。期待した鍵 {key} で署名されています。",
        f"The evidence is whole: the expected key, {key}, sealed it.",
    )


def _unchanged(key: str) -> Text:
    """Anybody can make such a file, and seal it with a key of his own."""
    return Text(
        f"鍵 {key} で署名された後の改変はありません。ただし、その鍵が発行元のものかどうかは確認していません。"
        "公開されている指紋を --key で指定すると確認できます。",
        f"Unchanged since the key {key} sealed it; whether that key is the gateway's was not checked. Give the"
        " published fingerprint as --key.",
    )


def _line(entry: Evidence) -> str:
    """`3  2026-11-20 10:00:00 JST  customer  application: 契約を申し込む`"""
    head = f"{entry.sequence:>3}  {entry.at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} JST  {_who(entry)}  "
    if isinstance(entry, Compared):
        about = " ".join(filter(None, (entry.insurer, ", ".join(entry.categories or ()))))
        return f"{head}{entry.event}: {entry.summary.ja} {entry.summary.en}" + (f" [{about}]" if about else "")
    if isinstance(entry, Outcome):
        return f"{head}{entry.event}: {entry.summary.ja} {entry.summary.en}"
    answer = f" → {entry.answer}" if entry.answer is not None else ""
    premium = f" ({entry.premium})" if entry.premium else ""
    return f"{head}{entry.kind}: {entry.statement}{answer}{premium}"


def _who(entry: Entry) -> str:
    return f"{entry.role} {entry.actor}" if entry.on_behalf_of and entry.role != "service" else entry.role


def _keyring(read: Settings) -> Keyring:
    assert read.vault_keys is not None  # noqa: S101 (settings that were read have some)
    return Keyring.parse(read.vault_keys.get_secret_value())


def _say(line: str) -> None:
    # Anybody may have written the file, and a terminal obeys what it does not print.
    shown = "".join(letter if letter.isprintable() else " " for letter in line)
    Console(highlight=False, markup=False).print(shown, soft_wrap=True)

"""The main job with its troubles, and then a search of everything that it left behind for what is nobody's business."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from gateway.store.tables import metadata
from insurers.sandbox import Fault
from tests.api.conftest import Town
from tests.api.frontend import Frontend, Json
from tests.journeys.insurer import AnInsurer, by_turns
from tests.journeys.registering import WRONG_SECRET, guessed, secret_asked

STRANGER_BORN = "1971-11-17"

HOUR = timedelta(hours=1)

# A shorter one may stand anywhere by chance.
SHORTEST = 6


class Gossip:
    """Notes down, as it goes by, everything that must be found nowhere."""

    def __init__(self, customer: Frontend) -> None:
        self._customer = customer
        self.heard = {WRONG_SECRET, STRANGER_BORN, customer.headers["Authorization"].removeprefix("Bearer ")}
        person = customer.person
        self.heard |= {person["mail"], person["password"], *person["name"].split()}
        self.heard |= set(person["fields"].values())
        self.heard |= {number for numbers in person["policies"].values() for number in numbers}

    def overhear(self, *values: str | None) -> None:
        self.heard |= {value for value in values if value}

    def mails(self) -> None:
        for letter in self._customer.letters:
            for url in re.findall(r"https?://\S+", letter.text):
                self.overhear(url.partition("=")[2])
            self.overhear(*re.findall(r"[A-Z]?\d{9,10}", letter.text))

    def spellings(self) -> Iterator[bytes]:
        """In each way in which a log, a database or a wire may write it."""
        for value in self.heard:
            if value.isascii() and len(value) < SHORTEST:
                continue
            yield value.encode()
            yield value.encode("unicode_escape")
            yield quote(value).encode()
            if not value.isascii():
                yield quote(value, encoding="cp932", errors="replace").encode()
            digits = re.sub(r"\D", "", value)
            if re.fullmatch(r"[\d-]{8,}", value):
                yield digits.encode()


def found(where: bytes, gossip: Gossip) -> list[str]:
    return sorted({spelling.decode() for spelling in gossip.spellings() if spelling in where})


def everything_in(url: str) -> bytes:
    """All that is in a database, as somebody sees it who got hold of it."""
    return _in_sqlite(Path(url.partition("///")[2])) if url.startswith("sqlite") else _in_postgresql(url)


def _in_sqlite(file: Path) -> bytes:
    # What is not yet in the file itself lies beside it.
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(f"{file.name}*")))


def _in_postgresql(url: str) -> bytes:
    with psycopg.connect(url) as connection:
        rows = [
            row
            for table in metadata.tables
            for row in connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)))
        ]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for row in rows for cell in row)


@by_turns
async def test_logs_and_database_know_nobody(
    town: Town,
    taro: Frontend,
    insurer: AnInsurer,
    address_of_database: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    gossip = Gossip(taro)

    await live_through(town, taro, insurer, gossip)

    gossip.mails()
    assert [taro.person["mail"]] == found(taro.person["mail"].encode(), gossip)
    printed = capfd.readouterr()
    said = "\n".join([caplog.text, printed.out, printed.err, *map(repr, caplog.records)])
    assert "insurer called" in said
    assert [] == found(said.encode(), gossip)
    kept = everything_in(address_of_database)
    assert insurer.code.encode() in kept
    assert [] == found(kept, gossip)


async def live_through(town: Town, taro: Frontend, insurer: AnInsurer, gossip: Gossip) -> None:
    """Register and renew, with a mistake, a trouble and a refusal at each turn."""

    def as_a_stranger(need: Json) -> Json | None:
        return {"text": STRANGER_BORN} if need["key"] == "birth_date" else None

    refused = await taro.register(insurer.code, as_a_stranger)
    assert ["IDENTITY_MISMATCH"] == [error["code"] for error in refused["errors"]]
    insurer.order(insurer.places.sends, Fault.GIBBERISH)
    await taro.register(insurer.code)
    guessing = await guessed(taro, await secret_asked(taro, insurer.code))
    assert "COMPLETED" == (await taro.follow_registration(guessing))["status"]
    gossip.overhear(taro.noted)

    await taro.raw(MALFORMED, {"number": f"{WRONG_SECRET}?"})
    town.trouble(insurer.code, Fault.GIBBERISH)
    await taro.policies(first=100)
    town.relieve()

    ready = await taro.ready(insurer.code)
    insurer.order(insurer.places.button, Fault.SILENCE)
    await taro.submit(ready)
    town.clock.advance(HOUR)
    await town.gateway.worker.turn()
    assert "ACCEPTED" == (await taro.read(ready))["status"]
    gossip.overhear(*await insurer.successors(taro))


MALFORMED = 'query ($number: PolicyNumber!) { policy(by: { insurer: { code: "x" }, number: $number }) { id } }'

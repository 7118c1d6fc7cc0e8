"""`tabane keys`"""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console

from gateway import settings, store, telemetry
from gateway.settings import Settings
from gateway.store import Store
from gateway.vault import Keyring, Unsealable, fresh_key
from gateway.wrong_settings import PREFIX
from insurers.text import Text

# How long to leave a row alone that somebody is writing.
BUSY_SECONDS = 0.2

VAULT_KEYS = f"{PREFIX}VAULT_KEYS"


class NotRotated(Exception):
    """A row cannot be opened, and stays as it is; the sentence says what to do."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def new(key_id: int) -> None:
    _say(fresh_key(key_id))


def rotate(*, page: int) -> None:
    read = settings.read()
    telemetry.set_up(read.log_format)
    asyncio.run(_rotate(read, page=page))


async def _rotate(read: Settings, *, page: int) -> None:
    assert read.vault_keys is not None  # noqa: S101 (settings that were read have some)
    ring = Keyring.parse(read.vault_keys.get_secret_value())
    settings.make_data_folder(read)
    async with store.opened(read.database_url.get_secret_value(), keyring=ring) as kept:
        missing = (await kept.sealed()).keys() - ring.ids
        if missing:
            raise NotRotated(_missing(missing))
        with _told_by_table():
            await kept.probe()
            done = await _everything(kept, ring, page=page)
    _say(f"{done} 行を鍵 {ring.primary} で封じ直しました。 {done} rows were sealed again, under key {ring.primary}.")
    _farewell(ring)


async def _everything(kept: Store, ring: Keyring, *, page: int) -> int:
    """Seal again whatever is not under the primary key, and answer how many rows that were."""
    done = 0
    while (await kept.sealed()).keys() - {ring.primary}:
        while sealed := await kept.reseal(limit=page):
            done += sealed
            _say(f"… {done}")
        await asyncio.sleep(BUSY_SECONDS)
    return done


@contextmanager
def _told_by_table() -> Iterator[None]:
    try:
        yield
    except Unsealable as error:
        # The note names the row, and with it the customer; the table is what may be told.
        tables = {note.removeprefix("in ").partition(":")[0] for note in error.__notes__}
        raise NotRotated(_unopened(tables)) from None


def _farewell(ring: Keyring) -> None:
    """Say which keys may go, and which must stay."""
    lowest = min(ring.ids)
    spare = _listed(ring.ids - {ring.primary, lowest})
    _say("古い鍵で封じられた行はありません。 Nothing is left under an older key.")
    if spare:
        _say(
            f"すべてのゲートウェイとワーカーで鍵 {ring.primary} が先頭なら、鍵 {spare} は {VAULT_KEYS} から外せます。\n"
            f"Once every gateway and worker runs with key {ring.primary} first, {VAULT_KEYS} may lose: {spare}."
        )
    if lowest != ring.primary:
        _say(
            f"鍵 {lowest} は残してください。指紋とノードIDはこの鍵から作られています。\n"
            f"Keep key {lowest}: fingerprints and node ids rest on it."
        )


def _missing(ids: Iterable[int]) -> Text:
    listed = _listed(ids)
    return Text(
        f"鍵 {listed} で封じられた行がありますが、{VAULT_KEYS} にその鍵がありません。何も変更していません。"
        "その鍵を加えて、もう一度実行してください。",
        f"Rows lie under keys that are not in {VAULT_KEYS}: {listed}. Nothing was changed. "
        "Add them and run this again.",
    )


def _unopened(tables: Iterable[str]) -> Text:
    listed = ", ".join(sorted(tables))
    return Text(
        f"表 {listed} に、{VAULT_KEYS} の鍵では開けない行があります。その行は変更していません。"
        "封じたときの鍵と同じものか確認して、もう一度実行してください。",
        f"A row of {listed} cannot be opened with the key of its number in {VAULT_KEYS}. It was left as it is. "
        "See that the key is the one that sealed it, and run this again.",
    )


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(map(str, sorted(ids)))


def _say(line: str) -> None:
    Console(highlight=False, markup=False).print(line, soft_wrap=True)

"""Residents: a crowd beside the personas, with usual contracts (WIRE.md §12)."""

from collections.abc import Iterator, Sequence
from datetime import date

from insurers.sandbox import Resident

from . import personas
from .accounts import Account
from .contracts import Name, Policyholder
from .house import House
from .passwords import public
from .personas import Persona

PASSWORD = "Resident-1"
MATURES_IN_DAYS = 30
BORN = date(1985, 5, 5)

KANJI_DIGITS = "〇一二三四五六七八九"
KANA_DIGITS = ("レイ", "イチ", "ニ", "サン", "ヨン", "ゴ", "ロク", "ナナ", "ハチ", "キュウ")

PLATES_OF_A_KIND = 10_000
# Of a resident's first car, second car, …
KANA_OF_PLATES = "みむめもやゆよら"


def move_in(house: House, count: int, policies: int = 1) -> Sequence[Resident]:
    """Answer who moved in; they are numbered on from those who live here already."""
    first = house.residents + 1
    house.residents += count
    return tuple(_settle(house, range(first, first + count), policies))


def _settle(house: House, numbers: range, policies: int) -> Iterator[Resident]:
    told, now = personas.read(), house.clock()
    for number in numbers:
        persona, user_id = _persona(number, policies), f"resident-{number:04d}@example.jp"
        contracts = {contract.shoken_no: contract for contract in personas.contracts_of(persona, told, now)}
        house.book.personas[persona.code] = persona
        house.book.contracts |= contracts
        house.accounts.keep(Account(persona.code, user_id, True, password=public(PASSWORD)))
        yield Resident(user_id=user_id, password=PASSWORD, numbers=tuple(contracts))


def _persona(number: int, policies: int) -> Persona:
    digits = [int(digit) for digit in f"{number:04d}"]
    return Persona(
        code=f"resident-{number:04d}",
        shows="One of a crowd: the straight road.",
        keiyakusha=Policyholder(
            shimei=Name(sei="住人", mei="".join(KANJI_DIGITS[digit] for digit in digits)),
            kana=Name(sei="ジュウニン", mei="".join(KANA_DIGITS[digit] for digit in digits)),
            seinengappi=BORN,
            yubin_no="100-0099",
            jusho=f"東京都千代田区見本町99-{number}",
            denwa="080-0000-0399",
        ),
        shain_no=str(600_000_000 + number),
        keiyaku=[
            {"shokenNo": f"03{place}{number:07d}", "mankiMadeNissu": MATURES_IN_DAYS, "okuruma": _car(number, place)}
            for place in range(policies)
        ],
    )


def _car(number: int, place: int) -> dict[str, object]:
    series, plate = divmod(number, PLATES_OF_A_KIND)
    return {
        "shamei": "サンプリオ",
        "torokuNo": f"見本 {300 + series} {KANA_OF_PLATES[place]} {plate // 100:02d}-{plate % 100:02d}",
        "katashiki": "ZZA-AB10",
        "shodoToroku": "2020-06",
        "yotoShashu": "自家用普通乗用車",
        "sharyoKagaku": 1_500_000,
    }

"""Japanese addresses: kept as written, read as far as is sure, and compared up to the house (domain 5.3)."""

import re
import unicodedata

from insurers.glyphs import common
from insurers.identity import DASHES
from insurers.numerals import KANJI, in_digits
from insurers.person import Private

_PREFECTURE = re.compile(
    "東京都|北海道|京都府|大阪府|"
    "(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重|滋賀|"
    "兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)県"
)

# 丁目, 番 and 号. A fourth number is a room, and so is a third of this length: houses are not numbered so far.
HOUSE_NUMBERS = 3
ROOM_DIGITS = 3


class Place(Private, frozen=True, kw_only=True):
    """
    Where somebody lives.

    The town is folded for comparing. The numbers are those of 丁目, 番 and 号, or fewer; what
    follows them, a building or nothing, is as written but for width.
    """

    written: str
    prefecture: str | None
    town: str
    numbers: tuple[int, ...]
    building: str


_POSTAL_CODE = re.compile(r"^〒?\s*[0-9]{3}-?[0-9]{4}(?![0-9-])\s*")
_COUNTED = rf"[0-9{KANJI}]"

# In order: how people write one thing in several ways, and the one way in which it is compared.
_SPELLINGS = (
    (re.compile(rf"(?<={_COUNTED})\s*[\-{DASHES}]\s*(?={_COUNTED})"), "-"),
    (re.compile(r"(?<=[0-9番地])[のノ之](?=[0-9])"), "-"),
    (re.compile(r"番地-"), "-"),
    (re.compile(r"\s+(?=丁目|番地|番|号)"), ""),
    # The streets of Kyoto lead to a town, which alone stands in registers.
    (re.compile(r"(京都市\w{1,3}区).*(?:[上下][るル]|[東西]入[るル]?)"), r"\1"),
    (re.compile(r"大字|(?<=[市区町村])字"), ""),
    *((re.compile(rf"(?<=[一-龠々])[{kana}](?=[一-龠々])"), kana[0]) for kana in ("ケヶヵがガ", "ノの之", "ツッつっ")),
)
# 三丁目 and 三-九 are numbers; 三田 and 八丁堀 are names, and 一番町 is one that is also written 1番町.
_IN_KANJI = re.compile(rf"[{KANJI}]+(?=丁目|番地|番|号|条|-{_COUNTED})|(?<=-)[{KANJI}]+")

_NUMBER = r"[0-9]+(?!\d|号[室棟館]|階|F|棟|条|線|軒|区|町|番[町丁])"
_HOUSE = re.compile(rf"{_NUMBER}(?:(?:丁目\s*|番地?|番\s+|-){_NUMBER})*")
_UNIT = re.compile(r"^(?:丁目|番地|番|号)?[\s\-]*")


def read_place(written: str) -> Place:
    """Read an address as far as it is sure; whatever cannot be told apart stays in the town."""
    text = _POSTAL_CODE.sub("", unicodedata.normalize("NFKC", common(written)).strip())
    for spelled, alike in _SPELLINGS:
        text = spelled.sub(alike, text)
    text = _IN_KANJI.sub(_number, text)
    named = _PREFECTURE.match(text)
    prefecture = named[0] if named else None
    text = text.removeprefix(prefecture or "")
    found = _HOUSE.search(text)
    town, house, rest = (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")
    return Place(
        written=written,
        prefecture=prefecture,
        town=re.sub(r"\s", "", town).casefold(),
        numbers=tuple(int(number) for number in re.findall(r"[0-9]+", house)),
        building=_UNIT.sub("", rest).strip(),
    )


def same_place(one: str, other: str) -> bool:
    """
    Tell whether two addresses are one house.

    A prefecture left out, a building and a room make no difference, and neither does how 丁目,
    番 and 号 are written. A house number that only one of them has does.
    """
    a, b = read_place(one), read_place(other)
    if a.prefecture and b.prefecture and a.prefecture != b.prefecture:
        return False
    return a.town == b.town and _same_house(*sorted((a.numbers, b.numbers), key=len))


def _same_house(fewer: tuple[int, ...], more: tuple[int, ...]) -> bool:
    beyond = more[len(fewer) :]
    return fewer == more[: len(fewer)] and (
        not beyond or len(fewer) >= HOUSE_NUMBERS or (bool(fewer[1:]) and len(str(beyond[0])) >= ROOM_DIGITS)
    )


def _number(found: re.Match[str]) -> str:
    try:
        return in_digits(found[0])
    except ValueError:
        return found[0]

"""When two addresses are the same house (WIRE.md §3.3, domain 5.3)."""

import re
import unicodedata

KANJI_DIGITS = {kanji: number for number, kanji in enumerate("一二三四五六七八九", start=1)}
KANJI_NUMBER = re.compile(r"([一二三四五六七八九]?十)?([一二三四五六七八九])?(?=丁目|番(?!町)|号)")
HYPHENS = "‐‑‒–—−ーｰ-"
BETWEEN_NUMBERS = re.compile(rf"(?<=\d)\s*(?:丁目|番地の|番地|番|号|の|[{HYPHENS}])\s*(?=\d)")
AFTER_A_NUMBER = re.compile(r"(?<=\d)(?:丁目|番地|番(?!町)|号(?!室))")
# 北3条西4丁目, 一番町: such a number is part of the town's name.
STREET = re.compile(r"(\d+)(?=条|線|番町)")
GA = re.compile(r"(?<=[一-鿿])[ヶケがガ](?=[一-鿿])")
PREFECTURE = re.compile(r"東京都|北海道|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-鿿]{2})県")
LETTERS = str.maketrans("0123456789", "〇一二三四五六七八九")


def same_house(one: str, other: str) -> bool:
    """Towns and numbers are compared; a building is not, nor a prefecture that only one of them names."""
    prefecture, *house = _parts(one)
    other_prefecture, *other_house = _parts(other)
    return (house == other_house and "" in (prefecture, other_prefecture)) or _parts(one) == _parts(other)


def _parts(text: str) -> tuple[str, str, str]:
    """Answer the prefecture, the town, and the numbers behind it as `2-3-4`."""
    text = KANJI_NUMBER.sub(_arabic, unicodedata.normalize("NFKC", text).strip())
    text = STREET.sub(lambda found: found[1].translate(LETTERS), text)
    text = AFTER_A_NUMBER.sub("", BETWEEN_NUMBERS.sub("-", text))
    numbers = re.search(r"\d+(?:-\d+)*", text)
    town = text[: numbers.start()] if numbers else text
    town = GA.sub("ケ", re.sub(r"\s|大字", "", town))
    prefecture = PREFECTURE.match(town)
    name = prefecture[0] if prefecture else ""
    return name, town.removeprefix(name), numbers[0] if numbers else ""


def _arabic(found: re.Match[str]) -> str:
    tens, ones = found.groups()
    if not tens and not ones:
        return ""
    return str(10 * (KANJI_DIGITS.get(tens[0], 1) if tens else 0) + KANJI_DIGITS.get(ones or "", 0))

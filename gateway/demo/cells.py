"""What stands in one cell of a comparison: a value in few words, and a mark of how it stands to the present cover."""

from collections.abc import Iterator, Mapping

from rich.text import Text

from gateway.demo.client import Answer
from insurers import amounts
from insurers.money import Yen
from insurers.text import Language
from insurers.text import Text as Word

# How a value stands to the present one's: a mark that needs no colour, and a colour.
MARKS: Mapping[str, tuple[str, str]] = {
    "REFERENCE": ("", ""),
    "EQUAL": ("＝", "dim"),
    "BETTER": ("▲", "green"),
    "WORSE": ("▼", "red"),
    "DIFFERENT": ("◇", "yellow"),
    "ONLY_HERE": ("＋", "green"),
    "LOST": ("－", "red"),
    "UNKNOWN": ("？", "yellow"),
}

COVERED: Mapping[str, tuple[str, str]] = {
    "YES": ("○", "green"),
    "NO": ("×", "red"),
    "CONDITIONAL": ("△", "yellow"),
    "UNKNOWN": ("？", "yellow"),
}

LEGEND = Word(
    "▲手厚い ▼狭い ◇優劣を付けられない ＋現在にない補償 －なくなる補償 ？示されていない ＝同じ ≠違いのある行\n"
    "事故ごと：○対象 ×対象外 △条件付き ？示されていない",
    "▲ more  ▼ less  ◇ different  ＋ only here  － missing  ？ not stated  ＝ the same  ≠ a row with differences\n"
    "what can happen to the car: ○ covered  × not covered  △ under conditions  ？ not stated",
)

_NONE = Word("なし", "none")
_NOT_STATED = Word("示されていない", "not stated")
_YES = Word("あり", "yes")
_NOTHING_BETWEEN_CARS = Word("車対車免ゼロ", "0 if by a car")
_BASES: Mapping[str, Word] = {"PERSON": Word("1名につき", "per person"), "DAY": Word("1日につき", "per day")}
_ABROAD = Word("国外", "abroad")
_LIMITS: Mapping[str, Word] = {
    "UNLIMITED": Word("無制限", "unlimited"),
    "ACTUAL_VALUE": Word("車両価額", "car's value"),
}


def cover(cell: Answer, language: Language, *, named: bool) -> Text:
    """Say how a plan has a cover; *named* adds what its insurer calls it."""
    mark, style = MARKS[cell["verdict"]]
    said = cell["coverage"]
    if said and not said["stated"]:
        return Text(f"？{_NOT_STATED.to(language)}", style="yellow")
    if said is None or not said["included"]:
        return Text(f"{mark}{_NONE.to(language)}", style=style)
    value = "\n".join(_told(said, language)) or _YES.to(language)
    label = f"\n{said['insurerLabel']}" if named else ""
    return Text.assemble((f"{mark}{value}", style), (label, "dim"))


def _told(said: Answer, language: Language) -> Iterator[str]:
    """Say what a cover does in few words, each thing in a line of its own."""
    if limit := said["limit"]:
        yield from _limit(limit, language)
    if said["insurerVariant"]:
        yield said["insurerVariant"]
    if said["perils"] and (borne := said["deductible"]):
        yield _borne(borne["first"], borne["second"]).to(language)
        if borne["carToCarZero"]:
            yield _NOTHING_BETWEEN_CARS.to(language)


def _limit(limit: Answer, language: Language) -> Iterator[str]:
    if limit["kind"] in _LIMITS:
        yield _LIMITS[limit["kind"]].to(language)
    if limit["amount"] is not None:
        yield round_sum(limit["amount"], language)
        if basis := _BASES.get(limit["basis"]):
            yield basis.to(language)
    if limit["abroad"] is not None:
        yield f"{_ABROAD.to(language)} {round_sum(limit['abroad'], language)}"


def _borne(first: int, later: int) -> Word:
    """Say what is borne at first and later as a leaflet does: 免責5-10万円."""
    return Word(
        f"免責{first / amounts.MAN:g}-{later / amounts.MAN:g}万円", f"deductible {Yen(first)}, then {Yen(later)}"
    )


def round_sum(amount: int, language: Language) -> str:
    """Say an amount as a leaflet does: 5,000万円, 1億円."""
    return amounts.yen(Yen(amount)).to(language)


def condition(cell: Answer) -> Text:
    mark, style = MARKS[cell["verdict"]]
    return Text(f"{mark}{cell['insurerValue'] or cell['value'] or '？'}", style=style)


def peril(covered: str | None) -> Text:
    mark, style = COVERED[covered or "UNKNOWN"]
    return Text(mark, style=style)

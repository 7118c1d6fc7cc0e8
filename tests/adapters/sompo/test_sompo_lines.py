"""Lines are read at once, and say what the standard library finds in them field by field, however damaged they are."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TypeVar
from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from insurers.coverage import Covered
from insurers.sompo.mapping import cover
from insurers.sompo.wire import lines, notation, records
from insurers.sompo.wire.contracts import Hosyou, Kiken
from insurers.sompo.wire.quotes import Sentaku
from insurers.sompo.wire.records import Record, Ware

TOLD = "KEKKA_CD={code}&KEKKA_BUN=%90%B3%8F%ED&SYORI_NITIJI=20261121184500"
LEAD = "SYOKEN_NO"

T = TypeVar("T")


class Meibo(Record, frozen=True):
    sei: str
    mei: str


class Sina(Ware, frozen=True):
    cd: str
    mei: str


NAMES = {Meibo: ["SEI", "MEI"], Sina: ["CD", "MEI"]}

# What lines are made of, and what could pass for it.
SIGNS = [*"&=+%;2683A1eE \x00\x1e\x1f", "%26", "%3D", "%1E", "%0D%0A", "%83", "%8", "&&", "REC=", "Ａ"]
TEXTS = st.text("三住太郎ｱー~\\aZ09 &=+%\x1e\n", max_size=6)


def told(read: Callable[..., T], *said: object) -> T | None:
    """Answer None for what is not in the wire; any other error is one of the test."""
    try:
        return read(*said)
    except ValueError:
        return None


def fields(line: str) -> list[tuple[str, str]]:
    return parse_qsl(line, keep_blank_values=True, strict_parsing=True, encoding=records.CODEC, errors="strict")


@st.composite
def written(draw: st.DrawFn, kind: type[Record]) -> str:
    """Write a record as it may come: what need not be quoted may be, and now and then something is not as it was."""
    names = ["REC", LEAD, *NAMES[kind]]
    values = [kind.__name__.upper(), *(draw(TEXTS) for _ in names[1:])]
    line = "&".join(f"{draw(quoted(name))}={draw(quoted(value))}" for name, value in zip(names, values, strict=True))
    for at in draw(st.lists(st.integers(0, len(line)), max_size=2)):
        line = line[:at] + draw(st.sampled_from(["", *SIGNS])) + line[at + draw(st.integers(0, 3)) :]
    return line


@st.composite
def quoted(draw: st.DrawFn, text: str) -> str:
    bare = quote_plus(text, encoding=records.CODEC)
    # A letter in disguise is the same letter.
    return f"%{ord(bare[0]):x}{bare[1:]}" if bare[:1].isalnum() and draw(st.booleans()) else bare


def library(kind: type[Record], body: str) -> Mapping[tuple[str, ...], Sequence[Record]]:
    """Read records of *kind* by what leads them, as anybody would who had only the standard library."""
    grouped: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
    for line in body.encode("ascii").decode().splitlines():
        (first, rec), (lead, number), *own = fields(line)
        if (first, rec, lead) != ("REC", kind.__name__.upper(), LEAD) or NAMES[kind] != [name for name, _ in own]:
            raise ValueError
        grouped[(number,)].append(kind(*(value for _, value in own)))
    return grouped


def ours(kind: type[Record], body: str) -> Mapping[tuple[str, ...], Sequence[Record]]:
    answer = lines.read(f"{TOLD.format(code='00')}\r\n{body}".encode())
    answer.only(kind)
    return answer.by(kind, LEAD)


@pytest.mark.parametrize("kind", NAMES)
@given(data=st.data())
def test_a_record_says_what_the_standard_library_finds_in_it(kind: type[Record], data: st.DataObject) -> None:
    body = "\r\n".join(data.draw(st.lists(written(kind), min_size=1, max_size=3)))

    assert told(library, kind, body) == told(ours, kind, body)


@pytest.mark.parametrize(
    ("own", "record"),
    [
        ("SEI=a&MEI=b", Meibo("a", "b")),
        ("SEI=a%26MEI=b", None),
        ("SEI=a%26&MEI=b", Meibo("a&", "b")),
        ("SEI=a%3Db&MEI=b=c", Meibo("a=b", "b=c")),
        ("SEI%1Ea&MEI=b", None),
        ("SEI=%1E&MEI=%0D%0A", Meibo("\x1e", "\r\n")),
        ("%53EI=a&M%45I=b", Meibo("a", "b")),
        ("SEI=%8&MEI=%", Meibo("%8", "%")),
        ("SEI=%83&MEI=b", None),
    ],
)
def test_no_sign_in_disguise_ends_a_field_or_begins_one(own: str, record: Meibo | None) -> None:
    body = f"REC=MEIBO&SYOKEN_NO=A1&{own}"

    assert (record and {("A1",): [record]}) == told(library, Meibo, body) == told(ours, Meibo, body)


def test_only_what_is_sold_is_kept_and_never_what_is_of_a_contract() -> None:
    kept = {kind for kind in Ware.__subclasses__() if kind.__module__.startswith("insurers.")}
    (sold,) = ours(Sina, "REC=SINA&SYOKEN_NO=A1&CD=01&MEI=b")[("A1",)]
    (named,) = ours(Meibo, "REC=MEIBO&SYOKEN_NO=A1&SEI=a&MEI=b")[("A1",)]

    assert {Hosyou, Kiken, Sentaku} == kept
    # Whose contract it is in stands before it, and is not kept with it.
    assert sold is ours(Sina, "REC=SINA&SYOKEN_NO=B2&CD=01&MEI=b")[("B2",)][0]
    assert named is not ours(Meibo, "REC=MEIBO&SYOKEN_NO=A1&SEI=a&MEI=b")[("A1",)][0]


@given(st.text("SYOKEN_19a~\\ %+&=;83", max_size=40) | st.text("%89AB&=+", max_size=40))
@example("1")
@example("")
def test_what_nobody_asks_for_is_read_where_an_answer_must_be_sound(line: str) -> None:
    record = f"REC=KOUSIN&{line}"
    done, refused = (f"{TOLD.format(code=code)}\r\n{record}\r\n".encode() for code in ("00", "21"))
    readable = told(fields, record) is not None

    assert readable == (told(lambda: lines.read(done).sound()) is not None)
    # Nobody asks for the records of a refusal.
    assert readable == (told(lambda: lines.read(refused)) is not None)


def _numbers(pattern: str, text: str) -> tuple[int, ...]:
    if not (found := re.fullmatch(pattern, text)):
        raise ValueError
    return tuple(map(int, found.groups()))


@given(
    st.from_regex(r"[0-9]{8}", fullmatch=True)
    | st.dates().map("{:%Y%m%d}".format)
    | st.text("0123456789-Ｗ１ ", max_size=9)
)
def test_eight_digits_are_a_day_or_nothing(text: str) -> None:
    assert told(lambda: date(*_numbers("([0-9]{4})([0-9]{2})([0-9]{2})", text))) == told(
        lambda: notation.read_ymd(text)
    )


@given(
    st.datetimes().map("{:%Y%m%d%H%M%S}".format)
    | st.from_regex(r"2026[0-9]{10}", fullmatch=True)
    | st.text("012６T:", max_size=15)
)
@example("20261121240000")
@example("20261121235960")
def test_fourteen_digits_are_a_moment_in_tokyo_or_nothing(text: str) -> None:
    def expected(digits: str) -> datetime:
        year, month, day, hour, minute, second = _numbers("([0-9]{4})" + "([0-9]{2})" * 5, digits)
        return datetime(year, month, day, hour, minute, second, tzinfo=notation.TOKYO)

    assert told(expected, text) == told(notation.read_ts, text)
    assert told(expected, f"{text[:12]}00") == told(notation.read_moment, text[:8], text[8:12])


@given(st.from_regex(r"[RHSTMX][0-9]{2}\.[01][0-9](\.[0-3][0-9])?", fullmatch=True))
def test_a_day_is_of_the_era_in_which_it_would_be_written(text: str) -> None:
    letter, year, month, *day = re.split(r"(?<=[A-Z])|\.", text)
    before = {letter: before for letter, _, before in notation.ERAS}

    def days() -> list[date]:
        """The day, or all of the month."""
        if letter not in before:
            raise ValueError
        first = date(before[letter] + int(year), int(month), int(day[0]) if day else 1)
        many = 1 if day else monthrange(first.year, first.month)[1]
        return [first + timedelta(days=later) for later in range(many)]

    def expected() -> date:
        if letter not in {written[0] for one in days() if (written := told(notation.era_ymd, one))}:
            raise ValueError
        return days()[0]

    assert told(expected) == told(notation.read_era_ymd if day else notation.read_era_ym, text)


@given(st.integers().map(str) | st.text("-+0123456789１²_ ", max_size=6))
def test_a_number_is_digits_perhaps_behind_a_minus(text: str) -> None:
    assert told(lambda: _numbers("(-?[0-9]+)", text)[0]) == told(notation.read_number, text)


HOSYOU = st.builds(
    Hosyou,
    hosyou_cd=st.sampled_from(["31", "42", "99"]),
    hosyou_mei=st.just("補償"),
    sentaku_cd=st.sampled_from(["01", "02"]),
    sentaku_mei=st.just("01"),
    kanyu=st.sampled_from(["0", "1", "2"]),
    kata_mei=st.sampled_from(["", "一般条件"]),
    gendo_cd=st.sampled_from(["00", "10"]),
    hokenkin=st.sampled_from(["", "500000", "x"]),
    gendo_tani=st.just("10"),
    menseki_1=st.just("0"),
    menseki_2=st.just("0"),
    kurumatai_menzero=st.just("0"),
    bikou=st.sampled_from(["", "国外は1億円まで"]),
)
KIKEN = st.lists(
    st.builds(Kiken, st.sampled_from(["01", "77"]), st.just("危険"), st.sampled_from(["10", "00"]), st.just("")),
    max_size=2,
    unique_by=lambda record: record.kiken_cd,
)
SENTAKU = st.lists(
    st.builds(Sentaku, st.sampled_from(["31", "42"]), st.sampled_from(["01", "02"]), st.just("選択")), max_size=4
)


@given(HOSYOU, KIKEN, SENTAKU)
def test_a_cover_is_told_as_it_stands_whatever_was_told_before(
    hosyou: Hosyou, kiken: list[Kiken], sentaku: list[Sentaku]
) -> None:
    own = [one for one in sentaku if one.hosyou_cd == hosyou.hosyou_cd]
    taken = hosyou.kanyu == "1"

    def expected() -> tuple[object, ...]:
        if hosyou.kanyu == "2" or (taken and (hosyou.gendo_cd, hosyou.hokenkin) == ("10", "x")):
            raise ValueError
        return (
            taken,
            hosyou.kata_mei or None,
            taken and (hosyou.gendo_cd, hosyou.hokenkin) == ("10", "500000"),
            {record.taisyo_cd == "10" for record in kiken} if taken and hosyou.hosyou_cd == "31" else set(),
            [(one.sentaku_cd, one.sentaku_cd == hosyou.sentaku_cd) for one in own] if len(own) > 1 else [],
        )

    def actual() -> tuple[object, ...]:
        (told,) = cover.covers([hosyou], kiken, sentaku)
        return (
            told.included,
            told.insurer_variant,
            told.limit is not None and told.limit.amount is not None,
            {peril.covered is Covered.YES for peril in told.perils},
            [(option.value, option.selected) for option in told.options],
        )

    assert told(expected) == told(actual)

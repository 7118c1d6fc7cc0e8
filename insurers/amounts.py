"""Amounts the way people write them: 3,200円, 5,000万円, 無制限."""

from collections.abc import Mapping

from insurers.money import Deductible, Limit, LimitBasis, LimitKind, Yen
from insurers.text import Text

MAN, OKU = 10_000, 100_000_000  # 万 and 億

_LIMITS: Mapping[LimitKind, Text] = {
    LimitKind.AMOUNT: Text("金額は示されていません", "amount not stated"),
    LimitKind.UNLIMITED: Text("無制限", "unlimited"),
    LimitKind.NOT_COVERED: Text("補償されません", "not covered"),
    LimitKind.ACTUAL_VALUE: Text("協定保険価額", "agreed value of the car"),
    LimitKind.UNKNOWN: Text("示されていません", "not stated"),
}


def yen(amount: Yen) -> Text:
    return Text(f"{_japanese(amount.amount)}円", str(amount))


def _japanese(amount: int) -> str:
    if amount < 0:
        return f"-{_japanese(-amount)}"
    # People count in 万 and 億 what is a whole number of them, and write everything else out.
    if amount < MAN or amount % MAN:
        return f"{amount:,}"
    oku, rest = divmod(amount, OKU)
    man = rest // MAN
    return (f"{oku:,}億" if oku else "") + (f"{man:,}万" if man else "")


# An accident's is the usual one, and goes without saying.
_BASES: Mapping[LimitBasis, Text] = {
    LimitBasis.PERSON: Text("1名につき", " for each person"),
    LimitBasis.ACCIDENT: Text("", ""),
    LimitBasis.DAY: Text("1日につき", " a day"),
}


def limit(of: Limit) -> Text:
    """Say how far a cover goes, for whom or how long, and how far abroad where that is told."""
    far, basis = _far(of), _BASES[of.basis]
    said = Text(f"{basis.ja}{far.ja}", f"{far.en}{basis.en}")
    if of.abroad is None:
        return said
    abroad = yen(of.abroad)
    return Text(f"{said.ja}（国外は{abroad.ja}）", f"{said.en} ({abroad.en} abroad)")


def _far(of: Limit) -> Text:
    if of.amount is None:
        return _LIMITS[of.kind]
    written = yen(of.amount)
    if of.kind is LimitKind.ACTUAL_VALUE:
        return Text(f"{_LIMITS[of.kind].ja}{written.ja}", f"{_LIMITS[of.kind].en} {written.en}")
    return written


def deductible(of: Deductible) -> Text:
    """Say what the customer bears at the first accident in a term and at later ones."""
    first, second = yen(of.first), yen(of.second)
    if of.first != of.second:
        said = Text(f"1回目{first.ja}、2回目以降{second.ja}", f"{first.en} at first, {second.en} later")
    else:
        said = first if of.first.amount else Text("なし", "none")
    if of.car_to_car_zero:
        return Text(f"{said.ja}（車対車免ゼロ）", f"{said.en}, none between cars")
    return said

"""What another insurer would be told, line by line, for the customer to read before anything is sent."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

import msgspec

from insurers import amounts
from insurers.canonical import Json, canonical, sha256
from insurers.capability import QuoteTerms
from insurers.comparison import ComparedPolicy
from insurers.coverage import Covered
from insurers.era import in_era, with_kanji
from insurers.hours import TOKYO
from insurers.identity import InsurerCode, PolicyRef
from insurers.labels import label
from insurers.person import Private
from insurers.risk import DataCategory, Risk, WantedCover
from insurers.text import Text


class Line(Private, frozen=True, kw_only=True):
    """One value that would be told, of which policy, and under which category."""

    policy: PolicyRef
    category: DataCategory
    label: Text
    value: Text


class Disclosure(Private, frozen=True, kw_only=True):
    """
    What one insurer would be told of a customer's contracts elsewhere, and the sentence to agree to.

    `needed` are the categories without which it quotes nothing; any other may be withheld.
    """

    insurer: InsurerCode
    needed: frozenset[DataCategory]
    categories: frozenset[DataCategory]
    lines: tuple[Line, ...]
    statement: Text

    @property
    def fingerprint(self) -> str:
        """What an agreement names, so that nothing else than what was read is told."""
        lines: list[Json] = [
            [line.policy.insurer, str(line.policy.number), line.category.value, line.label.ja, line.value.ja]
            for line in self.lines
        ]
        return sha256(canonical({"insurer": self.insurer, "lines": lines, "statement": self.statement.ja}))


def disclosure(insurer: InsurerCode, name: Text, terms: QuoteTerms, policies: Sequence[ComparedPolicy]) -> Disclosure:
    """Answer what *insurer*, called *name*, would be told of those *policies* that other insurers have."""
    asked = terms.needs | terms.uses
    lines = tuple(
        Line(policy=policy.ref, category=category, label=term, value=value)
        for policy in policies
        if policy.ref.insurer != insurer
        for category, tell in _TOLD.items()
        if category in asked and category in policy.risk.categories
        for term, value in tell(_heard(policy.risk, terms))
    )
    categories = frozenset(line.category for line in lines)
    statement = _statement(name, categories, with_account=terms.with_account)
    return Disclosure(insurer=insurer, needed=terms.needs, categories=categories, lines=lines, statement=statement)


def _heard(risk: Risk, terms: QuoteTerms) -> Risk:
    """Leave out the covers for which nobody can ask there, so that the adapter tells of none of them."""
    if risk.coverages is None:
        return risk
    return msgspec.structs.replace(
        risk, coverages=tuple(cover for cover in risk.coverages if cover.kind in terms.covers)
    )


def _statement(name: Text, categories: frozenset[DataCategory], *, with_account: bool) -> Text:
    told = [label(category) for category in DataCategory if category in categories]
    account = _in_account(name) if with_account else Text("", "")
    return Text(
        f"上記の契約内容のうち私が選んだもの（{'、'.join(each.ja for each in told)}）を、"
        f"{name.ja}に、見積もりの依頼のためだけに伝えることに同意します。{account.ja}"
        "この同意はいつでも取り消すことができ、取り消した後は何も伝えません。",
        f"I agree that what I choose of the above ({', '.join(each.en.lower() for each in told)}) is told to "
        f"{name.en}, only so that it can make a quote. {account.en}I may withdraw this at any time; nothing is told "
        "after that.",
    )


def _in_account(name: Text) -> Text:
    """By a quote in somebody's account the insurer learns who it is for, which no line tells."""
    return Text(
        f"見積もりは、連携済みの私のアカウントで依頼するため、{name.ja}には、私が依頼したものであることが分かります。",
        f"The quote is asked for in my own account there, so {name.en} knows that it is for me. ",
    )


Said = tuple[Text, Text]


def _term(risk: Risk) -> Iterator[Said]:
    if risk.inception is not None:
        yield Text("補償の開始", "Cover from"), _moment(risk.inception)
    if risk.maturity is not None:
        yield Text("現在のご契約の満期", "Present contract ends"), _moment(risk.maturity)


def _vehicle(risk: Risk) -> Iterator[Said]:
    if (car := risk.vehicle) is not None:
        yield Text("車名", "Car"), _as_it_is(car.name)
        yield Text("型式", "Type designation"), _as_it_is(car.model)
        yield Text("用途車種", "Kind of car"), label(car.kind)
        if car.first_registered is not None:
            yield Text("初度登録年月日", "First registered"), _day(car.first_registered)


def _use(risk: Risk) -> Iterator[Said]:
    if risk.use is not None:
        yield label(DataCategory.USE), label(risk.use)


def _drivers(risk: Risk) -> Iterator[Said]:
    if (drivers := risk.drivers) is not None:
        yield Text("運転者の限定", "Who may drive"), label(drivers.limitation)
        yield Text("運転者の年齢条件", "Age of drivers"), label(drivers.age_condition)
        if drivers.youngest_birth_date is not None:
            yield Text("最も若い運転者の生年月日", "Youngest driver born on"), _day(drivers.youngest_birth_date)


def _licence(risk: Risk) -> Iterator[Said]:
    if risk.licence_colour is not None:
        yield label(DataCategory.LICENCE), label(risk.licence_colour)


def _grade(risk: Risk) -> Iterator[Said]:
    if (grade := risk.grade) is not None:
        said = Text(
            f"{grade.grade}等級・事故有係数適用期間{grade.accident_term}年{'（見込み）' if grade.provisional else ''}",
            f"{grade.grade}, claims-loaded period {grade.accident_term} years"
            f"{' (provisional)' if grade.provisional else ''}",
        )
        yield Text("ノンフリート等級", "No-claims class"), said


def _coverages(risk: Risk) -> Iterator[Said]:
    if risk.coverages == ():
        yield label(DataCategory.COVERAGES), Text("なし", "None")
    for cover in risk.coverages or ():
        told = list(_of_cover(cover)) or [Text("あり", "Wanted")]
        yield label(cover.kind), Text("・".join(each.ja for each in told), "; ".join(each.en for each in told))


def _of_cover(cover: WantedCover) -> Iterator[Text]:
    if cover.variant is not None:
        yield label(cover.variant)
    if cover.limit is not None:
        yield amounts.limit(cover.limit)
    if cover.deductible is not None:
        borne = amounts.deductible(cover.deductible)
        yield Text(f"免責金額 {borne.ja}", f"deductible: {borne.en}")
    for covered in Covered:
        perils = [label(part.peril) for part in cover.perils if part.covered is covered]
        if perils:
            yield Text(
                f"{label(covered).ja}：{'、'.join(peril.ja for peril in perils)}",
                f"{label(covered).en}: {', '.join(peril.en for peril in perils)}",
            )


def _group(risk: Risk) -> Iterator[Said]:
    if (group := risk.group) is not None:
        yield Text("団体名", "Group scheme"), _as_it_is(group.name)


_TOLD: Mapping[DataCategory, Callable[[Risk], Iterator[Said]]] = {
    DataCategory.TERM: _term,
    DataCategory.VEHICLE: _vehicle,
    DataCategory.USE: _use,
    DataCategory.DRIVERS: _drivers,
    DataCategory.LICENCE: _licence,
    DataCategory.GRADE: _grade,
    DataCategory.COVERAGES: _coverages,
    DataCategory.GROUP_SCHEME: _group,
}


def _as_it_is(word: str) -> Text:
    return Text(word, word)


def _day(day: date) -> Text:
    """Write a date in both calendars in Japanese."""
    era = f"（{with_kanji(day)}）" if in_era(day) else ""
    return Text(f"{day.year}年{day.month}月{day.day}日{era}", day.isoformat())


def _moment(moment: datetime) -> Text:
    at = moment.astimezone(TOKYO)
    day, hour = _day(at.date()), f"{at.hour}:{at.minute:02}"
    return Text(f"{day.ja} {hour}", f"{day.en} {hour}")

"""A comparison on paper: the present cover and every plan beside each other, for one policy at a time."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from gateway.demo import cells, tables
from gateway.demo.client import Answer
from insurers.coverage import Peril
from insurers.hours import TOKYO
from insurers.labels import label
from insurers.text import Language
from insurers.text import Text as Word

# So many letters wide is a table's column of names, and so many at the least one of a plan, with the line behind it.
NAMES, COLUMN, LINE = 25, 13, 1

NATURES: Mapping[str, Word] = {
    "INDICATION": Word("目安", "indication"),
    "BINDABLE": Word("確定", "binding"),
}

PRESENT = Word("現在のご契約", "present cover")
STALE = Word("古い見積もり", "stale: ask again")
PROVISIONAL = Word("（見込み）", "provisional")
ASKED_FOR = Word("ご希望と異なる点", "not as asked for")
ASSUMED = Word("保険料の前提", "the price rests on")
INDENT = "  "
EVERY_PLAN = Word("全プラン", "every plan")
FROM = Word("以降", "from")
PLANS = Word("プラン", "plans")
NOT_RECOMMENDED = Word(
    "★は保険会社のおすすめです。Tabaneは推奨も採点もしません。"
    "目安は変わることがある保険料、確定は実際に請求される保険料です。",
    "★ is the insurer's recommendation; Tabane recommends nothing and adds up no score. "
    "An indication (目安) may still change; what is binding (確定) will be charged.",
)

STATES: Mapping[str, Word] = {
    "CONSENT_NEEDED": Word("同意待ち（何も伝えていません）", "waits for your consent; it was told nothing"),
    "DECLINED": Word("依頼しない", "declined; it was told nothing"),
    "ASKED": Word("回答待ち", "awaited"),
    "LATE": Word("遅れている", "late, and still awaited"),
    "ANSWERED": Word("回答済み", "answered"),
    "FAILED": Word("回答なし", "no answer"),
}


class Column(Struct, frozen=True):
    """One plan, and where its cells stand in a row; the present cover has a place of its own."""

    plan: Answer
    place: int | None = None

    def cell(self, row: Answer) -> Answer:
        cell: Answer = row["reference"] if self.place is None else row["cells"][self.place]
        return cell


class Sheet:
    """`width` is the paper's, in letters. With *why*, every difference is told in a sentence."""

    def __init__(self, language: Language, width: int, *, why: bool = False) -> None:
        self._language = language
        self._why = why
        self._room = max(1, (width - NAMES) // COLUMN - 1)
        self._prices: Mapping[Word, Callable[[Answer], Text]] = {
            Word("保険料（1契約期間）", "Premium for the term"): _premium,
            Word("保険料の性質", "nature"): self._nature,
            Word("現在との差", "against this term"): _change,
            Word("払込回数", "instalments"): _instalments,
            Word("見積もりの有効期限", "quote good until"): self._until,
            Word("見積番号", "quote number"): _reference,
            Word("等級", "no-claims class"): self._grade,
        }

    def compared(self, policy: Answer) -> Group:
        """Show one compared policy: everything in one table where the paper is wide enough, or else in several."""
        offers = [Column(plan, place) for place, plan in enumerate(policy["offers"])]
        shown = [self._table(policy, group) for group in _grouped(offers, self._room)]
        reasons = self._reasons(policy) if self._why else ()
        return Group(*(shown or [self._table(policy, [])]), *self._notes(policy["offers"]), *reasons)

    def insurers(self, comparison: Answer) -> Table:
        """Show everybody who was to be asked, and of those who did not answer why, and what can be done."""
        table = Table.grid(padding=(0, 2))
        for inquiry in comparison["inquiries"]:
            provider = inquiry["provider"]
            many = len(inquiry["plans"])
            table.add_row(
                Text(tables.short(inquiry["insurer"]["name"]), style="bold"),
                Text(inquiry["policyNumber"], style="dim"),
                Text(
                    f"{STATES[inquiry['state']].to(self._language)}"
                    f"{f' ({many} {PLANS.to(self._language)})' if many else ''}",
                    style="green" if many else "yellow",
                ),
                Text(" ".join(self._reason(provider)), overflow="fold"),
            )
        return table

    def legend(self) -> Text:
        return Text(f"{cells.LEGEND.to(self._language)}\n{NOT_RECOMMENDED.to(self._language)}", style="dim")

    def _reason(self, provider: Answer) -> Iterator[str]:
        if provider["message"]:
            yield provider["message"]
        if provider["insurerMessage"]:
            yield f"「{provider['insurerMessage']}」"
        if provider["retryAfter"]:
            yield f"{FROM.to(self._language)}: {moment(provider['retryAfter'])}."
        if actions := [action["label"] for action in provider["nextActions"]]:
            yield f"→ {' / '.join(actions)}"
        if contact := provider["contact"]:
            yield f"☎ {contact['label']} {contact['phone'] or ''}".strip()

    def _table(self, policy: Answer, offers: Sequence[Column]) -> Table:
        columns = [Column(policy["current"]), *offers]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=0)
        table.add_column("", overflow="fold", width=NAMES - LINE)
        for column in columns:
            # Japanese has no spaces to break a line at.
            table.add_column(self._heading(column), overflow="fold", min_width=COLUMN - LINE)
        for word, tell in self._prices.items():
            told = [tell(column.plan) for column in columns]
            if any(each.plain for each in told):
                table.add_row(word.to(self._language), *told)
        table.add_section()
        for row in policy["conditions"]:
            table.add_row(_name(row), *(cells.condition(column.cell(row)) for column in columns))
        table.add_section()
        for row in policy["matrix"]:
            self._cover(table, row, columns)
        return table

    def _heading(self, column: Column) -> Text:
        plan = column.plan
        star = " ★" if plan["recommendedByInsurer"] else ""
        name = PRESENT.to(self._language) if column.place is None else f"{plan['name']}{star}"
        return Text.assemble((tables.short(plan["insurer"]["name"]), "dim"), "\n", (name, "bold"))

    def _cover(self, table: Table, row: Answer, columns: Sequence[Column]) -> None:
        said = [column.cell(row) for column in columns]
        told = [cell["coverage"] for cell in said if cell["coverage"]]
        covers = [cover for cover in told if cover["included"]]
        if not covers and all(cover["stated"] for cover in told):
            return
        named = len({cover["insurerLabel"] for cover in covers}) > 1
        table.add_row(_name(row), *(cells.cover(cell, self._language, named=named) for cell in said))
        if any(cover["perils"] for cover in covers):
            for peril in Peril:
                self._peril(table, peril, said)

    def _peril(self, table: Table, peril: Peril, said: Sequence[Answer]) -> None:
        told = [_covered(cell["coverage"], peril) for cell in said]
        name = f"{INDENT}{_mark(differs=len(set(told)) > 1)}{label(peril).to(self._language)}"
        table.add_row(Text(name, style="dim"), *(cells.peril(each) for each in told))

    def _nature(self, plan: Answer) -> Text:
        nature = plan["premium"]["nature"]
        return Text(NATURES[nature].to(self._language), style="yellow" if nature == "INDICATION" else "green")

    def _until(self, plan: Answer) -> Text:
        if plan["freshness"]["state"] == "STALE":
            return Text(STALE.to(self._language), style="red")
        return Text(moment(plan["validUntil"]) if plan["validUntil"] else "")

    def _grade(self, plan: Answer) -> Text:
        if (grade := plan["grade"]) is None:
            return Text("")
        provisional = f"\n{PROVISIONAL.to(self._language)}" if grade["provisional"] else ""
        said = Word(
            f"{grade['grade']}等級\n事故有{grade['accidentTerm']}年",
            f"class {grade['grade']}\nloaded {grade['accidentTerm']}y",
        )
        return Text(f"{said.to(self._language)}{provisional}")

    def _notes(self, plans: Sequence[Answer]) -> Iterator[Text]:
        """Say by insurer what is not as it was asked for and what a price rests on; what is said of all plans, once."""
        for code in dict.fromkeys(plan["insurer"]["code"] for plan in plans):
            its = [plan for plan in plans if plan["insurer"]["code"] == code]
            said: dict[str, list[str]] = {}
            for plan in its:
                for line in self._remarks(plan):
                    said.setdefault(line, []).append(plan["name"])
            if said:
                yield Text(tables.short(its[0]["insurer"]["name"]), style="bold")
            for line, names in said.items():
                whose = EVERY_PLAN.to(self._language) if len(names) == len(its) else ", ".join(names)
                yield Text.assemble(("  · ", "dim"), (f"{whose}: ", "bold"), line)

    def _remarks(self, plan: Answer) -> Iterator[str]:
        for part in plan["departures"]:
            yield f"{ASKED_FOR.to(self._language)}: {part['requested']} → {part['offered']} ({part['reason']})"
        for assumption in plan["assumptions"]:
            yield f"{ASSUMED.to(self._language)}: {assumption}"

    def _reasons(self, policy: Answer) -> Iterator[Text]:
        """Say of every cell that differs why it stands as it does."""
        rows = [*policy["conditions"], *policy["matrix"]]
        for plan, cell, row in (
            (plan, cell, row)
            for place, plan in enumerate(policy["offers"])
            for row in rows
            if (cell := row["cells"][place])["verdict"] not in ("EQUAL", "REFERENCE")
        ):
            mark, style = cells.MARKS[cell["verdict"]]
            head = f"{tables.short(plan['insurer']['name'])} {plan['name']}"
            yield Text.assemble((f"{mark} ", style), (f"{head} ", "bold"), f"{row['label']}: {cell['reason']}")


def _grouped(offers: Sequence[Column], room: int) -> Iterator[Sequence[Column]]:
    """Put all plans into one table where there is room, or else each insurer's into its own."""
    if len(offers) <= room:
        yield from [offers] if offers else []
        return
    for code in dict.fromkeys(offer.plan["insurer"]["code"] for offer in offers):
        group = [offer for offer in offers if offer.plan["insurer"]["code"] == code]
        yield from (group[first : first + room] for first in range(0, len(group), room))


def _name(row: Answer) -> Text:
    return Text(f"{_mark(differs=row['differs'])}{row['label']}", style="" if row["differs"] else "dim")


def _mark(*, differs: bool) -> str:
    # Without a gap behind it: a long name in Japanese, which has none either, would leave its mark in the line above.
    return "≠" if differs else " "


def _covered(said: Answer | None, peril: Peril) -> str | None:
    if said is None or not said["included"]:
        return "NO"
    return next((part["covered"] for part in said["perils"] if part["peril"] == peril.name), None)


def _premium(plan: Answer) -> Text:
    return Text(tables.yen(plan["premium"]["total"]), style="bold")


def _change(plan: Answer) -> Text:
    return tables.signed(plan["premium"]["changeFromCurrent"])


def _reference(plan: Answer) -> Text:
    return Text(plan["reference"] or "")


def _instalments(plan: Answer) -> Text:
    many = len(plan["premium"]["instalments"])
    return Text(str(many) if many > 1 else "")


def moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(TOKYO):%m-%d %H:%M}"

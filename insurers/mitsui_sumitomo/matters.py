"""Stage 2: the matters ①–④ and the document that must be opened (MS-REN-08…10), asked and answered."""

from collections.abc import Mapping

from msgspec import Struct

from insurers.answers import NO, YES, Value
from insurers.consent import ConsentKind
from insurers.mitsui_sumitomo import mapping, renewability
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Fact,
    Field,
    InputKind,
    Option,
    Requirement,
    Step,
    StepKind,
)
from insurers.text import Text

DOCUMENT = "important_matters_document"
KEPT = "important_matters_kept"


# MS-DOC-01: 勧誘方針およびプライバシーポリシーに関しては取扱代理店HPからご確認ください。
AGENCY_PAGE = Text(
    "勧誘方針・プライバシーポリシー（取扱代理店ホームページ）",
    "Solicitation and privacy policies, on the agency's page",
)


class Matter(Struct, frozen=True, kw_only=True):
    """One of ①–④ (WIRE.md §6.9): the key of ours, and the insurer's answer for each value of ours."""

    key: str
    label: str
    answers: Mapping[str, str]
    refers: str | None = None
    proves: ConsentKind | None = None


MATTERS = {
    "DANTAI_JOKEN": Matter(
        key="group_conditions",
        label="Do the conditions for a group-handled policy hold?",
        answers={YES: "GAITO_SURU", NO: "GAITO_SHINAI"},
        refers=renewability.GROUP_CONDITIONS,
    ),
    "KOKUCHI_JIKO": Matter(
        key="disclosure",
        label="Does a disclosure matter apply?",
        answers={YES: "GAITO_ARI", NO: "GAITO_NASHI"},
        refers=renewability.DISCLOSURE,
    ),
    "TSUCHI_JIKO": Matter(key="notification", label="What to tell the insurer later", answers={YES: "KAKUNIN_SHITA"}),
    "KOJIN_JOHO": Matter(
        key="personal_information",
        label="Personal information, and the solicitation policy",
        answers={YES: "KAKUNIN_SHITA"},
        # What is known beforehand of privacy and solicitation (domain 2.7), and no matter of the contract.
        proves=ConsentKind.PRE_CHECK,
    ),
}


def step(asked: eg1.JuyoJiko, dairiten: values.Dairiten) -> Step:
    paper = mapping.document(asked.shorui)
    return Step(
        key="important_matters",
        kind=StepKind.IMPORTANT_MATTERS,
        title=Text("重要事項のご確認", "Important matters"),
        help=Text("①～④は必ずご確認ください。", "All of ① to ④ must be checked."),
        facts=(
            *(
                Fact(key=f"{_matter(item).key}_text", label=Text(item.midashi, _matter(item).label), value=item.honbun)
                for item in asked.komoku
            ),
            Fact(key="agency_page", label=AGENCY_PAGE, value=dairiten.homepage),
        ),
        requirements=(
            *(_question(item, dairiten) for item in asked.komoku),
            DocumentToOpen(
                key=DOCUMENT,
                label=Text(paper.title, "The important-matters document"),
                document=paper,
            ),
            Confirmation(
                key=KEPT,
                label=Text(asked.shorui.kakunin_bun, "Confirmed and stored"),
                statement=asked.shorui.kakunin_bun,
                binds=(Binds.DOCUMENT,),
                document=paper.sha256,
            ),
        ),
    )


def _question(item: eg1.JuyoKomoku, dairiten: values.Dairiten) -> Requirement:
    """Whatever may lead to the agency is a question with no answer suggested; the rest is confirmed as it stands."""
    matter = _matter(item)
    label = Text(item.midashi, matter.label)
    if matter.refers is None:
        return Confirmation(key=matter.key, label=label, statement=item.honbun, proves=matter.proves)
    words = {answer.code: answer.meisho for answer in item.kaito}
    leading_away = {answer.code for answer in item.kaito if answer.shokai}
    return Field(
        key=matter.key,
        label=label,
        input=InputKind.BOOLEAN,
        options=tuple(
            Option(value=value, label=Text(words[code], "Yes" if value == YES else "No"))
            for value, code in matter.answers.items()
            if code in words
        ),
        refers=(
            renewability.referral(
                matter.refers,
                dairiten,
                when=tuple(value for value, code in matter.answers.items() if code in leading_away),
            ),
        ),
    )


def _matter(item: eg1.JuyoKomoku) -> Matter:
    if item.code not in MATTERS:
        raise ValueError("a matter that is not in this wire")
    return MATTERS[item.code]


def declarations(said: Mapping[str, Value], asked: eg1.JuyoJiko) -> dict[int, str]:
    """
    Answer ①–④ by number. One that was not answered is left out, for the insurer to ask again.

    Raises:
        ValueError: the insurer asks something that is not in its wire.
    """
    answered: dict[int, str] = {}
    for item in asked.komoku:
        matter, value = _matter(item), said.get(_matter(item).key)
        if isinstance(value, str) and value in matter.answers:
            answered[item.no] = matter.answers[value]
    return answered

"""What a renewal asks, from Sompo's own list of steps (WIRE.md §8.2, §8.3)."""

from collections.abc import Iterator

from msgspec import Struct

from insurers.answers import YES
from insurers.document import Document
from insurers.policy import RenewabilityCode
from insurers.script import (
    Binds,
    Confirmation,
    DocumentToOpen,
    Fact,
    Field,
    InputKind,
    Option,
    PlanChoice,
    Referral,
    Requirement,
    Script,
    Step,
    StepKind,
)
from insurers.sompo.mapping.agency import MESSAGES
from insurers.sompo.wire import procedure
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_era_ym, read_era_ymd
from insurers.sompo.wire.procedure import Course, Question, Stage, Syorui
from insurers.text import Text

# The words on the button (SJ-REN-10).
APPLICATION_STATEMENT = "契約を申し込む"

# SYUBETU, §8.2.
TICK, POPUP, CHOICE, DAY, MONTH, DECLARATION, QUOTE = "10", "20", "30", "40", "41", "50", "60"


class Kind(Struct, frozen=True):
    """Our name for one of Sompo's steps. Its title comes from the wire, and is here for English only."""

    key: str
    kind: StepKind
    title: str


# STEP_CD, §8.3.
STEPS = {
    "03": Kind("pre_check", StepKind.PRE_CHECK, "Before you begin"),
    "04": Kind("contract_basics", StepKind.CONTRACT_BASICS, "1. Basic information"),
    "05": Kind("coverage", StepKind.PLAN, "2. Covers and plan"),
    "06": Kind("details", StepKind.DETAILS, "3. Details of the contract"),
    "07": Kind("decided_plan", StepKind.COVERAGE, "4. The plan you decided on"),
    "08": Kind("customer_and_payment", StepKind.CUSTOMER_AND_PAYMENT, "5. Customer and payment"),
    "09": Kind("important_matters", StepKind.IMPORTANT_MATTERS, "Important matters"),
    "10": Kind("next_notice", StepKind.FINAL_REVIEW, "How to be told the next time"),
}


class Asked(Struct, frozen=True):
    """Our name for something that Sompo asks, and what a confirmation of it is about."""

    key: str
    label: Text
    binds: tuple[Binds, ...] = ()


# KOUMOKU_CD, §8.3.
ASKED = {
    "KAKUNIN_01": Asked(
        "privacy_and_solicitation",
        Text("個人情報の取扱い・勧誘方針", "Handling of personal information, and solicitation policy"),
    ),
    "KAKUNIN_02": Asked("driver_scope", Text("運転者の範囲", "Who may drive")),
    "POPUP_OK": Asked("driver_scope_popup", Text("運転者の範囲（確認メッセージ）", "Who may drive (message)")),
    "KAKUNIN_03": Asked("basics", Text("契約基本情報", "Basic information")),
    "SISAN_NO": Asked("plan", Text("お手続きをするプラン", "The plan to renew with")),
    "KAKUNIN_04": Asked("covers", Text("補償内容", "Covers"), (Binds.PLAN,)),
    "MENKYO_KOUSIN_YM": Asked(
        "licence_renewal_month", Text("次回免許更新年月", "Month of the next driving licence renewal")
    ),
    "SAIJYAKUNEN_YMD": Asked(
        "youngest_driver_birth_date", Text("最若年運転者の生年月日", "Birth date of the youngest driver")
    ),
    "KAKUNIN_05": Asked("contract_details", Text("契約詳細", "Details of the contract")),
    "KAKUNIN_06": Asked("plan_decided", Text("決定プラン", "The plan you decided on"), (Binds.PLAN,)),
    "KAKUNIN_07": Asked(
        "customer_and_payment_confirmed", Text("お客さま情報・支払情報", "Customer and payment"), (Binds.PLAN,)
    ),
    "KAKUNIN_08": Asked("electronic_delivery", Text("電磁的交付", "Electronic delivery"), (Binds.DOCUMENT,)),
    "KOKUTI_GAITOU": Asked("disclosure_applies", Text("告知事項", "A matter to be disclosed applies")),
    "TUUTI_GAITOU": Asked("notification_applies", Text("通知事項", "A matter to be notified applies")),
    "KAKUNIN_09": Asked(
        "declarations_confirmed", Text("告知事項・通知事項等", "Disclosure and notification"), (Binds.DOCUMENT,)
    ),
    "ANNAI_CD": Asked("next_notice_method", Text("次回満期時のご案内方法", "How to be told at the next maturity")),
}

# SYORUI_SYU, §7.
PAPERS = {
    "10": ("important_matters_document", "Important matters"),
    "20": ("certificate_document", "Certificate"),
    "30": ("clauses_document", "Policy wording"),
    "40": ("privacy_document", "Handling of personal information"),
    "50": ("solicitation_document", "Solicitation policy"),
    "60": ("terms_document", "Membership rules"),
}

_DECLARED = Referral(
    code=RenewabilityCode.DISCLOSURE_APPLIES,
    message=MESSAGES[RenewabilityCode.DISCLOSURE_APPLIES],
    when=(YES,),
)

APPLICATION = Step(
    key="application",
    kind=StepKind.APPLICATION,
    title=Text("お申し込み手続き", "Application"),
    requirements=(
        Confirmation(
            key="application",
            label=Text("お申し込み", "Application"),
            statement=APPLICATION_STATEMENT,
            binds=(Binds.REVIEW,),
        ),
    ),
)


def read_course(answer: Answer) -> Course:
    """
    Read Sompo's list of steps.

    Raises:
        ValueError: something is asked that we have no words for, or in a way that we do not know.
    """
    course = procedure.course(answer)
    for question in (question for stage in course.stages for question in stage.questions):
        asked(question)
        if question.koumoku.syubetu not in SYUBETU:
            raise ValueError("something is asked in a way that we do not know")
    return course


def script(course: Course) -> Script:
    """
    Tell Sompo's steps in our words.

    Raises:
        ValueError: what is on file is not in the notation of the wire.
    """
    return Script(steps=(*(_step(stage, course.paper) for stage in course.stages), APPLICATION))


def asked(question: Question) -> Asked:
    """
    Answer what we call a question.

    Raises:
        ValueError: it is not in the wire that we know.
    """
    found = ASKED.get(question.koumoku.koumoku_cd)
    if found is None:
        raise ValueError("something is asked that we have no words for")
    return found


def document(paper: Syorui) -> Document:
    return Document(id=paper.syorui_no, title=paper.syorui_mei, sha256=paper.sha256, version=paper.ban)


def _step(stage: Stage, paper: Syorui) -> Step:
    known = STEPS[stage.step.step_cd]
    return Step(
        key=known.key,
        kind=known.kind,
        title=Text(stage.step.step_mei, known.title),
        requirements=tuple(_requirements(stage, paper)),
        facts=tuple(
            Fact(
                key=f"{known.key}.{position}",
                label=Text(shown.meisyo, shown.meisyo),
                value=shown.atai,
            )
            for position, shown in enumerate(stage.hyoji, start=1)
        ),
    )


def _requirements(stage: Stage, paper: Syorui) -> Iterator[Requirement]:
    yield from (_paper(offered) for offered in stage.syorui)
    yield from (_requirement(question, paper) for question in stage.questions)


def _paper(paper: Syorui) -> DocumentToOpen:
    key, english = PAPERS.get(paper.syorui_syu, (f"document_{paper.syorui_syu}", paper.syorui_mei))
    must = paper.hissu == "1"
    return DocumentToOpen(
        key=key, label=Text(paper.syorui_mei, english), document=document(paper), required=must, must_open=must
    )


def _requirement(question: Question, paper: Syorui) -> Requirement:
    known, koumoku = asked(question), question.koumoku
    if koumoku.syubetu in (TICK, POPUP):
        return Confirmation(
            key=known.key,
            label=known.label,
            statement=koumoku.bun,
            binds=known.binds,
            document=paper.sha256 if Binds.DOCUMENT in known.binds else None,
        )
    if koumoku.syubetu == QUOTE:
        return PlanChoice(key=known.key, label=known.label)
    return _field(question, known)


def _field(question: Question, known: Asked) -> Field:
    koumoku = question.koumoku
    declares = koumoku.syubetu == DECLARATION
    return Field(
        key=known.key,
        # The words of a declaration are the insurer's; those of an entry only name it.
        label=Text(koumoku.bun, known.label.en),
        input=INPUTS[koumoku.syubetu],
        required=koumoku.hissu == "1",
        options=()
        if declares
        else tuple(
            Option(value=choice.atai, label=Text(choice.meisyo, choice.meisyo)) for choice in question.sentakusi
        ),
        suggested=None if declares else _on_file(koumoku.syubetu, koumoku.genzai_atai),
        refers=(_DECLARED,) if declares else (),
    )


INPUTS = {
    CHOICE: InputKind.SELECT,
    DAY: InputKind.DATE,
    MONTH: InputKind.YEAR_MONTH,
    DECLARATION: InputKind.BOOLEAN,
}
SYUBETU = frozenset({TICK, POPUP, QUOTE, *INPUTS})


def _on_file(syubetu: str, value: str) -> str | None:
    if not value:
        return None
    if syubetu == DAY:
        return read_era_ymd(value).isoformat()
    if syubetu == MONTH:
        return read_era_ym(value).isoformat()[:7]
    return value

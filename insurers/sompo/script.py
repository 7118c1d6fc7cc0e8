"""What a renewal asks, from Sompo's own list of steps (WIRE.md §8.2, §8.3)."""

from collections.abc import Iterator

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
from insurers.sompo.mapping.agency import MESSAGES, Named, contact
from insurers.sompo.questions import (
    CHOICE,
    DAY,
    DECLARATION,
    MONTH,
    PAPERS,
    POPUP,
    QUOTE,
    STEPS,
    TICK,
    Asked,
    asked,
)
from insurers.sompo.wire import procedure
from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_era_ym, read_era_ymd
from insurers.sompo.wire.procedure import Course, Question, Stage, Syorui
from insurers.text import Text

# The words on the button (SJ-REN-10).
APPLICATION_STATEMENT = "契約を申し込む"

APPLICATION = Step(
    key="application",
    kind=StepKind.APPLICATION,
    title=Text("お申し込み手続き", "Application"),
    # SJ-REN-11, SJ-ERR-01.
    help=Text(
        "お手続きが完了すると更新後の証券番号が表示され、御礼メールが届きます。"
        "画面を閉じるときに白い画面が残ることがありますが、お手続きには影響ありません。",
        "When it is done, the number of the next term is shown, and a mail of thanks follows. "
        "Closing the window may leave a white page behind, which is harmless.",
    ),
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
    return Script(steps=(*(_step(stage, course) for stage in course.stages), APPLICATION))


def document(paper: Syorui) -> Document:
    return Document(id=paper.syorui_no, title=paper.syorui_mei, sha256=paper.sha256, version=paper.ban)


def _step(stage: Stage, course: Course) -> Step:
    known = STEPS[stage.step.step_cd]
    return Step(
        key=known.key,
        kind=known.kind,
        title=Text(stage.step.step_mei, known.title),
        help=known.help,
        requirements=tuple(_requirements(stage, course)),
        facts=tuple(
            Fact(
                key=f"{known.key}.{position}",
                label=Text(shown.meisyo, shown.meisyo),
                value=shown.atai,
            )
            for position, shown in enumerate(stage.hyoji, start=1)
        ),
    )


def _requirements(stage: Stage, course: Course) -> Iterator[Requirement]:
    yield from (_paper(offered) for offered in stage.syorui)
    yield from (_requirement(question, course) for question in stage.questions)


def _paper(paper: Syorui) -> DocumentToOpen:
    key, english = PAPERS.get(paper.syorui_syu, (f"document_{paper.syorui_syu}", paper.syorui_mei))
    must = paper.hissu == "1"
    return DocumentToOpen(
        key=key, label=Text(paper.syorui_mei, english), document=document(paper), required=must, must_open=must
    )


def _requirement(question: Question, course: Course) -> Requirement:
    known, koumoku = asked(question), question.koumoku
    if koumoku.syubetu in (TICK, POPUP):
        return Confirmation(
            key=known.key,
            label=known.label,
            statement=koumoku.bun,
            binds=known.binds,
            document=course.paper.sha256 if Binds.DOCUMENT in known.binds else None,
            proves=known.proves,
        )
    if koumoku.syubetu == QUOTE:
        return PlanChoice(key=known.key, label=known.label)
    return _field(question, known, course.told)


def _field(question: Question, known: Asked, agency: Named) -> Field:
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
        proves=known.proves,
        refers=(_declared(agency),) if declares else (),
    )


def _declared(agency: Named) -> Referral:
    code = RenewabilityCode.DISCLOSURE_APPLIES
    return Referral(code=code, message=MESSAGES[code], contact=contact(agency), when=(YES,))


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

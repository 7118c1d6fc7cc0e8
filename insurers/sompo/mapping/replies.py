"""What the customer answered, as Sompo wants to read it (WIRE.md §8.2, SYUBETU)."""

from collections.abc import Callable, Mapping
from datetime import date

from insurers.answers import NO, YES, Value
from insurers.errors import ErrorCode, Rejected
from insurers.sompo.code import CODE
from insurers.sompo.mapping.refusals import unticked
from insurers.sompo.questions import CHOICE, DAY, DECLARATION, MONTH, POPUP, QUOTE, TICK, asked
from insurers.sompo.wire.notation import era_ym, era_ymd, flag
from insurers.sompo.wire.procedure import Question, Stage

WRITTEN: Mapping[str, Callable[[str], str]] = {
    CHOICE: str,
    DAY: lambda value: era_ymd(date.fromisoformat(value)),
    MONTH: lambda value: era_ym(date.fromisoformat(f"{value}-01")),
    DECLARATION: lambda value: flag(_declared(value)),
}


def fields(stage: Stage, values: Mapping[str, Value], quote_no: str) -> list[tuple[str, str]]:
    """
    Answer every question of a step.

    Raises:
        Rejected: a confirmation was not given, or an answer is missing or none of the choices.
    """
    return [(question.koumoku.koumoku_cd, _field(question, values, quote_no)) for question in stage.questions]


def _field(question: Question, values: Mapping[str, Value], quote_no: str) -> str:
    known, koumoku = asked(question), question.koumoku
    if koumoku.syubetu == QUOTE:
        return quote_no
    value = values.get(known.key, "")
    if koumoku.syubetu in (TICK, POPUP):
        if value != YES:
            raise unticked()
        return flag(True)
    if not value and koumoku.hissu != "1":
        return ""
    # The last step's answers travel with the button, so a wrong one must be found before.
    if koumoku.syubetu == CHOICE and value not in [choice.atai for choice in question.sentakusi]:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED)
    try:
        return WRITTEN[koumoku.syubetu](str(value))
    except ValueError:
        raise Rejected(CODE, code=ErrorCode.INPUT_REFUSED) from None


def _declared(value: str) -> bool:
    """What is neither yes nor no is no declaration."""
    if value not in (YES, NO):
        raise ValueError("neither yes nor no")
    return value == YES

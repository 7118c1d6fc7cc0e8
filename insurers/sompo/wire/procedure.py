"""What Sompo asks in a renewal, and what it answers on the way to the button (WIRE.md §8.2 to §8.4)."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from insurers.sompo.wire.lines import Answer
from insurers.sompo.wire.notation import read_number
from insurers.sompo.wire.records import Record

# Where each step is answered (§8.3). The last one is the button, and signs.
PATHS = {
    "03": "/koukai/jizen",
    "04": "/koukai/kihon",
    "05": "/koukai/hosyou",
    "06": "/koukai/syousai",
    "07": "/koukai/kettei",
    "08": "/koukai/siharai",
    "09": "/koukai/juyou",
    "10": "/koukai/moshikomi",
}

# The step in which the important matters are opened.
IMPORTANT_MATTERS = "09"


class Tejyun(Record, frozen=True):
    """How many steps there are, and the agency of the contract."""

    syoken_no: str
    kensuu: str
    dairiten_cd: str
    dairiten_mei: str
    dairiten_tel: str
    dairiten_url: str


class Step(Record, frozen=True):
    step_cd: str
    step_mei: str
    step_path: str


class Hyoji(Record, frozen=True):
    """Something that is shown."""

    meisyo: str
    atai: str


class Koumoku(Record, frozen=True):
    """Something that is asked."""

    koumoku_cd: str
    syubetu: str
    hissu: str
    bun: str
    genzai_atai: str


class Sentakusi(Record, frozen=True):
    """A choice of something that is asked."""

    atai: str
    meisyo: str


class Syorui(Record, frozen=True):
    """A document that is offered, or with `hissu` must be opened."""

    syorui_no: str
    syorui_syu: str
    syorui_mei: str
    ban: str
    sha256: str
    ookisa: str
    hissu: str


class Question(Struct, frozen=True):
    koumoku: Koumoku
    sentakusi: Sequence[Sentakusi]


class Stage(Struct, frozen=True):
    """A step with everything that is shown and asked in it."""

    step: Step
    hyoji: Sequence[Hyoji]
    questions: Sequence[Question]
    syorui: Sequence[Syorui]


class Course(Struct, frozen=True):
    """All steps, the important matters that must be opened on the way, and the agency of the contract."""

    stages: Sequence[Stage]
    paper: Syorui
    told: Tejyun


class Kaisi(Record, frozen=True):
    tetuzuki_no: str
    tugi_step: str


class Tugi(Record, frozen=True):
    tugi_step: str


class Kettei(Record, frozen=True):
    plan_mei: str
    hokenryo: str
    tugi_step: str


class Juyou(Record, frozen=True):
    """What the button would sign."""

    sisan_no: str
    plan_mei: str
    hokenryo: str
    syorui_no: str
    sha256: str
    tugi_step: str


class Moshikomi(Record, frozen=True):
    koukaigo_syoken_no: str
    syoken_no: str
    siki_ymd: str
    manki_ymd: str
    hokenryo: str
    uketuke_nitiji: str


def course(answer: Answer) -> Course:
    """Read `/koukai/tejyun`."""
    answer.only(Step, Hyoji, Koumoku, Sentakusi, Syorui)
    steps = answer.every(Step)
    told = answer.head(Tejyun)
    if read_number(told.kensuu) != len(steps):
        raise ValueError("there are not as many steps as were announced")
    if [(step.step_cd, step.step_path) for step in steps] != list(PATHS.items()):
        raise ValueError("these are not the steps that we know")
    documents = answer.by(Syorui, "STEP_CD")
    stages = _stages(answer, steps, documents)
    must_open = [(code, paper) for (code,), papers in documents.items() for paper in papers if paper.hissu == "1"]
    if [code for code, _ in must_open] != [IMPORTANT_MATTERS]:
        raise ValueError("something else than the important matters must be opened")
    return Course(stages, must_open[0][1], told)


def _stages(
    answer: Answer, steps: Sequence[Step], documents: Mapping[tuple[str, ...], Sequence[Syorui]]
) -> list[Stage]:
    shown, asked = answer.by(Hyoji, "STEP_CD"), answer.by(Koumoku, "STEP_CD")
    choices = answer.by(Sentakusi, "STEP_CD", "KOUMOKU_CD")
    return [
        Stage(
            step,
            shown.get((step.step_cd,), ()),
            [
                Question(koumoku, choices.get((step.step_cd, koumoku.koumoku_cd), ()))
                for koumoku in asked.get((step.step_cd,), ())
            ],
            documents.get((step.step_cd,), ()),
        )
        for step in steps
    ]

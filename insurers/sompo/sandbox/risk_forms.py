"""A car that is insured elsewhere, as somebody without a name describes it (WIRE.md §13.1)."""

from collections.abc import Mapping
from datetime import datetime

from insurers.sompo.sandbox import words
from insurers.sompo.sandbox.contracts import Grade
from insurers.sompo.sandbox.dates import a_year_after
from insurers.sompo.sandbox.forms import Form
from insurers.sompo.sandbox.groups import Asked
from insurers.sompo.sandbox.lines import Line
from insurers.sompo.sandbox.models import MODELS
from insurers.sompo.sandbox.replies import Refusal
from insurers.sompo.sandbox.risks import AGES, Previous, Risk, begins

FIELDS = (
    *("SIKI_YMD", "KATASIKI", "SYAMEI", "SYODO_YM", "YOTO_SYASYU_CD", "SIYOU_CD"),
    *("GENTEI_CD", "NENREI_CD", "SAIJYAKUNEN_YMD", "MENKYO_IRO_CD"),
    *("ZEN_TOUKYU", "ZEN_JIKOYU_NEN", "ZEN_MANKI_YMD", "DANTAI_CD", "DANTAI_MEI", "PLAN_CD"),
)
KINDS = ("01", "02", "03")


def read(line: Line, now: datetime, agency: Mapping[str, str]) -> Risk:
    """
    Raises:
        Refusal: 10, fields that will not do, or that nobody asked for; 66, an unknown model, with the *agency*.
    """
    with Form(line) as form:
        for name in line:
            if name not in FIELDS:
                form.wrong(name)
        inception = form.day("SIKI_YMD")
        model = form.text("KATASIKI", 20, r"[0-9A-Za-z-]+")
        form.text("SYAMEI", 40, r".*")
        first_registered = form.era_month("SYODO_YM") if form.has("SYODO_YM") else None
        told_kind = form.one_of("YOTO_SYASYU_CD", ("", *KINDS))
        use = form.one_of("SIYOU_CD", tuple(words.USES))
        limitation = form.one_of("GENTEI_CD", tuple(words.LIMITATIONS))
        ages = form.one_of("NENREI_CD", AGES)
        youngest = form.era_day("SAIJYAKUNEN_YMD") if form.has("SAIJYAKUNEN_YMD") else None
        colour = form.one_of("MENKYO_IRO_CD", ("", *words.LICENCE_COLOURS))
        previous = _previous(form)
        group = Asked(form.text("DANTAI_CD", 8, r".*"), form.text("DANTAI_MEI", 60, r".*"))
        if not (now < begins(inception) and inception <= a_year_after(now.date())):
            form.wrong("SIKI_YMD")
        else:
            # Only a term that can be has something before it.
            before = {"SYODO_YM": first_registered, "ZEN_MANKI_YMD": previous.maturity if previous else None}
            for name, day in before.items():
                if day and day > inception:
                    form.wrong(name)
            if youngest and youngest >= inception:
                form.wrong("SAIJYAKUNEN_YMD")
    if model not in MODELS:
        raise Refusal("66", **agency)
    return Risk(
        inception=inception,
        model=MODELS[model],
        told_kind=told_kind,
        first_registered=first_registered,
        use=use,
        told_limitation=limitation,
        told_ages=ages,
        youngest=youngest,
        told_licence_colour=colour,
        previous=previous,
        asked_group=group,
    )


def _previous(form: Form) -> Previous | None:
    if not any(form.has(name) for name in ("ZEN_TOUKYU", "ZEN_JIKOYU_NEN", "ZEN_MANKI_YMD")):
        return None
    level, loaded_years, maturity = form.number("ZEN_TOUKYU"), form.number("ZEN_JIKOYU_NEN"), form.day("ZEN_MANKI_YMD")
    if not 1 <= level <= 20:
        form.wrong("ZEN_TOUKYU")
    if loaded_years > 6:
        form.wrong("ZEN_JIKOYU_NEN")
    return Previous(grade=Grade(level=level, loaded_years=loaded_years), maturity=maturity)

"""Stage 3: the five steps of the last screen and its entries (MS-REN-11…13), asked and answered."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from insurers.answers import YES, Value
from insurers.consent import ConsentKind
from insurers.mitsui_sumitomo import facts, renewability
from insurers.mitsui_sumitomo.wire import eg1, values
from insurers.script import Binds, Confirmation, Field, InputKind, Option, Step, StepKind
from insurers.text import Text

CARS = "vehicle_count"
CERTIFICATE = "certificate_form"

# From ten cars on a household needs a fleet contract (MS-REN-12).
FLEET = 10


class FinalStep(Struct, frozen=True, kw_only=True):
    """One of the five steps of the last screen (MS-REN-11, WIRE.md §6.12)."""

    no: int
    heading: str
    label: str
    binds: tuple[Binds, ...] = ()
    # Persons, car and drivers are the insured's to disclose (告知義務).
    proves: ConsentKind = ConsentKind.DECLARATION

    @property
    def key(self) -> str:
        return f"final_step_{self.no}"


FINAL_STEPS = (
    FinalStep(no=1, heading="契約者・記名被保険者", label="Policyholder and named insured"),
    FinalStep(no=2, heading="お車", label="Car"),
    FinalStep(no=3, heading="運転者の条件・等級", label="Drivers and grade"),
    FinalStep(no=4, heading="補償内容", label="Covers", binds=(Binds.PLAN,), proves=ConsentKind.PLAN_CONFIRMED),
    FinalStep(
        no=5,
        heading="保険料・払込方法",
        label="Premium and payment",
        binds=(Binds.PLAN,),
        proves=ConsentKind.PLAN_CONFIRMED,
    ),
)

# WIRE.md §6.12, shokenKeishiki (MS-REN-13).
CERTIFICATES = (
    Option(value="WEB_ETSURAN_NOMI", label=Text("Web閲覧のみ", "On the web only"), recommended=True),
    Option(
        value="SHOKEN_YUSO",
        label=Text("保険証券を郵送・約款はWeb閲覧", "Certificate by post, policy wording on the web"),
    ),
    Option(value="YUSO", label=Text("保険証券・約款とも郵送", "Certificate and policy wording by post")),
)


def step(shown: eg1.KyotsuJoken) -> Step:
    return Step(
        key="final_review",
        kind=StepKind.FINAL_REVIEW,
        title=Text("ご契約内容の最終確認", "Final check of the contract"),
        help=Text(
            "この内容でのお申込みとなりますので、Step 1～Step 5 についてご確認ください。",
            "This is what will be applied for. Please check steps 1 to 5.",
        ),
        facts=tuple(facts.at_last(shown)),
        requirements=(
            *(
                Confirmation(
                    key=one.key,
                    label=Text(f"Step {one.no} {one.heading}", f"Step {one.no}: {one.label}"),
                    statement=f"Step {one.no} {one.heading}",
                    binds=one.binds,
                    proves=one.proves,
                )
                for one in FINAL_STEPS
            ),
            Field(
                key=CARS,
                label=Text(
                    "記名被保険者およびその同居の親族が所有するお車の台数",
                    "Number of cars owned by the named insured and relatives living together, this car included",
                ),
                input=InputKind.INTEGER,
                pattern="[1-9][0-9]?",
                expected=Text("1～99台の台数を入力してください。", "A number of cars from 1 to 99 is expected."),
                refers=(renewability.referral(renewability.FLEET, shown.toriatsukai_dairiten, at_least=FLEET),),
            ),
            Field(
                key=CERTIFICATE,
                label=Text("保険証券・約款の形式", "Form of the certificate and the policy wording"),
                input=InputKind.SELECT,
                options=CERTIFICATES,
            ),
        ),
    )


def as_confirmed(screen: eg1.SaishuKakunin, joken: values.Joken) -> bool:
    """Whether the screen has the steps that were confirmed, under the headings that were shown, and the conditions."""
    steps = [(shown.no, shown.midashi) for shown in screen.step]
    return [(one.no, one.heading) for one in FINAL_STEPS] == steps and screen.joken == joken


def final_steps(said: Mapping[str, Value]) -> Iterator[int]:
    return (step.no for step in FINAL_STEPS if said.get(step.key) == YES)


def cars(said: Mapping[str, Value]) -> int:
    """
    Read the number of cars.

    Raises:
        ValueError: there is none.
    """
    value = said.get(CARS, "")
    return int(value if isinstance(value, str) else "")


def certificate(said: Mapping[str, Value]) -> str:
    value = said.get(CERTIFICATE, "")
    return value if isinstance(value, str) else ""

"""
Who acts: the customer, an agent (募集人) for that customer, or, when no order is carried out, the gateway itself.

An order is a task of its own, and its task knows who gave it. So no deed on the way can forget
to say who did it, and none can be told to write down somebody else.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from insurers import mandate
from insurers.agency import ConsentScope
from insurers.consent import CUSTOMER_ONLY, ConsentKind
from insurers.flow_event import SERVICE
from insurers.hours import TOKYO
from insurers.proof import is_customers_alone
from insurers.script import Step
from insurers.text import Language, Text
from schema.ports import Asker, Given, Role
from schema.problems import Problem, ProblemCode

_ASKER: ContextVar[Asker | None] = ContextVar("who acts", default=None)
_SCOPE: ContextVar[ConsentScope] = ContextVar("for what an agent has leave", default=ConsentScope.PREPARE_RENEWAL)


def begin(asker: Asker) -> None:
    """From here to the end of this task, *asker* acts."""
    _ASKER.set(asker)


@contextmanager
def by_leave_to(scope: ConsentScope) -> Iterator[None]:
    """Whatever an agent writes in an order that is given in this block needs this leave, to the end of the order."""
    token = _SCOPE.set(scope)
    try:
        yield
    finally:
        _SCOPE.reset(token)


def scope() -> ConsentScope:
    """For what the agent who acts needs leave."""
    return _SCOPE.get()


def actor() -> str:
    """The id of who acts."""
    asker = _ASKER.get()
    return asker.actor if asker else SERVICE


def agent() -> str | None:
    """The id of the agent who acts; None where the customer or the gateway does."""
    asker = _ASKER.get()
    return asker.actor if asker and asker.role is Role.AGENT else None


def agent_name() -> str | None:
    """What to call the agent who acts; None where the customer or the gateway does."""
    asker = _ASKER.get()
    return asker.actor_name if asker and asker.role is Role.AGENT else None


def language() -> Language:
    """In which language they read what they are asked."""
    asker = _ASKER.get()
    return asker.language if asker else Language.JA


def refusals(step: Step, given: Sequence[Given]) -> list[Problem]:
    """Why who acts may not give these answers to *step*: some are the customer's alone (P-14)."""
    needs = {need.key: need for need in step.requirements}
    found: list[Problem] = []
    for position, one in enumerate(given):
        need = needs.get(one.requirement)
        if need is not None and agent_name() is not None and is_customers_alone(step, need):
            found.append(customer_only(step.title, "answers", str(position), "requirementKey"))
    return found


def may_confirm(kind: ConsentKind) -> bool:
    return agent_name() is None or kind not in CUSTOMER_ONLY


def customer_only(what: Text, *field: str) -> Problem:
    return Problem(
        code=ProblemCode.CUSTOMER_ONLY,
        message=Text(
            f"「{what.ja}」のこの確認は、契約者ご本人だけが行えます。ご本人にサインインして確認していただいてください。"
            "そのほかの入力と、ご本人が確認を終えた内容での申込みは、募集人も行えます。",
            f'This confirmation in "{what.en}" is the customer\'s alone. Have the customer sign in and give it. An '
            "agent may fill in everything else, and submit what the customer has confirmed.",
        ),
        field=field,
    )


def missing(scope: ConsentScope) -> Problem:
    """Why an agent who may see a thing may not do this to it."""
    wanted = mandate.SCOPES[scope]
    return Problem(
        code=ProblemCode.CONSENT_REQUIRED,
        message=Text(
            f"お客さまの同意がまだありません:「{wanted.ja}」。お客さまに同意を依頼してください（consentGrant）。",
            f"The customer has not agreed to this yet: {wanted.en}. Ask the customer to (consentGrant).",
        ),
        scopes=(scope,),
    )


def later_is_the_customers(opens_at: datetime) -> Problem:
    """Why who acts may not have the application wait for the opening; the customer may, or anybody after it."""
    opens = opens_at.astimezone(TOKYO)
    return Problem(
        code=ProblemCode.CUSTOMER_ONLY,
        message=Text(
            "保険会社は受付時間外です。受付開始後に自動で送信する申込みは、契約者ご本人だけが行えます。ご本人にサインインして"
            f"お申し込みいただくか、受付が始まる{opens.month}月{opens.day}日{opens:%H:%M}以降にあらためてお申し込みください。",
            "The insurer is closed, and only the customer can leave an application to be sent once it opens. Have the "
            f"customer sign in and submit now, or submit it yourself after {opens:%Y-%m-%d %H:%M} in Tokyo.",
        ),
        field=("whenClosed",),
        retry_at=opens_at,
    )

"""What stands between a resolver and somebody else's things."""

from collections.abc import Sequence

import msgspec
from graphql import GraphQLError

from insurers.agency import Agent
from insurers.capability import NumberShape
from insurers.identity import InsurerCode, PlanCode, PolicyNumber
from insurers.identity import PolicyRef as RefWord
from schema.context import Info
from schema.inputs import InsurerRef, PolicyRef
from schema.ports import Asker, Role
from schema.problems import Problem, misshapen


def asker(info: Info) -> Asker:
    """
    Answer who asks, in the language of this very request.

    Raises:
        GraphQLError: nobody is signed in (`extensions.code` is UNAUTHENTICATED).
    """
    viewer = info.context.asker
    if viewer is None:
        raise GraphQLError(
            "サインインが必要です。 / Sign in: send `Authorization: Bearer <token>`.",
            extensions={"code": "UNAUTHENTICATED"},
        )
    return msgspec.structs.replace(viewer, language=info.context.language)


def doer(info: Info) -> Asker:
    """
    Answer the same of a deed: what the operation read before may be otherwise behind it.

    Raises:
        GraphQLError: nobody is signed in.
    """
    info.context.forget()
    return asker(info)


async def agent(info: Info) -> Agent:
    """
    Answer who asks, where they work at an agency at this moment.

    Raises:
        GraphQLError: they do not (FORBIDDEN), or nobody is signed in.
    """
    found = await info.context.host.agencies.agent(asker(info))
    if found is None:
        raise GraphQLError(
            "代理店の募集人として登録されていません。代理店の管理者に登録を依頼してください。"
            " / You are not known as an agent of any agency here. Ask whoever runs this gateway to enter you.",
            extensions={"code": "FORBIDDEN"},
        )
    return found


def principal(info: Info) -> Asker:
    """
    Answer the customer who does something in person: an account's passwords and passcodes are nobody else's to enter.

    Raises:
        GraphQLError: an agent asks (FORBIDDEN), or nobody does.
    """
    viewer = doer(info)
    if viewer.role is Role.AGENT:
        raise GraphQLError(
            "保険会社への登録とログインは、契約者ご本人だけが行えます。ご本人にサインインして行っていただいてください。"
            " / Registering and signing in at an insurer are the customer's alone: have the customer do it.",
            extensions={"code": "FORBIDDEN"},
        )
    return viewer


def insurer_code(info: Info, ref: InsurerRef) -> InsurerCode | None:
    """Answer the code of an insurer that this gateway reaches, or None."""
    parts = info.context.ids.parts(ref.id, "Insurer") if ref.id else None
    code = InsurerCode(parts[0] if parts else ref.code or "")
    return code if code in info.context.host.manifests else None


def insurer_codes(info: Info, refs: Sequence[InsurerRef] | None) -> list[InsurerCode] | None:
    """Answer the insurers that are meant, or codes that nobody has; None for all of them."""
    return None if refs is None else [insurer_code(info, ref) or InsurerCode("") for ref in refs]


def policy_ref(info: Info, ref: PolicyRef) -> RefWord | None:
    """Answer the policy that is meant; None when the reference is none of ours, or the number none of its insurer's."""
    if ref.id:
        parts = info.context.ids.parts(ref.id, "Policy")
        return RefWord(InsurerCode(parts[0]), PolicyNumber(parts[1])) if parts else None
    number = ref.number
    code = insurer_code(info, number.insurer) if number else None
    if not number or code is None or not _shape(info, code).matches(number.number):
        return None
    return RefWord(code, number.number)


def policy_refs(info: Info, refs: Sequence[PolicyRef]) -> list[RefWord]:
    """Answer the policies that are meant, or ones that nobody has."""
    nobodys = RefWord(InsurerCode(""), PolicyNumber(""))
    return [policy_ref(info, ref) or nobodys for ref in refs]


def wrong_number(info: Info, ref: PolicyRef, *field: str) -> Problem | None:
    """
    Answer why no policy of the insurer that is meant has this number; None for any other reference.

    *field* is where the reference stands in the input.
    """
    code = insurer_code(info, ref.number.insurer) if ref.number else None
    if not ref.number or code is None:
        return None
    shape = _shape(info, code)
    return None if shape.matches(ref.number.number) else misshapen(shape, *field, "number", "number")


def _shape(info: Info, code: InsurerCode) -> NumberShape:
    return info.context.host.manifests[code].number_shape


def flow_id(info: Info, id_: str, type_: str) -> str:
    """Answer our id of a flow, or one that nobody has."""
    parts = info.context.ids.parts(id_, type_)
    return parts[0] if parts else ""


def step_key(info: Info, id_: str, flow: str) -> str:
    """Answer the key of a step of this flow, or one that no step has."""
    parts = info.context.ids.parts(id_, "FlowStep")
    return parts[1] if parts and parts[0] == flow else ""


def plan_code(info: Info, id_: str, renewal: str) -> PlanCode:
    """Answer the code of a plan of this renewal, or one that no plan has."""
    parts = info.context.ids.parts(id_, "Plan")
    return PlanCode(parts[1] if parts and parts[0] == renewal else "")


def quoted_plan(info: Info, id_: str) -> tuple[str, PlanCode]:
    """Answer the inquiry that has a plan of a comparison, and the plan's code; or what nobody has."""
    parts = info.context.ids.parts(id_, "Plan") or ("", "")
    _, _, inquiry = parts[0].partition("/")
    return inquiry, PlanCode(parts[1])


def document_id(info: Info, id_: str) -> str:
    parts: Sequence[str] | None = info.context.ids.parts(id_, "Document")
    return parts[2] if parts else ""

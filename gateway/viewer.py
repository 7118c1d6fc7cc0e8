"""Who is asking, as a token says it."""

from uuid import NAMESPACE_URL, uuid5

from gateway.tokens import Claims
from insurers.person import PersonName
from schema.ports import Asker, Role

_ROLES = {role.value: role for role in Role}


def asker(claims: Claims) -> Asker:
    """
    Answer the person of a token. The id is the same for every token of the same person.

    A role that we do not know gives no right.
    """
    named = claims.family_name is not None and claims.given_name is not None
    return Asker(
        customer=str(uuid5(NAMESPACE_URL, f"{claims.issuer} {claims.subject}")),
        display_name=claims.name or "—",
        name=PersonName(family=claims.family_name or "", given=claims.given_name or "") if named else None,
        roles=frozenset(_ROLES[role] for role in claims.roles if role in _ROLES),
        expires_at=claims.expires_at,
    )

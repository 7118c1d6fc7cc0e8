"""Who is asking, as a token says it."""

from functools import lru_cache
from uuid import NAMESPACE_URL, uuid5

from gateway.tokens import Claims, InvalidToken, Reason
from gateway.tokens.verifier import MOST_BELIEVED
from insurers.person import PersonName
from schema.ports import Asker, Role

_ROLES = {role.value: role for role in Role}


# Whoever asks asks again.
@lru_cache(maxsize=MOST_BELIEVED)
def asker(claims: Claims) -> Asker:
    """
    Answer the person of a token, and who acts for them. Ids are the same for every token of the same person.

    A role that we do not know gives no right.

    Raises:
        InvalidToken: somebody acts for the person who is no agent (P-14).
    """
    roles = frozenset(_ROLES[role] for role in claims.roles if role in _ROLES)
    actor = claims.actor
    if actor is not None and Role.AGENT not in roles:
        raise InvalidToken(Reason.CLAIMS)
    customer = party(claims.issuer, claims.subject)
    named = claims.family_name is not None and claims.given_name is not None
    return Asker(
        customer=customer,
        actor=party(actor.issuer, actor.subject) if actor else customer,
        display_name=claims.name or "—",
        actor_name=(actor.name if actor else claims.name) or "—",
        name=PersonName(family=claims.family_name or "", given=claims.given_name or "") if named else None,
        roles=roles,
        expires_at=claims.expires_at,
    )


def party(issuer: str, subject: str) -> str:
    """Answer our id of whoever this issuer calls so, customer or agent."""
    return str(uuid5(NAMESPACE_URL, f"{issuer} {subject}"))

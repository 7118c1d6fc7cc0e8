"""The issuer of tokens that a development gateway carries with it. Whoever asks gets a token, for anybody."""

import hashlib
import json
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.keyfile import kept
from gateway.settings import Environment

ALGORITHM = "Ed25519"
KEY_FILE = "issuer.jwk"
A_WORKING_DAY = timedelta(hours=12)


class NotInProduction(RuntimeError):
    """Where there are real customers, nobody may make tokens for himself."""


class DevelopmentIssuer:
    """
    Signs tokens with a key that it keeps in *folder*, so that they outlive a restart.

    Raises:
        NotInProduction: that is no place for it.
        OSError: the folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        issuer: str,
        audience: str,
        clock: Callable[[], datetime],
        *,
        environment: Environment,
    ) -> None:
        if environment is Environment.PRODUCTION:
            raise NotInProduction
        self.issuer = issuer
        self.audience = audience
        self._clock = clock
        self._key = OKPKey.import_key(json.loads(kept(folder / KEY_FILE, _new_key)))

    @property
    def keys(self) -> KeySet:
        """Only what is needed to verify."""
        return KeySet([OKPKey.import_key(self._key.as_dict(private=False))])

    def mint(
        self,
        customer: str | None = None,
        *,
        agent: str | None = None,
        roles: Sequence[str] | None = None,
        lifetime: timedelta = A_WORKING_DAY,
    ) -> str:
        """
        Answer a token for the person of this name; the same name is the same person.

        With an *agent* (募集人) it is the agent's, who acts for that customer, or as themselves where there is
        none. Who has no other *roles* is what they then are.

        Raises:
            ValueError: it would be nobody's.
        """
        if customer is None and agent is None:
            raise ValueError("a token is somebody's")
        now = self._clock()
        name = _name(customer or agent or "")
        family, _, given = name.partition(" ")
        acts = {"sub": subject(agent), "name": _name(agent)} if agent and customer else None
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": subject(name),
            "name": name,
            "family_name": family if given else None,
            "given_name": given or None,
            "roles": list(roles if roles is not None else ("agent",) if agent else ("customer",)),
            "act": acts,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "jti": str(uuid4()),
        }
        said = {claim: value for claim, value in claims.items() if value is not None}
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._key.kid}
        return jwt.encode(header, said, self._key, algorithms=[ALGORITHM])

    def routes(self) -> list[Route]:
        """Answer where others find the keys, as OpenID Connect has it."""

        async def discovery(request: Request) -> Response:
            return JSONResponse(
                {
                    "issuer": self.issuer,
                    "jwks_uri": f"{request.base_url}jwks",
                    "response_types_supported": [],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": [ALGORITHM],
                }
            )

        async def key_set(request: Request) -> Response:
            return JSONResponse(self.keys.as_dict(private=False))

        return [Route("/.well-known/openid-configuration", discovery), Route("/jwks", key_set)]


def _new_key() -> str:
    key = OKPKey.generate_key("Ed25519", {"use": "sig"}, private=True, auto_kid=True)
    return json.dumps(key.as_dict(private=True))


def _name(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", typed).split())


def subject(name: str) -> str:
    """Answer what a token of this person says in `sub`."""
    return f"dev-{hashlib.sha256(_name(name).encode()).hexdigest()[:20]}"

"""Bearer tokens: whose they are, and whether to believe them."""

import hashlib
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from joserfc import jws, jwt
from joserfc.errors import ClaimError, ExpiredTokenError, InvalidClaimError, JoseError, SecurityWarning
from joserfc.jwk import Key

from gateway.tokens.keys import Keys, UnreachableKeys
from insurers.person import Private
from schema.execution.kept import Kept

# Asymmetric ones only: with them, whoever can verify cannot sign. EdDSA is the older name of Ed25519 (RFC 9864).
ALGORITHMS = frozenset({"Ed25519", "EdDSA", "ES256", "RS256"})

# An access token, told apart from an identity token of the same issuer (RFC 9068).
ACCESS_TOKEN = frozenset({"at+jwt", "application/at+jwt"})

LEEWAY_SECONDS = 30

# So many are remembered, the longest unused forgotten first; each takes about a kilobyte.
MOST_BELIEVED = 10_000

Clock = Callable[[], datetime]


class Reason(StrEnum):
    """Why a token is not believed; a code, which goes to logs and never quotes the token."""

    MALFORMED = "malformed"
    TYPE = "type"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    KEYS_UNREACHABLE = "keys_unreachable"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    CLAIMS = "claims"


class InvalidToken(Exception):
    """A token that is not believed."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Delegate(Private, frozen=True, kw_only=True):
    """Who acts with a token that is about somebody else (`act`, RFC 8693 §4.1)."""

    issuer: str
    subject: str
    name: str | None


class Claims(Private, frozen=True, kw_only=True):
    """
    What a token says. The subject means something only together with its issuer.

    `actor` is who acts for the subject; without one it is the subject.
    """

    issuer: str
    subject: str
    name: str | None
    family_name: str | None
    given_name: str | None
    roles: tuple[str, ...]
    expires_at: datetime
    actor: Delegate | None = None


class _Believed(Private, frozen=True):
    """
    What was found of a token, by which key, and when.

    Until it expires nothing else is found of it by the same key: a time before which it is not good has passed.
    """

    claims: Claims
    key_id: str | None
    key: Key
    since: int

    def holds(self, now: int) -> bool:
        return self.since <= now < self.claims.expires_at.timestamp() + LEEWAY_SECONDS


class Verifier:
    """
    Believes the tokens of one issuer that are meant for us.

    A signature is verified once; of a token that was believed only a hash is remembered beside what it says.
    """

    def __init__(self, keys: Keys, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        self._believed: Kept[bytes, _Believed] = Kept(MOST_BELIEVED)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def verify(self, token: str) -> Claims:
        """
        Answer what the token says.

        Raises:
            InvalidToken: it is not believed.
        """
        name, now = hashlib.sha256(token.encode(errors="surrogatepass")).digest(), int(self._clock().timestamp())
        found = self._believed.get(name)
        # Keys that were fetched anew are others, and so is what is believed.
        if found is None or not found.holds(now) or await self._find(found.key_id) is not found.key:
            key_id, algorithm = _header(token)
            key = await self._find(key_id)
            found = _Believed(self._read(token, key, algorithm), key_id, key, now)
            self._believed.keep(name, found)
        return found.claims

    async def _find(self, key_id: str | None) -> Key:
        try:
            key = await self._keys.find(key_id)
        except UnreachableKeys as error:
            raise InvalidToken(Reason.KEYS_UNREACHABLE) from error
        if key is None:
            raise InvalidToken(Reason.UNKNOWN_KEY)
        return key

    def _read(self, token: str, key: Key, algorithm: str) -> Claims:
        try:
            with warnings.catch_warnings():
                # The library frowns on the old name of a sound algorithm.
                warnings.simplefilter("ignore", SecurityWarning)
                said = jwt.decode(token, key, algorithms=[algorithm]).claims
        except (JoseError, ValueError):
            raise InvalidToken(Reason.SIGNATURE) from None
        try:
            self._claims.validate(said)
        except ClaimError as error:
            raise InvalidToken(_claim_reason(error)) from None
        return _claims(said)


def _header(token: str) -> tuple[str | None, str]:
    """Answer the id of the key that is said to have signed, and how. Nothing here is believed yet."""
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, TypeError):
        raise InvalidToken(Reason.MALFORMED) from None
    kind, algorithm, key_id = header.get("typ"), header.get("alg"), header.get("kid")
    if not isinstance(kind, str) or kind.lower() not in ACCESS_TOKEN:
        raise InvalidToken(Reason.TYPE)
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise InvalidToken(Reason.ALGORITHM)
    if key_id is not None and not isinstance(key_id, str):
        raise InvalidToken(Reason.MALFORMED)
    return key_id, algorithm


_CLAIM_REASONS = {"iss": Reason.ISSUER, "aud": Reason.AUDIENCE, "nbf": Reason.NOT_YET, "iat": Reason.NOT_YET}


def _claim_reason(error: ClaimError) -> Reason:
    if isinstance(error, ExpiredTokenError):
        return Reason.EXPIRED
    if isinstance(error, InvalidClaimError):
        return _CLAIM_REASONS.get(error.claim, Reason.CLAIMS)
    return Reason.CLAIMS


def _claims(said: jwt.Claims) -> Claims:
    roles = said.get("roles", [])
    names = [said.get(claim) for claim in ("name", "family_name", "given_name")]
    well_formed = (
        isinstance(roles, list)
        and all(isinstance(role, str) for role in roles)
        and all(name is None or isinstance(name, str) for name in names)
    )
    if not well_formed or not said["sub"]:
        raise InvalidToken(Reason.CLAIMS)
    try:
        expires_at = datetime.fromtimestamp(said["exp"], UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidToken(Reason.CLAIMS) from None
    name, family_name, given_name = names
    return Claims(
        issuer=said["iss"],
        subject=said["sub"],
        name=name,
        family_name=family_name,
        given_name=given_name,
        roles=tuple(roles),
        expires_at=expires_at,
        actor=_actor(said),
    )


def _actor(said: jwt.Claims) -> Delegate | None:
    """
    Answer who acts. An actor within an actor tells of earlier hands, and gives nobody a right.

    Raises:
        InvalidToken: somebody acts, and it is not said who.
    """
    if "act" not in said:
        return None
    act = said["act"]
    if not isinstance(act, dict):
        raise InvalidToken(Reason.CLAIMS)
    subject, issuer, name = act.get("sub"), act.get("iss", said["iss"]), act.get("name")
    if not (isinstance(subject, str) and subject and isinstance(issuer, str) and isinstance(name, str | None)):
        raise InvalidToken(Reason.CLAIMS)
    return Delegate(issuer=issuer, subject=subject, name=name)

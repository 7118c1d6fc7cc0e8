"""Which tokens are believed, and how others are refused."""

import asyncio
import base64
import hmac
import json
import stat
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway import settings, tokens, viewer
from gateway.serving import serve
from gateway.settings import Environment
from gateway.tokens import DevelopmentIssuer, InvalidToken, NotInProduction, Reason, Verifier
from gateway.tokens.keys import GOOD_FOR, FetchedKeys, HeldKeys, UnreachableKeys
from gateway.vault import fresh_key
from gateway.wrong_settings import WrongSettings
from insurers.sandbox import TestClock

ISSUER, AUDIENCE = "https://id.example", "tabane"

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
STRANGER = OKPKey.generate_key("Ed25519", {"kid": "ed"})


def published(*keys: Key) -> KeySet:
    return KeySet.import_key_set(KeySet(list(keys)).as_dict(private=False))


@pytest.fixture
def verifier(clock: TestClock) -> Verifier:
    return Verifier(HeldKeys(published(RSA, EC, ED)), ISSUER, AUDIENCE, clock)


def claims(clock: TestClock, **changed: Any) -> dict[str, Any]:
    now = int(clock().timestamp())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u1", "iat": now, "exp": now + 600, "roles": ["customer"]}
    return {claim: value for claim, value in (usual | changed).items() if value is not None}


def signed(said: Mapping[str, Any], key: Key = ED, alg: str = "Ed25519", **header: Any) -> str:
    full = {"alg": alg, "typ": "at+jwt", "kid": key.kid} | header
    return jwt.encode({name: value for name, value in full.items() if value is not None}, dict(said), key, [alg])


def spelled(header: Mapping[str, Any], said: Mapping[str, Any], signature: bytes = b"") -> str:
    """A token made by hand, as an attacker would."""
    parts = (json.dumps(header).encode(), json.dumps(said).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


async def reason(verifier: Verifier, token: str) -> Reason:
    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(token)
    return caught.value.reason


@pytest.mark.parametrize(("key", "alg"), [(ED, "Ed25519"), (EC, "ES256"), (RSA, "RS256")])
async def test_a_token_of_the_issuer_is_believed(verifier: Verifier, clock: TestClock, key: Key, alg: str) -> None:
    said = await verifier.verify(signed(claims(clock, name="三住 太郎", family_name="三住"), key, alg))

    assert (ISSUER, "u1", "三住 太郎", "三住", None, ("customer",)) == (
        said.issuer,
        said.subject,
        said.name,
        said.family_name,
        said.given_name,
        said.roles,
    )
    assert clock() + timedelta(seconds=600) == said.expires_at


async def test_who_acts_for_the_subject_is_the_outermost_actor(verifier: Verifier, clock: TestClock) -> None:
    """An actor within it tells of earlier hands, and has no right of its own (RFC 8693, 4.1)."""
    act = {"sub": "a1", "name": "募集 花子", "act": {"sub": "a0"}}

    said = await verifier.verify(signed(claims(clock, roles=["agent"], act=act)))

    assert said.actor is not None
    assert ("u1", ISSUER, "a1", "募集 花子") == (said.subject, said.actor.issuer, said.actor.subject, said.actor.name)


async def test_an_agent_of_another_issuer_is_another_agent(verifier: Verifier, clock: TestClock) -> None:
    own, other = [
        viewer.asker(await verifier.verify(signed(claims(clock, roles=["agent"], act={"sub": "a1"} | issuer))))
        for issuer in ({}, {"iss": "https://agencies.example"})
    ]

    assert own.customer == other.customer
    assert 3 == len({own.customer, own.actor, other.actor})


@pytest.mark.parametrize("roles", [[], ["customer"], ["admin"], ["Agent"]])
async def test_nobody_acts_for_another_without_being_an_agent(
    verifier: Verifier, clock: TestClock, roles: list[str]
) -> None:
    said = await verifier.verify(signed(claims(clock, roles=roles, act={"sub": "a1"})))

    with pytest.raises(InvalidToken, match=Reason.CLAIMS):
        viewer.asker(said)


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
async def test_the_older_name_of_the_algorithm_is_known(verifier: Verifier, clock: TestClock) -> None:
    assert "u1" == (await verifier.verify(signed(claims(clock), alg="EdDSA"))).subject


async def test_an_audience_may_stand_among_others(verifier: Verifier, clock: TestClock) -> None:
    assert "u1" == (await verifier.verify(signed(claims(clock, aud=["billing", AUDIENCE])))).subject


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"iss": "https://other.example"}, Reason.ISSUER),
        ({"iss": f"{ISSUER}/"}, Reason.ISSUER),
        ({"aud": "billing"}, Reason.AUDIENCE),
        ({"aud": ["billing"]}, Reason.AUDIENCE),
        ({"iss": None}, Reason.CLAIMS),
        ({"aud": None}, Reason.CLAIMS),
        ({"sub": None}, Reason.CLAIMS),
        ({"sub": ""}, Reason.CLAIMS),
        ({"sub": 7}, Reason.CLAIMS),
        ({"exp": None}, Reason.CLAIMS),
        ({"exp": "tomorrow"}, Reason.CLAIMS),
        ({"exp": 10**30}, Reason.CLAIMS),
        ({"exp": float("nan")}, Reason.CLAIMS),
        ({"roles": "admin"}, Reason.CLAIMS),
        ({"roles": [1]}, Reason.CLAIMS),
        ({"name": {"family": "三住"}}, Reason.CLAIMS),
        ({"act": "a1"}, Reason.CLAIMS),
        ({"act": {}}, Reason.CLAIMS),
        ({"act": {"sub": ""}}, Reason.CLAIMS),
        ({"act": {"sub": 7}}, Reason.CLAIMS),
        ({"act": {"sub": "a1", "iss": 7}}, Reason.CLAIMS),
        ({"act": {"sub": "a1", "name": ["募集"]}}, Reason.CLAIMS),
    ],
)
async def test_other_claims_are_refused(
    verifier: Verifier, clock: TestClock, changed: dict[str, Any], expected: Reason
) -> None:
    assert expected is await reason(verifier, signed(claims(clock, **changed)))


@pytest.mark.parametrize(
    ("claim", "seconds", "expected"),
    [
        ("exp", -29, None),
        ("exp", -30, Reason.EXPIRED),
        ("nbf", 30, None),
        ("nbf", 31, Reason.NOT_YET),
        ("iat", 31, Reason.NOT_YET),
    ],
)
async def test_clocks_may_differ_by_half_a_minute(
    verifier: Verifier, clock: TestClock, claim: str, seconds: int, expected: Reason | None
) -> None:
    token = signed(claims(clock, **{claim: int(clock().timestamp()) + seconds}))

    if expected is None:
        assert "u1" == (await verifier.verify(token)).subject
    else:
        assert expected is await reason(verifier, token)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", None, 5, ["Ed25519"]])
async def test_an_unsigned_token_is_refused(verifier: Verifier, clock: TestClock, alg: object) -> None:
    token = spelled({"alg": alg, "typ": "at+jwt", "kid": "ed"}, claims(clock))

    assert await reason(verifier, token) in (Reason.ALGORITHM, Reason.MALFORMED)


@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512"])
@pytest.mark.parametrize("key", [RSA, EC])
async def test_a_public_key_is_no_password(verifier: Verifier, clock: TestClock, key: RSAKey | ECKey, alg: str) -> None:
    """The old confusion: a token signed with the published key as if it were a shared secret."""
    header = {"alg": alg, "typ": "at+jwt", "kid": key.kid}
    unsigned = spelled(header, claims(clock)).removesuffix(".")
    signature = hmac.digest(key.as_pem(private=False), unsigned.encode(), f"sha{alg[2:]}")

    assert Reason.ALGORITHM is await reason(verifier, spelled(header, claims(clock), signature))


async def test_a_key_signs_only_by_its_own_algorithm(verifier: Verifier, clock: TestClock) -> None:
    token = spelled({"alg": "ES256", "typ": "at+jwt", "kid": "rsa"}, claims(clock), b"\0" * 64)

    assert Reason.SIGNATURE is await reason(verifier, token)


async def test_a_strangers_signature_under_a_known_id_is_refused(verifier: Verifier, clock: TestClock) -> None:
    assert Reason.SIGNATURE is await reason(verifier, signed(claims(clock), STRANGER))


async def test_a_key_that_travels_with_its_token_proves_nothing(verifier: Verifier, clock: TestClock) -> None:
    token = spelled(
        {"alg": "Ed25519", "typ": "at+jwt", "kid": "ed", "jwk": STRANGER.as_dict(private=False)},
        claims(clock),
        b"0" * 64,
    )

    assert Reason.SIGNATURE is await reason(verifier, token)


async def test_a_changed_payload_breaks_the_signature(verifier: Verifier, clock: TestClock) -> None:
    header, _, signature = signed(claims(clock)).split(".")
    payload = spelled({}, claims(clock, roles=["admin"])).split(".")[1]

    assert Reason.SIGNATURE is await reason(verifier, f"{header}.{payload}.{signature}")


@pytest.mark.parametrize("typ", ["JWT", "id+jwt", None, "", 1])
async def test_another_kind_of_token_is_refused(verifier: Verifier, clock: TestClock, typ: object) -> None:
    token = spelled({"alg": "Ed25519", "typ": typ, "kid": "ed"}, claims(clock))

    assert Reason.TYPE is await reason(verifier, token)


async def test_without_a_key_id_only_an_only_key_will_do(verifier: Verifier, clock: TestClock) -> None:
    token = signed(claims(clock), kid=None)
    alone = Verifier(HeldKeys(published(ED)), ISSUER, AUDIENCE, clock)

    assert Reason.UNKNOWN_KEY is await reason(verifier, token)
    assert "u1" == (await alone.verify(token)).subject


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "三住", "a" * 100_000, "e30.e30.", "\0"])
async def test_what_is_no_token_is_refused(verifier: Verifier, token: str) -> None:
    assert await reason(verifier, token) in (Reason.MALFORMED, Reason.TYPE)


async def test_a_refusal_repeats_nothing_of_the_token(verifier: Verifier, clock: TestClock) -> None:
    token = signed(claims(clock, name="三住 太郎"), STRANGER)

    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(token)

    assert "signature" == str(caught.value)
    assert caught.value.__suppress_context__


async def test_claims_do_not_show_who_it_is(verifier: Verifier, clock: TestClock) -> None:
    assert "Claims(…)" == repr(await verifier.verify(signed(claims(clock, name="三住 太郎"))))


class KeyServer:
    """An issuer's key set on a real socket, and how often it was asked for."""

    def __init__(self) -> None:
        self.keys: list[Key] = [ED]
        self.asked = 0
        self.status = 200

    async def answer(self, request: Request) -> Response:
        self.asked += 1
        return JSONResponse(published(*self.keys).as_dict(private=False), status_code=self.status)


@pytest.fixture
def server() -> KeyServer:
    return KeyServer()


@pytest.fixture
async def fetched(server: KeyServer, clock: TestClock) -> AsyncIterator[FetchedKeys]:
    async with serve(Starlette(routes=[Route("/jwks", server.answer)])) as url:
        yield FetchedKeys(f"{url}/jwks", clock)


async def test_keys_are_fetched_once(server: KeyServer, fetched: FetchedKeys) -> None:
    found = await asyncio.gather(*(fetched.find("ed") for _ in range(5)))

    assert all(found)
    assert 1 == server.asked


async def test_an_unknown_key_is_asked_for_once_a_minute(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    await fetched.find("ed")
    server.keys.append(EC)

    assert [None, None] == [await fetched.find("ec"), await fetched.find("ec")]
    assert 1 == server.asked
    clock.advance(timedelta(seconds=60))
    assert await fetched.find("ec")
    assert 2 == server.asked


async def test_an_issuer_that_is_down_has_not_changed_its_keys(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    await fetched.find("ed")
    server.status = 503
    clock.advance(timedelta(minutes=5))

    assert await fetched.find("unheard-of") is None
    assert await fetched.find("ed")


async def test_a_key_that_was_withdrawn_is_believed_for_minutes_and_nobody_waits_to_hear_of_it(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    await fetched.find("ed")
    server.keys = [EC]
    clock.advance(GOOD_FOR - timedelta(seconds=1))
    assert await fetched.find("ed")
    assert 1 == server.asked

    clock.advance(timedelta(seconds=1))
    assert await fetched.find("ed")
    while await fetched.find("ed"):  # noqa: ASYNC110 (nobody tells when they are there)
        await asyncio.sleep(0)

    assert 2 == server.asked
    assert await fetched.find("ec")


async def test_a_clock_that_is_set_back_holds_nobody_off_and_keeps_no_withdrawn_key(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    await fetched.find("ed")
    server.keys = [EC]
    clock.advance(timedelta(hours=-1))

    assert await fetched.find("ec")
    assert await fetched.find("ed") is None

    server.keys = [ED]
    clock.advance(timedelta(hours=-1))
    while await fetched.find("ec"):  # noqa: ASYNC110 (nobody tells when they are there)
        await asyncio.sleep(0)
    assert 3 == server.asked


async def test_an_issuer_that_is_down_is_asked_for_old_keys_every_few_seconds(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    await fetched.find("ed")
    server.status = 503
    clock.advance(GOOD_FOR)

    while server.asked < 2:
        assert await fetched.find("ed")
        await asyncio.sleep(0)
    for _ in range(100):
        assert await fetched.find("ed")
        await asyncio.sleep(0)

    assert 2 == server.asked


async def test_without_keys_nobody_is_believed_until_they_come(
    server: KeyServer, fetched: FetchedKeys, clock: TestClock
) -> None:
    verifier = Verifier(fetched, ISSUER, AUDIENCE, clock)
    server.status = 503

    assert Reason.KEYS_UNREACHABLE is await reason(verifier, signed(claims(clock)))
    server.status = 200
    clock.advance(timedelta(seconds=5))
    assert "u1" == (await verifier.verify(signed(claims(clock)))).subject


async def test_what_was_believed_is_not_verified_again_and_ends_at_its_hour(
    verifier: Verifier, clock: TestClock
) -> None:
    token = signed(claims(clock))

    first, again = await verifier.verify(token), await verifier.verify(token)
    clock.advance(timedelta(seconds=629))
    late = await verifier.verify(token)
    clock.advance(timedelta(seconds=1))

    assert first is again is late
    assert Reason.EXPIRED is await reason(verifier, token)
    # Set back behind the hour at which it was believed, the clock has it read anew.
    clock.advance(timedelta(seconds=-700))
    assert Reason.NOT_YET is await reason(verifier, token)


async def test_what_was_believed_goes_with_its_key(server: KeyServer, fetched: FetchedKeys, clock: TestClock) -> None:
    verifier = Verifier(fetched, ISSUER, AUDIENCE, clock)
    token = signed(claims(clock))
    assert "u1" == (await verifier.verify(token)).subject
    server.keys = [STRANGER, EC]
    clock.advance(timedelta(minutes=1))

    # An id that is not known yet has the keys fetched anew.
    assert "u1" == (await verifier.verify(signed(claims(clock), EC, "ES256"))).subject

    assert Reason.SIGNATURE is await reason(verifier, token)


async def test_a_moved_key_set_is_not_followed(server: KeyServer, clock: TestClock) -> None:
    routes = [Route("/jwks", server.answer), Route("/moved", RedirectResponse("/jwks"))]

    async with serve(Starlette(routes=routes)) as url:
        with pytest.raises(UnreachableKeys):
            await FetchedKeys(f"{url}/moved", clock).find("ed")

    assert 0 == server.asked


def issuer(desk: Path, clock: TestClock, environment: Environment = Environment.DEVELOPMENT) -> DevelopmentIssuer:
    return DevelopmentIssuer(desk / "data", ISSUER, AUDIENCE, clock, environment=environment)


async def test_a_development_token_says_who_it_is_for(desk: Path, clock: TestClock) -> None:
    own = issuer(desk, clock)

    said = await Verifier(HeldKeys(own.keys), ISSUER, AUDIENCE, clock).verify(own.mint("三住　太郎"))

    assert ("三住 太郎", "三住", "太郎") == (said.name, said.family_name, said.given_name)
    assert ("customer",) == said.roles
    assert clock() + timedelta(hours=12) == said.expires_at


async def test_the_same_name_is_the_same_person_after_a_restart(desk: Path, clock: TestClock) -> None:
    verifier = Verifier(HeldKeys(issuer(desk, clock).keys), ISSUER, AUDIENCE, clock)

    said = [await verifier.verify(issuer(desk, clock).mint(name)) for name in ("三住 太郎", "三住　太郎", "三住 花子")]

    assert said[0].subject == said[1].subject
    assert said[0].subject != said[2].subject


def test_the_issuers_key_is_its_owners_only(desk: Path, clock: TestClock) -> None:
    issuer(desk, clock)

    assert 0o600 == stat.S_IMODE((desk / "data" / "issuer.jwk").stat().st_mode)


def test_there_is_no_development_issuer_in_production(desk: Path, clock: TestClock) -> None:
    with pytest.raises(NotInProduction):
        issuer(desk, clock, Environment.PRODUCTION)

    assert [] == list(desk.iterdir())


async def test_the_published_keys_are_public(desk: Path, clock: TestClock) -> None:
    async with serve(Starlette(routes=issuer(desk, clock).routes())) as url, aiohttp.ClientSession(url) as client:
        async with client.get("/.well-known/openid-configuration") as answered:
            discovered = await answered.json()
        async with client.get(discovered["jwks_uri"]) as answered:
            (key,) = (await answered.json())["keys"]

    assert ISSUER == discovered["issuer"]
    assert {"crv", "x", "use", "kty", "kid"} == set(key)


async def test_in_production_the_operators_keys_are_believed_and_no_others(desk: Path, clock: TestClock) -> None:
    (desk / "keys.json").write_text(json.dumps(published(ED).as_dict(private=False)))
    told = settings.read(
        environment="production", vault_keys=fresh_key(), token_issuer=ISSUER, token_jwks=str(desk / "keys.json")
    )

    verifier, own = tokens.trusted(told, clock)

    assert own is None
    assert "u1" == (await verifier.verify(signed(claims(clock)))).subject


async def test_in_development_our_own_keys_are_believed(clock: TestClock) -> None:
    verifier, own = tokens.trusted(settings.read(), clock)

    assert own is not None
    assert "三住 太郎" == (await verifier.verify(own.mint("三住 太郎"))).name


@pytest.mark.parametrize("text", [None, "", "{}", "[]", '{"keys": []}', '{"keys": [5]}', '{"keys": [{"kty": "OKP"}]}'])
def test_keys_that_cannot_be_read_are_told(desk: Path, clock: TestClock, text: str | None) -> None:
    if text is not None:
        (desk / "keys.json").write_text(text)

    with pytest.raises(WrongSettings, match="TABANE_TOKEN_JWKS"):
        tokens.trusted(settings.read(token_jwks="keys.json"), clock)

"""Every way into every insurer, and then a search of all that is left for each secret that was in anybody's hands."""

import base64
import json
import logging
import re
from collections.abc import Iterator, Sequence

import msgspec
import pytest
from sqlalchemy import RowMapping, create_engine, make_url, select

from gateway.settings import Settings
from gateway.store import tables
from gateway.store.transaction import about
from gateway.vault import Keyring
from insurers.account import Link
from insurers.identity import InsurerCode
from insurers.sandbox import Fault
from tests.api.conftest import INSURERS, Town
from tests.api.frontend import PERSONAS, Frontend, Json, key
from tests.api.live import connected
from tests.api.test_every_way_in import WAYS, somebody
from tests.api.test_linking import passcode_but
from tests.api.test_watching import REGISTRATION, until
from tests.api.walking import LONGEST, WITHIN_ACCOUNT, Walker, persona
from tests.journeys.insurer import by_turns
from tests.journeys.registering import WRONG_SECRET
from tests.journeys.test_nothing_leaks import MALFORMED, SHORTEST, Gossip, everything_in, found
from tests.store.test_erasure import PIECE_BYTES, checkpoint

# No insurer takes it for a password, but each takes it for a keyword.
WRONG_PASSWORD = "chigauyatsu"
CHOSEN_KEYWORD = "Eranda2026Kotoba"
WRONG_TOKEN = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJkYXJla2EifQ.Tsukurimono"

# Where orders carry what nobody else may know.
SECRET_FIELDS = frozenset({"secret", "link", "password", "answer"})

# A random id may hold the six digits of a passcode.
RANDOM_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])(?:[0-9a-f]{32}){1,2}(?![0-9a-f])")

# The insurer did in the trouble what was asked of it, and says so.
DONE_IN_TROUBLE = "POLICY_ALREADY_REGISTERED"

TROUBLES = (Fault.GIBBERISH, Fault.SILENCE)


class Secrets(Gossip):
    """Notes down secrets only, from orders, letters and what is shown once; and keeps every answer that was given."""

    def __init__(self) -> None:
        self.heard = {WRONG_SECRET, WRONG_PASSWORD, CHOSEN_KEYWORD, WRONG_TOKEN}
        self.shown: list[str] = []
        self.answers: list[str] = []

    def ordered(self, said: object) -> None:
        match said:
            case dict():
                for name, value in said.items():
                    if name in SECRET_FIELDS and isinstance(value, str):
                        self.secret(value)
                    self.ordered(value)
            case list():
                for value in said:
                    self.ordered(value)

    def answered(self, answer: str) -> None:
        self.answers.append(answer)
        once = re.findall(r'"displayOnce": ?"([^"]+)"', answer)
        self.shown += once
        self.overhear(*once)

    def secret(self, value: str) -> None:
        """Take a secret; of a link the code alone is as good as the whole."""
        self.overhear(value, value.partition("=")[2])

    def spellings(self) -> Iterator[bytes]:
        """Also as digits of an encoding, wherever in it the secret begins."""
        yield from super().spellings()
        for value in self.heard:
            plain = value.encode()
            if len(plain) < SHORTEST:
                continue
            yield plain.hex().encode()
            for before in range(3):
                # What shares a digit with a neighbour is cut off at both ends.
                digits = base64.b64encode(bytes(before) + plain).rstrip(b"=")
                yield digits[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6]

    def in_(self, where: bytes | str) -> list[str]:
        plain = where.encode() if isinstance(where, str) else where
        return found(RANDOM_ID.sub(b"", plain), self)


class Overheard(Frontend):
    """Gives each order twice, and lets all be heard that it says and is told."""

    def __init__(self, frontend: Frontend, secrets: Secrets) -> None:
        token = frontend.headers["Authorization"].removeprefix("Bearer ")
        super().__init__(frontend.http, frontend.url, token, "taro", frontend.letters)
        self.person = frontend.person
        self.secrets = secrets
        secrets.secret(token)

    async def raw(self, document: str, variables: Json | None = None, operation: str | None = None) -> Json:
        self.secrets.ordered(variables)
        answer = await self._told(document, variables, operation)
        if "idempotencyKey" in (variables or {}).get("input", {}):
            await self._told(document, variables, operation)
        return answer

    async def _told(self, document: str, variables: Json | None, operation: str | None) -> Json:
        body = {"query": document, "variables": variables or {}, "operationName": operation}
        async with self.http.post(f"{self.url}/graphql", json=body, headers=self.headers) as response:
            text = await response.text()
            self.secrets.answered(f"{response.headers}\n{text}")
        return json.loads(text)  # type: ignore[no-any-return]  # GraphQL answers are whatever was asked for.

    def bearing(self, token: str) -> "Overheard":
        """Answer the same person with another bearer token."""
        other = Overheard(self, self.secrets)
        other.headers = {"Authorization": f"Bearer {token}"}
        return other


class Clumsy:
    """Answers with something wrong whatever is asked for the first time, and rightly from then on."""

    def __init__(self, walker: Walker, chosen: str | None) -> None:
        self._walker = walker
        self._chosen = chosen
        self._known: set[str] = set()

    def __call__(self, need: Json) -> Json | None:
        if need["key"] in self._known:
            return self.rightly(need)
        self._known.add(need["key"])
        match need["__typename"]:
            case "ChallengeRequirement":
                return {"secret": WRONG_SECRET}
            case "OutOfBandRequirement":
                return {"link": self._walker.frontend.link() + WRONG_SECRET}
            case "ConfirmationRequirement":
                # What is confirmed as sent was not.
                return {"confirmed": True}
            case "FieldRequirement" if need["sensitive"] and need["required"]:
                return {"secret": WRONG_PASSWORD if need["inputKind"] == "PASSWORD" else WRONG_SECRET}
        return self.rightly(need)

    def rightly(self, need: Json) -> Json | None:
        """A secret that may be chosen and need not be is a keyword (D5)."""
        if self._chosen is None or not need.get("sensitive") or need["required"]:
            return None
        self._walker.frontend.noted = self._chosen
        return {"secret": self._chosen}


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@by_turns
async def test_no_way_in_leaves_a_secret_anywhere(
    town: Town,
    code: InsurerCode,
    secrets: Secrets,
    settings: Settings,
    address_of_database: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)

    for method, chosen in ways(code):
        walker = somebody(town, code, method) if chosen is None else another(town, code, method)
        await go(overheard(walker, secrets), secrets, method, chosen)
    await err(overheard(persona(town, INSURERS[code]["has an account"]), secrets))
    for letter in town.letterbox.letters:
        for url in re.findall(r"https?://\S+", letter.text):
            secrets.secret(url)
    for link in accounts(address_of_database, settings):
        assert link.access is not None
        secrets.overhear(*keys_in(link))

    once_each(secrets)
    assert INSURERS[code]["shows once"] == bool(secrets.shown)
    printed = capfd.readouterr()
    said = "\n".join([caplog.text, printed.out, printed.err, *map(repr, caplog.records)])
    assert "insurer called" in said
    assert [] == secrets.in_(said)
    counted = await metrics(town)
    assert "tabane_insurer_exchanges" in counted
    assert [] == secrets.in_(counted)
    kept = everything_in(address_of_database)
    assert code.encode() in kept
    assert [] == secrets.in_(kept)


@by_turns
async def test_signing_in_leaves_no_secret_and_unlinking_not_even_a_sealed_one(
    town: Town,
    code: InsurerCode,
    secrets: Secrets,
    settings: Settings,
    address_of_database: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    walker = overheard(persona(town, INSURERS[code]["has an account"]), secrets)
    await err(walker)
    asked = await sign_in(walker)
    if asked["link"]["challenge"]:
        wrong = passcode_but(walker.frontend.passcode())
        await walker.frontend.mutate("ChallengeAnswer", challengeId=asked["link"]["challenge"]["id"], answer=wrong)
    await walker.answered(asked["link"], **({"trustDevice": True} if asked["link"]["challenge"] else {}))
    await walker.numbers()
    (link,) = accounts(address_of_database, settings)
    secrets.overhear(*keys_in(link))
    (sealed,) = bodies(address_of_database)
    pieces = [sealed[at : at + PIECE_BYTES] for at in range(0, len(sealed) - PIECE_BYTES, PIECE_BYTES)]
    before = everything_in(address_of_database)

    gone = await walker.frontend.mutate("InsurerLinkDelete", linkId=asked["link"]["id"])
    await settled(address_of_database)

    after = everything_in(address_of_database)
    assert [] == gone["errors"]
    assert pieces
    assert pieces == [piece for piece in pieces if piece in before]
    assert [] == [piece for piece in pieces if piece in after]
    assert [] == bodies(address_of_database)
    assert [] == secrets.in_(before + after)
    assert [] == secrets.in_(caplog.text)
    once_each(secrets)
    assert [] == secrets.shown


@pytest.mark.parametrize("secret", ["Himitsu2026", "482913", "https://example.jp/?code=Himitsu2026", "ひみつの言葉"])
@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_a_secret_that_stayed_would_be_found(secrets: Secrets, secret: str, before: str) -> None:
    plain = f"{before}{secret}?".encode()
    leaks = [
        plain,
        plain.decode().encode("unicode_escape"),
        plain.hex().encode(),
        base64.b64encode(plain),
        json.dumps({"said": secret}).encode(),
    ]
    assert [[]] * len(leaks) == [secrets.in_(leak) for leak in leaks]

    secrets.ordered({"input": {"answers": [{"value": {"secret": secret}}]}})

    assert [] == [leak for leak in leaks if not secrets.in_(leak)]


@pytest.mark.parametrize("later", ['{"displayOnce": "Kotoba2026"}', '{"message": "Kotoba2026"}'])
def test_what_is_shown_twice_would_be_found(secrets: Secrets, later: str) -> None:
    secrets.answered('{"displayOnce": "Kotoba2026"}')
    once_each(secrets)

    secrets.answered(later)

    with pytest.raises(AssertionError):
        once_each(secrets)


def once_each(secrets: Secrets) -> None:
    """What is shown stands in one place of one answer, and no other secret in any."""
    answers = "\n".join(secrets.answers)
    assert dict.fromkeys(secrets.shown, 1) == {word: answers.count(word) for word in secrets.shown}
    assert sorted(secrets.shown) == secrets.in_(answers)


def overheard(walker: Walker, secrets: Secrets) -> Walker:
    return Walker(walker.town, Overheard(walker.frontend, secrets))


def ways(code: InsurerCode) -> Sequence[tuple[str, str | None]]:
    """Each method, and once more with a keyword of the customer's where one may be chosen."""
    methods = [method for each, method in WAYS if each == code]
    chosen = [
        (method.key, CHOSEN_KEYWORD)
        for method in methods
        if any(
            getattr(need, "sensitive", False) and not need.required
            for step in method.script.steps
            for need in step.requirements
        )
    ]
    return [*((method.key, None) for method in methods), *chosen]


def another(town: Town, code: InsurerCode, method: str) -> Walker:
    """Answer somebody else for whom the way is open, because nobody goes it twice."""
    goes = [name for name, one in PERSONAS.items() if (one["insurer"], one.get("method")) == (code, method)]
    return persona(town, goes[-1])


async def go(walker: Walker, secrets: Secrets, method: str, chosen: str | None) -> None:
    """Walk the whole way: first with a trouble at each turn, then with a mistake at each step, and read all of it."""
    purpose = next(known["purpose"] for known in await walker.methods() if known["key"] == method)
    if purpose in WITHIN_ACCOUNT:
        await walker.inside()
        walker.becomes(policies={walker.insurer: walker.person.get("adds", [])})
    clumsy = Clumsy(walker, chosen)
    for trouble in TROUBLES:
        walker.town.trouble(walker.insurer, trouble)
        await walker.walk(await walker.started(method), clumsy.rightly)
        walker.town.relieve()
    begun = await walker.started(method)
    async with connected(walker.frontend) as live:
        await live.subscribe(REGISTRATION, id=begun["id"])
        done = await stumble(walker, begun, clumsy)
        if done["status"] == "COMPLETED" and done["id"] == begun["id"]:
            heard = await until(live, "status", "COMPLETED")
            secrets.answered(json.dumps(heard))
    await walker.frontend.do("RegistrationRead", id=done["id"])
    await walker.frontend.do("History", id=done["id"])
    await walker.numbers()


async def stumble(walker: Walker, registration: Json, clumsy: Clumsy) -> Json:
    """Go on after every mistake, from the start where the insurer lets nobody go on, up to the account."""
    for _ in range(LONGEST):
        registration = await walker.walk(registration, clumsy)
        if registration["status"] == "COMPLETED":
            return registration
        errors = registration.get("errors")
        assert errors, registration["status"]
        if [DONE_IN_TROUBLE] == [error["reason"] for error in errors]:
            return registration
        await walker.frontend.do("RegistrationRead", id=registration["id"])
    raise AssertionError(registration["status"])


async def sign_in(walker: Walker, **fields: object) -> Json:
    said = {"insurer": {"code": walker.insurer}} | walker.person["account"] | fields
    return await walker.frontend.mutate("InsurerLinkCreate", **said)


async def err(walker: Walker) -> None:
    """Say what is secret where it is wrong, where it cannot be understood, and where nobody listens."""
    frontend = walker.frontend
    assert isinstance(frontend, Overheard)
    sign = {"insurer": {"code": walker.insurer}, "idempotencyKey": key()} | walker.person["account"]
    refused = await sign_in(walker, password=WRONG_PASSWORD)
    assert ["CREDENTIALS_REJECTED"] == [error["code"] for error in refused["errors"]]
    for trouble in TROUBLES:
        walker.town.trouble(walker.insurer, trouble)
        assert (await sign_in(walker))["errors"]
        walker.town.relieve()
    for wrong in (sign | {"userId": 5}, sign | {"password": [WRONG_PASSWORD]}, sign | {"kotoba": WRONG_SECRET}):
        assert "errors" in await frontend.run("InsurerLinkCreate", input=wrong)
    assert "errors" in await frontend.raw(MALFORMED, {"number": f"{WRONG_SECRET}?"})
    stranger = frontend.bearing(WRONG_TOKEN)
    assert "errors" in await stranger.run("InsurerLinkCreate", input=sign)


async def metrics(town: Town) -> str:
    async with town.http.get(f"{town.url}/metrics") as response:
        assert 200 == response.status
        return await response.text()


def rows(url: str) -> Sequence[RowMapping]:
    address = make_url(url)
    driver = "postgresql+psycopg" if address.get_backend_name() == "postgresql" else "sqlite"
    engine = create_engine(address.set(drivername=driver))
    with engine.connect() as connection:
        found = connection.execute(select(tables.links)).mappings().all()
    engine.dispose()
    return found


def bodies(url: str) -> list[bytes]:
    return [row["body"] for row in rows(url)]


def accounts(url: str, settings: Settings) -> list[Link]:
    """Open what is sealed, as only the gateway can."""
    assert settings.vault_keys is not None
    keyring = Keyring.parse(settings.vault_keys.get_secret_value())
    plain = [keyring.open(row["body"], about(tables.links, row)) for row in rows(url)]
    return [msgspec.json.decode(body, type=Link) for body in plain]


def keys_in(link: Link) -> list[str]:
    """Answer the words of an access that are long enough to be a key, whatever its adapter wraps them in."""
    assert link.access is not None
    keys = re.findall(r"[\w-]{16,}", link.access.secret.decode())
    assert keys
    return keys


async def settled(url: str) -> None:
    if url.startswith("sqlite"):
        await checkpoint(url)

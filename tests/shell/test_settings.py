"""What the operator may decide, and what is said when that cannot stand."""

import re
import stat
from pathlib import Path

import pytest

from gateway import settings
from gateway.settings import Environment
from gateway.vault import Keyring, fresh_key
from gateway.wrong_settings import WrongSettings

SECRET = "correct-horse-battery-staple"
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def complaints(**given: object) -> list[str]:
    with pytest.raises(WrongSettings) as caught:
        settings.read(**given)
    return [sentence.en for sentence in caught.value.sentences]


def test_nothing_needs_to_be_set_in_development() -> None:
    read = settings.read()

    assert Environment.DEVELOPMENT is read.environment
    assert "sqlite+aiosqlite:///.tabane/tabane.db" == read.database_url.get_secret_value()
    assert "http://127.0.0.1:8000" == read.public_url == read.issuer
    assert read.graphiql


def test_production_makes_nothing_up() -> None:
    assert [
        "TABANE_VAULT_KEYS: it must be given in production.",
        "TABANE_TOKEN_ISSUER: it must be given in production.",
        "TABANE_TOKEN_JWKS: it must be given in production.",
    ] == complaints(environment="production")


def test_production_shows_no_graphiql_unless_told_to() -> None:
    given = {
        "environment": "production",
        "vault_keys": fresh_key(),
        "token_issuer": "https://id.example",
        "token_jwks": "keys.json",
    }

    assert not settings.read(**given).graphiql
    assert settings.read(**given, graphiql=True).graphiql


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("ENVIRONMENT", "prod", "it must be one of 'development', 'test' or 'production'"),
        ("PORT", SECRET, "it must be a whole number"),
        ("PORT", "70000", "it must be 65535 or less"),
        ("PORT", "-1", "it must be 0 or more"),
        ("GRAPHIQL", SECRET, "it must be true or false"),
        ("PUBLIC_URL", f"ftp://{SECRET}", "it must be a URL that begins with http:// or https://"),
        ("DATABASE_URL", SECRET, "it must be a database URL as SQLAlchemy writes it"),
        ("VAULT_KEYS", SECRET, "it must read ID:BASE64 of 32 bytes, or several of those with commas"),
        ("WORKER_LEASE_SECONDS", "0", "it must be more than 0"),
        ("PROVIDER_DEADLINE_SECONDS", "120", "it must be less than TABANE_WORKER_LEASE_SECONDS"),
        ("REQUEST_DEADLINE_SECONDS", "20", "it must be more than TABANE_PROVIDER_DEADLINE_SECONDS"),
        ("LOG_FORMAT", SECRET, "it must be one of 'console' or 'json'"),
        ("PARTIAL_STATUS", "206", "it must be one of 200 or 294"),
        ("PUBLIC_URL", f"http://{SECRET}:port", "it must be a URL that begins with http:// or https://"),
        ("CUSTOMER_URL", f"http://{SECRET}:99999", "it must be a URL that begins with http:// or https://"),
        (
            "ALLOWED_ORIGINS",
            f"https://{SECRET}/x",
            "each must be an origin without a path, such as https://app.example.jp",
        ),
        ("DATABASE_URL", f"mysql://{SECRET}/x", "it must be sqlite+aiosqlite:///FILE or postgresql+psycopg://…"),
        ("DATABASE_URL", f"postgresql://a:{SECRET}@b:port/x", "it must be a database URL as SQLAlchemy writes it"),
        ("DATABASE_URL", "sqlite+aiosqlite://", "SQLite needs a file"),
        ("DRAIN_SECONDS", "inf", "it must be a number"),
        ("WORKER_GRACE_SECONDS", "nan", "it must be a number"),
        ("WORKER_LEASE_SECONDS", "1e300", "it must be 86400 or less"),
        ("READ_CACHE_SECONDS", "61", "it must be 60 or less"),
        ("SMTP_PORT", "0", "it must be 1 or more"),
        ("GRAPHIQL_ASSETS", SECRET, "it must be a folder that is there"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence_without_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(f"TABANE_{name}", value)

    with pytest.raises(WrongSettings) as caught:
        settings.read()

    assert [f"TABANE_{name}: {complaint}."] == [sentence.en for sentence in caught.value.sentences]
    assert all(sentence.ja.startswith(f"TABANE_{name}: ") for sentence in caught.value.sentences)
    assert SECRET not in repr(caught.value.sentences)


def test_every_wrong_setting_is_told_at_once() -> None:
    assert ["TABANE_HOST", "TABANE_PORT", "TABANE_GRAPHIQL"] == [
        complaint.partition(":")[0] for complaint in complaints(host=1, port="x", graphiql="x")
    ]


def test_what_follows_from_a_wrong_setting_is_not_a_second_mistake() -> None:
    assert ["TABANE_ENVIRONMENT: it must be one of 'development', 'test' or 'production'."] == complaints(
        environment="live"
    )


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABANE_PORT", "")

    assert 8000 == settings.read().port


def test_insurers_are_words_in_the_operators_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABANE_INSURERS", "beta, alpha gamma")

    assert ("beta", "alpha", "gamma") == settings.read().insurers


@pytest.mark.parametrize(
    ("said", "browsers_say"),
    [
        ("HTTPS://App.Example.jp:443/", "https://app.example.jp"),
        ("https://束ね.example.jp", "https://xn--t9j476n.example.jp"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origins_are_read_as_browsers_write_them(monkeypatch: pytest.MonkeyPatch, said: str, browsers_say: str) -> None:
    monkeypatch.setenv("TABANE_ALLOWED_ORIGINS", said)

    assert (browsers_say,) == settings.read().allowed_origins


def test_a_file_is_read_and_the_environment_outranks_it(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk / ".env").write_text("TABANE_PORT=8111\nTABANE_HOST=127.0.0.2\nTABANE_OTHER_BASE_URL=http://127.0.0.1:1\n")
    monkeypatch.setenv("TABANE_PORT", "8222")

    read = settings.read()

    assert ("127.0.0.2", 8222) == (read.host, read.port)


def test_a_gateway_that_listens_everywhere_is_reached_at_home() -> None:
    assert "http://127.0.0.1:8000" == settings.read(host="::").public_url


def test_a_development_key_is_made_once_for_its_owner_only(desk: Path) -> None:
    first, second = settings.read(), settings.read()
    file = desk / ".tabane" / "vault.keys"

    assert first.vault_keys is not None
    assert first.vault_keys == second.vault_keys
    assert 1 == Keyring.parse(first.vault_keys.get_secret_value()).primary
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_a_folder_that_cannot_be_written_is_told(desk: Path) -> None:
    (desk / "file").touch()

    assert ["TABANE_DATA_FOLDER: it must be a folder that can be written."] == complaints(data_folder=desk / "file")


def test_a_folder_that_cannot_be_made_is_told(desk: Path) -> None:
    (desk / "file").touch()
    read = settings.read(data_folder=desk / "file" / "in it", vault_keys=fresh_key())

    with pytest.raises(WrongSettings, match="it must be a folder that can be written"):
        settings.make_data_folder(read)


@pytest.mark.parametrize("damaged", [b"", b"1:short", b"\xff\xfe"])
def test_keys_that_are_damaged_are_told_and_not_made_anew(desk: Path, damaged: bytes) -> None:
    file = desk / ".tabane" / "vault.keys"
    file.parent.mkdir()
    file.write_bytes(damaged)

    (said,) = complaints()

    assert said.startswith("TABANE_DATA_FOLDER: vault.keys in it is damaged.")
    assert damaged == file.read_bytes()


def test_a_file_of_settings_that_is_no_text_is_told(desk: Path) -> None:
    (desk / ".env").write_bytes(b"TABANE_PORT=\xff\xfe\n")

    assert [".env: it must be saved as UTF-8."] == complaints()


def test_what_the_example_shows_can_be_set(desk: Path) -> None:
    shown = re.findall(r"^# (TABANE_[A-Z_]+=.+)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    (desk / ".env").write_text("\n".join(shown), encoding="utf-8")
    (desk / "node_modules").mkdir()

    read = settings.read()

    assert 200 == read.partial_status
    assert 294 == settings.read(partial_status="294").partial_status
    assert len(shown) > 30


def test_no_secret_shows_in_a_repr() -> None:
    key = fresh_key()
    shown = repr(settings.read(vault_keys=key, database_url=f"postgresql+psycopg://tabane:{SECRET}@db/tabane"))

    assert SECRET not in shown
    assert key not in shown


def test_every_setting_stands_in_the_example() -> None:
    example = EXAMPLE.read_text()

    assert [] == [name for name in settings.Settings.model_fields if f"TABANE_{name.upper()}=" not in example]

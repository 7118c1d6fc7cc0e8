"""What the operator may decide."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

from limits.errors import ConfigurationError
from pydantic import Field, PositiveInt, SecretStr, ValidationError, field_validator
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from gateway.keyfile import kept
from gateway.post import Security, Server
from gateway.rate_storage import storage
from gateway.setting_kinds import (
    DatabaseUrl,
    Folder,
    MailAddress,
    Origins,
    OthersPort,
    PartialStatus,
    Pause,
    Port,
    Seconds,
    Url,
    Words,
)
from gateway.vault import Keyring, fresh_key
from gateway.wrong_settings import PREFIX, WrongSettings, damaged, refused, unwritable
from insurers.text import Text

LOOPBACK = "127.0.0.1"
# Without news a worker looks this often. A clock may be moved and a notification lost, but no hour missed.
LONGEST_REST_SECONDS = 60.0
REST_SECONDS = 30.0
REST_WITHOUT_NEWS_SECONDS = 1.0

# A person who looks again a minute later wants to see what is so now.
LONGEST_CACHE_SECONDS = 60.0

# As much as a large machine has for one process.
MOST_REMEMBERED_MEBIBYTES = 4_096

# A page of a rich frontend costs a few hundred, a whole comparison two thousand; some ask for it every other second.
COST_PER_MINUTE = 120_000
COST_PER_MINUTE_FOR_NOBODY = 12_000

EVERY_INTERFACE = ("0.0.0.0", "::")  # noqa: S104 (such a host is no address that a client could use)


class Environment(StrEnum):
    """What this gateway is run for."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class LogFormat(StrEnum):
    """Lines for a person at a terminal, or for a collector."""

    CONSOLE = "console"
    JSON = "json"


class Settings(BaseSettings):
    """
    Read once, at start, from `TABANE_*` and from a file `.env`. `.env.example` names every one.

    Attributes:
        data_folder: Where a gateway without a database of its own, and in development its keys, are kept.
        database_url: A SQLAlchemy address. Without one, a SQLite file in the data folder.
        insurers: Codes of the insurers to connect, in this order; none means every one that is found.
            Each reads its own settings, `TABANE_<CODE>_*`.
        vault_keys: What seals the access to customers' accounts. In production it has no default;
            elsewhere a key is made once in the data folder.
        token_issuer: Who signs tokens, exactly as their `iss` says. Outside production, by default,
            this gateway itself.
        token_audience: What a token's `aud` must name.
        token_jwks: Where the issuer's keys are: a file, or an address that answers a JWK set.
        host: The interface on which to listen.
        port: 0 takes any that is free.
        public_url: How clients reach this gateway; links to documents begin with it.
        worker_lease_seconds: How long a worker may hold a journey before another may take it.
            Longer than the slowest insurer's own deadline, or two will ask.
        worker_rest_seconds: How long an idle worker rests at most. It is woken when something is written and
            looks up by itself when something is due; this is for news that was lost and clocks that jump.
            By default short on SQLite, where another process cannot wake it.
        worker_grace_seconds: How long a worker that is told to stop lets what is under way finish.
        worker_port: Where `tabane worker` answers /health and /metrics, on the same host. By default nowhere.
        provider_deadline_seconds: How long one insurer's part of an answer is waited for.
        read_cache_seconds: For how long an asker who looks again is told what an insurer told them before, with its
            time. Whatever is written of a customer ends it at once, and nothing that binds is taken from it. 0 asks
            the insurer each time; two equal questions that are under way at once are one all the same.
        account_cache_seconds: The same for what this gateway itself keeps of a customer's accounts, so that a page
            looks into the database once. On SQLite other processes' writes are seen only after it.
        remembered_mebibytes: How much of renewals and the book is remembered as it was opened, and half as much as it
            was answered, so that what is the same to the byte is not worked out again. The row is still asked for each
            time, so nothing is ever older for it. 0 remembers nothing.
        request_deadline_seconds: How long a query or a mutation may take, to the last of its parts. Longer than
            any insurer's part, or one that is slow would cost a client everybody else's.
        largest_answer_bytes: How long an answer may be; a client that asks for more is told to ask for less.
        partial_status: The HTTP status of an answer with data and errors, for clients that accept
            application/graphql-response+json: 200, or 294 as GraphQL over HTTP has it since 2026.
        comparison_deadline_seconds: How long a comparison waits for any insurer at most, before it calls it late.
            By default as long as that insurer's manifest grants it; a late answer is taken, too.
        drain_seconds: How long it goes on serving once it is told to stop, while `/health/ready`
            already says no, so that a balancer looks elsewhere first.
        allowed_origins: Web pages of these origins may ask from a browser, such as https://app.example.jp;
            every other program may ask anyway. No cookie is ever looked at, so none can be misused.
        smtp_host: The mail server that takes the gateway's own mails: reminders, and what agencies want of customers.
            Without one none is sent, and nobody is promised any.
        smtp_security: auto asks for STARTTLS and does without where it is not offered; starttls insists; tls is
            sealed from the first byte on (port 465).
        smtp_username, smtp_password: Where the mail server wants them.
        mail_sender: Whom these mails are from.
        customer_url: Where links in mails lead: the frontend for customers.
        webhooks_to_private_addresses: Whether agencies' webhooks may go to addresses inside our own network, and by
            plain HTTP. Only for a network in which every agency is trusted.
        mail_from_hour, mail_until_hour: Between these hours in Tokyo customers are reminded, and never at night.
        trusted_documents: A manifest of the documents that frontends ask for, or a folder of such manifests; they
            may then be named instead of sent.
        only_trusted_documents: Whether nothing else is run, whoever asks.
        introspection: Whether clients may ask for the schema itself, and get proposals for mistyped names. By
            default not in production.
        cost_per_minute: What one who is signed in may spend in a minute, as `extensions.cost` of every answer tells
            it (a page of a rich frontend: a few hundred). 0 sets no limit.
        cost_per_minute_for_nobody: The same for who is not, by the address that asks.
        rate_storage: Where that is counted: `memory://` for one process, or as the library `limits` writes it for
            several, such as `redis://host:6379` (with `pip install coredis`).
        compiled: Whether operations are run by functions made for them, and by graphql-core otherwise. The answers are
            the same; off is for who looks for the cause of a trouble.
        graphiql: Whether browsers get a page to write queries in. By default not in production.
        graphiql_assets: A folder with that page's own files, for a network that reaches no others.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        validate_default=True,
        hide_input_in_errors=True,
    )

    environment: Environment = Environment.DEVELOPMENT
    data_folder: Path = Path(".tabane")
    # The defaults below follow from settings above them, so the order counts.
    database_url: DatabaseUrl = Field(default_factory=lambda known: sqlite_url(known["data_folder"]))
    insurers: Words = ()
    vault_keys: SecretStr | None = None
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: Url = Field(default_factory=lambda known: reachable(known["host"], known["port"]))
    token_issuer: Annotated[str, Field(min_length=1)] | None = None
    token_audience: str = "tabane"
    token_jwks: Annotated[str, Field(min_length=1)] | None = None
    worker_lease_seconds: Seconds = 120.0
    worker_rest_seconds: Annotated[Seconds, Field(le=LONGEST_REST_SECONDS)] = Field(
        default_factory=lambda known: _rest_seconds(known["database_url"])
    )
    worker_grace_seconds: Pause = 20.0
    worker_port: Port | None = None
    provider_deadline_seconds: Seconds = 20.0
    read_cache_seconds: Annotated[Pause, Field(le=LONGEST_CACHE_SECONDS)] = 5.0
    account_cache_seconds: Annotated[Pause, Field(le=LONGEST_CACHE_SECONDS)] = 5.0
    remembered_mebibytes: Annotated[int, Field(ge=0, le=MOST_REMEMBERED_MEBIBYTES)] = 128
    request_deadline_seconds: Seconds = 30.0
    largest_answer_bytes: PositiveInt = 8 << 20
    partial_status: PartialStatus = 200
    comparison_deadline_seconds: Seconds | None = None
    drain_seconds: Pause = 5.0
    allowed_origins: Origins = ()
    smtp_host: Annotated[str, Field(min_length=1)] | None = None
    smtp_port: OthersPort = 25
    smtp_security: Security = Security.AUTO
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    mail_sender: MailAddress = "tabane@localhost.localdomain"
    customer_url: Url = Field(default_factory=lambda known: known["public_url"])
    mail_from_hour: Annotated[int, Field(ge=0, le=23)] = 8
    mail_until_hour: Annotated[int, Field(ge=1, le=24)] = 20
    webhooks_to_private_addresses: bool = False
    trusted_documents: Path | None = None
    only_trusted_documents: bool = False
    introspection: bool = Field(default_factory=lambda known: known["environment"] is not Environment.PRODUCTION)
    cost_per_minute: Annotated[int, Field(ge=0)] = COST_PER_MINUTE
    cost_per_minute_for_nobody: Annotated[int, Field(ge=0)] = COST_PER_MINUTE_FOR_NOBODY
    rate_storage: SecretStr = SecretStr("memory://")
    compiled: bool = True
    graphiql: bool = Field(default_factory=lambda known: known["environment"] is not Environment.PRODUCTION)
    graphiql_assets: Folder | None = None
    log_format: LogFormat = LogFormat.CONSOLE

    @field_validator("vault_keys", "token_issuer", "token_jwks")
    @classmethod
    def _wanted_in_production(cls, given: object, info: ValidationInfo) -> object:
        if given is None and info.data.get("environment") is Environment.PRODUCTION:
            raise refused("本番環境では必ず指定してください", "it must be given in production")
        return given

    @field_validator("only_trusted_documents")
    @classmethod
    def _has_some_to_trust(cls, given: bool, info: ValidationInfo) -> bool:
        if given and info.data.get("trusted_documents") is None:
            raise refused("TABANE_TRUSTED_DOCUMENTS も指定してください", "TABANE_TRUSTED_DOCUMENTS must be given, too")
        return given

    @field_validator("vault_keys")
    @classmethod
    def _is_a_keyring(cls, given: SecretStr | None) -> SecretStr | None:
        try:
            if given is not None:
                Keyring.parse(given.get_secret_value())
        except ValueError:
            raise refused(
                "「番号:32バイトのBase64」をカンマ区切りで指定してください",
                "it must read ID:BASE64 of 32 bytes, or several of those with commas",
            ) from None
        return given

    @field_validator("rate_storage")
    @classmethod
    def _counts_rates(cls, given: SecretStr) -> SecretStr:
        try:
            storage(given.get_secret_value())
        except ConfigurationError:
            raise refused(
                "memory:// か、クライアントをインストール済みの redis:// などのURLで指定してください",
                "it must be memory://, or the URL of a store such as redis:// whose client is installed",
            ) from None
        return given

    @field_validator("provider_deadline_seconds")
    @classmethod
    def _ends_before_a_lease(cls, given: float, info: ValidationInfo) -> float:
        if given >= info.data.get("worker_lease_seconds", given + 1):
            raise refused(
                f"{PREFIX}WORKER_LEASE_SECONDS より短くしてください",
                f"it must be less than {PREFIX}WORKER_LEASE_SECONDS",
            )
        return given

    @field_validator("request_deadline_seconds")
    @classmethod
    def _ends_behind_every_insurer(cls, given: float, info: ValidationInfo) -> float:
        if given <= info.data.get("provider_deadline_seconds", given - 1):
            raise refused(
                f"{PREFIX}PROVIDER_DEADLINE_SECONDS より長くしてください",
                f"it must be more than {PREFIX}PROVIDER_DEADLINE_SECONDS",
            )
        return given

    @field_validator("mail_until_hour")
    @classmethod
    def _is_after_the_morning(cls, given: int, info: ValidationInfo) -> int:
        if given <= info.data.get("mail_from_hour", given - 1):
            raise refused(
                f"{PREFIX}MAIL_FROM_HOUR より後の時刻にしてください", f"it must be later than {PREFIX}MAIL_FROM_HOUR"
            )
        return given

    @property
    def mail_server(self) -> Server | None:
        if self.smtp_host is None:
            return None
        return Server(
            host=self.smtp_host,
            port=self.smtp_port,
            sender=self.mail_sender,
            security=self.smtp_security,
            username=self.smtp_username,
            password=self.smtp_password,
        )

    @property
    def production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def issuer(self) -> str:
        """Whose tokens are believed."""
        return self.token_issuer or self.public_url


def _rest_seconds(database: SecretStr) -> float:
    shared = database.get_secret_value().startswith("postgresql")
    return REST_SECONDS if shared else REST_WITHOUT_NEWS_SECONDS


def reachable(host: str, port: int) -> str:
    """Answer an address at which a program on this machine reaches whoever listens there."""
    name = LOOPBACK if host in EVERY_INTERFACE else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def sqlite_url(folder: Path) -> SecretStr:
    return SecretStr(f"sqlite+aiosqlite:///{folder / 'tabane.db'}")


class Given(Settings):
    """Settings that hear nothing of the environment."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


_NO_TEXT = Text(".env: UTF-8 で保存してください。", ".env: it must be saved as UTF-8.")


# The keywords are settings given on the command line or by a test; Settings refuses any of the wrong type.
def read(kind: type[Settings] = Settings, /, **given: Any) -> Settings:
    """
    Read the settings; what is *given* here outranks the environment.

    Raises:
        WrongSettings: at least one of them cannot stand.
    """
    try:
        settings = kind(**given)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        raise WrongSettings.of(found) from None
    except UnicodeDecodeError:
        raise WrongSettings([_NO_TEXT]) from None
    return settings if settings.vault_keys else _with_own_keys(settings)


def at(port: int | None) -> Settings:
    """Read the settings, with another port where one is given."""
    return read() if port is None else read(port=port)


def make_data_folder(settings: Settings) -> None:
    """
    Raises:
        WrongSettings: it cannot be made.
    """
    try:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise unwritable() from None


def _with_own_keys(settings: Settings) -> Settings:
    try:
        keys = kept(settings.data_folder / "vault.keys", fresh_key)
        Keyring.parse(keys)
    except ValueError:
        raise damaged("vault.keys") from None
    except OSError:
        raise unwritable() from None
    return settings.model_copy(update={"vault_keys": SecretStr(keys)})

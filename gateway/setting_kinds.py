"""Kinds of settings: how each is read from flat text, and what is said where it cannot be."""

from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError
from yarl import URL

from gateway.wrong_settings import refused
from insurers.base_url import read_base_url
from insurers.identity import InsurerCode
from insurers.mail import read_mail
from insurers.unreadable import Unreadable

# Whatever is waited for longer is not waited for.
A_DAY_SECONDS = 86_400.0

_DATABASES = frozenset({"sqlite", "postgresql"})


def _words(given: object) -> object:
    """The environment is flat text: `acme, acme_marine`."""
    return given.replace(",", " ").split() if isinstance(given, str) else given


def _number(given: object) -> object:
    return int(given) if isinstance(given, str) and given.isdecimal() else given


def _url(given: str) -> str:
    try:
        return read_base_url(given)
    except ValueError:
        raise refused(
            "http:// または https:// で始まるURLで指定してください",
            "it must be a URL that begins with http:// or https://",
        ) from None


def _origin(given: str) -> str:
    if urlsplit(given).path:
        raise refused(
            "https://app.example.jp のように、パスのないオリジンで指定してください",
            "each must be an origin without a path, such as https://app.example.jp",
        )
    # As browsers write it, to the letter of whose word a page is let in.
    return str(URL(given).origin())


def _mail_address(given: str) -> str:
    try:
        return read_mail(given)
    except (ValueError, Unreadable):
        raise refused("メールアドレスで指定してください", "it must be a mail address") from None


def _database(given: SecretStr) -> SecretStr:
    try:
        url = make_url(given.get_secret_value())
    except (ArgumentError, ValueError):
        raise refused(
            "SQLAlchemy のデータベースURLで指定してください", "it must be a database URL as SQLAlchemy writes it"
        ) from None
    if url.get_backend_name() not in _DATABASES:
        raise refused(
            "sqlite+aiosqlite:///ファイル か postgresql+psycopg://… で指定してください",
            "it must be sqlite+aiosqlite:///FILE or postgresql+psycopg://…",
        )
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise refused("SQLite にはファイルを指定してください", "SQLite needs a file")
    return given


def _folder(given: Path) -> Path:
    if not given.is_dir():
        raise refused("存在するフォルダーを指定してください", "it must be a folder that is there")
    return given


Words = Annotated[tuple[InsurerCode, ...], NoDecode, BeforeValidator(_words)]
# 0 takes any that is free.
Port = Annotated[int, Field(ge=0, le=65535)]
OthersPort = Annotated[int, Field(ge=1, le=65535)]
Url = Annotated[str, AfterValidator(_url)]
Origins = Annotated[tuple[Annotated[Url, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_words)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database)]
Folder = Annotated[Path, AfterValidator(_folder)]
Seconds = Annotated[float, Field(gt=0, le=A_DAY_SECONDS, allow_inf_nan=False)]
# 0 waits for nothing.
Pause = Annotated[float, Field(ge=0, le=A_DAY_SECONDS, allow_inf_nan=False)]
PartialStatus = Annotated[Literal[200, 294], BeforeValidator(_number)]

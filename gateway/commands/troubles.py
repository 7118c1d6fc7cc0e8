"""What a command says when it cannot do what it was asked, and with which exit status it ends."""

import errno
import re
import socket
import sqlite3
from collections.abc import Callable, Mapping
from typing import NamedTuple

import psycopg
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text as Line
from sqlalchemy import exc

from gateway.agency_file import WrongFile
from gateway.commands.book_troubles import NoBook
from gateway.commands.compare import NotCompared
from gateway.commands.evidence import NoSuchFlow
from gateway.commands.house import NoAgencies
from gateway.commands.keyring import NotRotated
from gateway.demo.teller import Failed
from gateway.development import NoSandbox
from gateway.evidence.flaw import Flaw
from gateway.serving import NotStarted
from gateway.store import EarlierEvidence, OfALaterProgram, OutOfDate
from gateway.tokens import NotInProduction
from gateway.trusted_documents import WrongManifest
from gateway.vault import Unsealable
from gateway.wrong_settings import PREFIX, WrongSettings
from insurers.panel import Misconfigured, UnknownInsurer
from insurers.text import Text

# As shells and other tools have it: 2 for what the caller should change.
FAILED, MISUSED = 1, 2


class Trouble(NamedTuple):
    status: int
    sentences: tuple[Text, ...]


def told(error: Exception) -> int:
    """
    Tell *error* in both languages, and answer the exit status.

    Raises:
        Exception: *error* itself, when it is a mistake in the program.
    """
    trouble = next((explain(error) for kind, explain in _KNOWN.items() if isinstance(error, kind)), None)
    if trouble is None:
        raise error
    console = Console(stderr=True, highlight=False)
    for sentence in trouble.sentences:
        console.print(Line(sentence.ja, style="red"), soft_wrap=True)
        console.print(Line(sentence.en), soft_wrap=True)
    return trouble.status


def _settings(error: WrongSettings) -> Trouble:
    return Trouble(MISUSED, error.sentences)


def _wrong_file(error: WrongFile | WrongManifest) -> Trouble:
    return Trouble(MISUSED, error.sentences)


def _unknown(error: UnknownInsurer) -> Trouble:
    return Trouble(
        MISUSED,
        (
            Text(
                f"{error}: この保険会社は見つかりません。`tabane insurers list` で確認してください。",
                f"{error}: there is no such insurer here. `tabane insurers list` shows those that are.",
            ),
        ),
    )


def _misconfigured(error: Misconfigured) -> Trouble:
    cause = error.__cause__
    wrong = [str(one["loc"][0]) for one in cause.errors() if one["loc"]] if isinstance(cause, ValidationError) else []
    names = ", ".join(f"{PREFIX}{error.code}_{name}".upper() for name in wrong or "*")
    return Trouble(
        MISUSED,
        (
            Text(
                f"{error.code}: 接続の設定（{names}）が足りないか、正しくありません。",
                f"{error.code}: its settings ({names}) are missing or wrong.",
            ),
        ),
    )


# `OSError` has no place for it, so it stands in the words, as asyncio puts them there.
_ADDRESS = re.compile(r"bind on address \('([^']+)', (\d+)")


def _operating_system(error: OSError) -> Trouble | None:
    found = _ADDRESS.search(str(error))
    # Whatever is not known of a name has a number below all others.
    if isinstance(error, socket.gaierror) or (found and (error.errno or 0) < 0):
        return Trouble(MISUSED, (_NO_HOST,))
    host, port = found.groups() if found else ("", "")
    sentences = {
        errno.EADDRINUSE: Text(
            f"ポート {port} は使用中です。別のポートを指定するか、使用中のプログラムを終了してください。",
            f"Port {port} is taken. Choose another, or end the program that has it.",
        ),
        errno.EADDRNOTAVAIL: Text(
            f"{host} では待ち受けできません。このマシンのアドレスではありません。",
            f"{host} is not an address of this machine.",
        ),
        errno.EACCES: Text(f"ポート {port} を使う権限がありません。", f"Port {port} is not permitted."),
    }
    sentence = sentences.get(error.errno or 0)
    if found and sentence:
        return Trouble(FAILED, (sentence,))
    return _file(error) if error.errno in _OF_FILES and error.filename else None


_OF_FILES = frozenset(
    {errno.EACCES, errno.EEXIST, errno.EISDIR, errno.ENOENT, errno.ENOSPC, errno.ENOTDIR, errno.EROFS}
)


def _file(error: OSError) -> Trouble:
    said = Text(
        f"{error.filename}: 読み書きできません（{error.strerror}）。",
        f"{error.filename}: it cannot be read or written ({error.strerror}).",
    )
    return Trouble(FAILED, (said,))


_NO_HOST = Text(
    f"待ち受けるホストのアドレスがわかりません。{PREFIX}HOST（または --host）を確認してください。",
    f"The host on which to listen has no address. See {PREFIX}HOST (or --host).",
)
_NO_DATABASE = Text(
    f"データベースに接続できないか、開けません。{PREFIX}DATABASE_URL とデータベースの状態を確認してください。",
    f"The database cannot be reached or opened. See {PREFIX}DATABASE_URL, and that the database is running.",
)


def _database(error: Exception) -> Trouble | None:
    """Tell of a database that is not there or is none. What was asked of it in the wrong way is a mistake of ours."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    # What no server said has no state: a connection that was not made, an option that there is not.
    by_psycopg = isinstance(cause, psycopg.OperationalError) or (
        isinstance(cause, psycopg.Error) and not cause.sqlstate
    )
    by_sqlite = type(cause) in (sqlite3.OperationalError, sqlite3.DatabaseError)
    return Trouble(FAILED, (_NO_DATABASE,)) if by_psycopg or by_sqlite else None


def _always(status: int, ja: str, en: str) -> Callable[[Exception], Trouble]:
    return lambda error: Trouble(status, (Text(ja, en),))


def _failed(error: Failed) -> Trouble:
    return Trouble(FAILED, (Text(f"途中で止まりました: {error}", f"The story stopped: {error}"),))


def _flawed(error: Flaw) -> Trouble:
    return Trouble(FAILED, (error.sentence,))


def _no_book(error: NoBook) -> Trouble:
    return Trouble(MISUSED, (error.sentence,))


def _not_compared(error: NotCompared) -> Trouble:
    return Trouble(FAILED, (error.sentence,))


def _not_rotated(error: NotRotated) -> Trouble:
    return Trouble(FAILED, (error.sentence,))


# Callables are contravariant in what they take; each here takes just its own key.
_KNOWN: Mapping[type[Exception], Callable[..., Trouble | None]] = {
    WrongSettings: _settings,
    WrongFile: _wrong_file,
    WrongManifest: _wrong_file,
    UnknownInsurer: _unknown,
    Misconfigured: _misconfigured,
    Failed: _failed,
    NoBook: _no_book,
    NotCompared: _not_compared,
    NotRotated: _not_rotated,
    Flaw: _flawed,
    NoSuchFlow: _always(
        FAILED,
        "この id の更新手続き・比較・同意は見つかりません。"
        "データベースと鍵の設定（TABANE_DATABASE_URL、TABANE_VAULT_KEYS）も確認してください。",
        "There is no renewal, comparison or consent with this id here. See also that TABANE_DATABASE_URL and "
        "TABANE_VAULT_KEYS are the right ones.",
    ),
    NoAgencies: _always(
        MISUSED,
        "このサンドボックスには代理店データがありません。--policies を付けずに起動してください。",
        "This sandbox tells agencies nothing. Start it without --policies.",
    ),
    NoSandbox: _always(MISUSED, "この保険会社にはサンドボックスがありません。", "This insurer brings no sandbox."),
    NotInProduction: _always(
        MISUSED,
        f"本番環境では使えません（{PREFIX}ENVIRONMENT=production）。",
        f"Not in production ({PREFIX}ENVIRONMENT=production).",
    ),
    OutOfDate: _always(
        FAILED,
        "データベースの版が異なります。`tabane db upgrade` を実行してください。",
        "The tables are of another version. Run `tabane db upgrade`.",
    ),
    OfALaterProgram: _always(
        FAILED,
        "データベースは、より新しい版のプログラムのものです。何も変更していません。その版以降のプログラムをお使いください。",
        "The database is of a newer program than this one. Nothing was changed. Use that program, or a later one.",
    ),
    Unsealable: _always(
        FAILED,
        f"{PREFIX}VAULT_KEYS の鍵では、このデータベースの内容を開けません。封じたときの鍵を指定してください。",
        f"What this database holds cannot be opened with the keys in {PREFIX}VAULT_KEYS: give those that sealed it.",
    ),
    exc.DBAPIError: _database,
    psycopg.Error: _database,
    sqlite3.Error: _database,
    EarlierEvidence: _always(
        FAILED,
        "このデータベースには、以前の版の同意記録があり、この版では読めません。何も変更していません。"
        "このデータベースは以前の版とともに保管し、新しい空のデータベース（TABANE_DATABASE_URL）で始めてください。",
        "This database holds evidence of an earlier version, which this one cannot read. Nothing was changed. "
        "Keep it together with that version, and begin with a new, empty database (TABANE_DATABASE_URL).",
    ),
    NotStarted: _always(FAILED, "起動できませんでした。", "It could not start."),
    OSError: _operating_system,
}

"""What is said to Sompo, path by path."""

from collections.abc import Iterable, Sequence

from insurers.sompo.wire.lines import Request
from insurers.sompo.wire.notation import flag
from insurers.sompo.wire.procedure import PATHS
from insurers.sompo.wire.records import Line

# The most numbers that one look-up takes (§5).
LOOK_UP_AT_MOST = 50


def terms() -> Request:
    """§3.1."""
    return Request("/touroku/kiyaku", ())


def agreement(edition: str) -> Request:
    """§3.2. Agrees, for somebody who has."""
    return Request("/touroku/doui", ([("KIYAKU_BAN", edition), ("DOUI", flag(True))],))


def entries(reception: str, fields: Line, numbers: Iterable[str]) -> Request:
    """§3.3."""
    return Request("/touroku/nyuryoku", ([("UKETUKE_NO", reception), *fields], *_contracts(numbers)))


def confirmation(reception: str) -> Request:
    """§3.4. Sends a mail."""
    return Request("/touroku/kakutei", ([("UKETUKE_NO", reception)],))


def full_registration(key: str, password: str, *, trusted: bool) -> Request:
    """§3.7."""
    fields = [("KAGI", key), ("PASSWORD", password), ("SINRAI_TANMATU", flag(trusted))]
    return Request("/touroku/hontouroku", (fields,))


def login(mail: str, password: str, device_key: str) -> Request:
    """§4.1."""
    return Request("/login/ninsyo", ([("MAIL", mail), ("PASSWORD", password), ("TANMATU_KAGI", device_key)],))


def passcode(number: str, code: str, *, trusted: bool) -> Request:
    """§4.2."""
    return Request("/login/otp", ([("OTP_NO", number), ("OTP", code), ("SINRAI_TANMATU", flag(trusted))],))


def device_login(device_key: str) -> Request:
    """§4.5."""
    return Request("/login/tanmatu", ([("TANMATU_KAGI", device_key)],))


def device_revocation(device_key: str) -> Request:
    """§4.6. Ends the key for good; who holds it may give it up without a session."""
    return Request("/login/tanmatu_sakujyo", ([("KAIIN_TOKEN", ""), ("TANMATU_KAGI", device_key)],))


def logout(token: str) -> Request:
    """§4.7."""
    return Request("/login/logout", ([("KAIIN_TOKEN", token)],))


def reset(mail: str, birth_date: str) -> Request:
    """§4.9. Sends a mail, perhaps."""
    return Request("/login/saisettei_uketuke", ([("MAIL", mail), ("SEINEN_YMD", birth_date)],))


def new_password(key: str, password: str, *, trusted: bool) -> Request:
    """§4.9. Ends every device key and session there was."""
    fields = [("KAGI", key), ("PASSWORD", password), ("SINRAI_TANMATU", flag(trusted))]
    return Request("/login/saisettei", (fields,))


def addition(token: str, numbers: Iterable[str]) -> Request:
    """§3.8."""
    return Request("/kaiin/keiyaku_tuika", ([("KAIIN_TOKEN", token)], *_contracts(numbers)))


def contracts(token: str, numbers: Iterable[str]) -> Request:
    """§5. No numbers means all of the account."""
    return Request("/keiyaku/syokai", ([("KAIIN_TOKEN", token)], *_contracts(numbers)))


def renewal_list(token: str, numbers: Iterable[str]) -> Request:
    """§6. No numbers means all of the account."""
    return Request("/koukai/itiran", ([("KAIIN_TOKEN", token)], *_contracts(numbers)))


def document(token: str, document_no: str, procedure: str = "") -> Request:
    """§7. With a procedure, the opening is noted in it."""
    fields = [("SYORUI_NO", document_no), ("KAIIN_TOKEN", token), ("TETUZUKI_NO", procedure)]
    return Request("/syorui/syutoku", (fields,))


def quote(token: str, number: str, plan: str = "", changes: Iterable[tuple[str, str]] = ()) -> Request:
    """§8.1. Changes are pairs of HOSYOU_CD and SENTAKU_CD."""
    return Request(
        "/koukai/sisan",
        (
            [("KAIIN_TOKEN", token), ("SYOKEN_NO", number), ("PLAN_CD", plan)],
            *_chosen("HENKOU", changes),
        ),
    )


def estimate(
    fields: Line, wishes: Iterable[tuple[str, str]], plan: str = "", changes: Iterable[tuple[str, str]] = ()
) -> Request:
    """§13.1. Wishes and changes are pairs of HOSYOU_CD and SENTAKU_CD."""
    first = [*fields, ("PLAN_CD", plan)]
    return Request("/mitumori/sisan", (first, *_chosen("KIBOU", wishes), *_chosen("HENKOU", changes)))


def steps(token: str, number: str) -> Request:
    """§8.2."""
    return Request("/koukai/tejyun", ([("KAIIN_TOKEN", token), ("SYOKEN_NO", number)],))


def start(token: str, number: str, inception: str) -> Request:
    """§8.3, *inception* of the current term as YMD."""
    return Request("/koukai/kaisi", ([("KAIIN_TOKEN", token), ("SYOKEN_NO", number), ("SIKI_YMD", inception)],))


def step(code: str, token: str, procedure: str, fields: Sequence[tuple[str, str]]) -> Request:
    """§8.3, any step before the button."""
    return Request(PATHS[code], ([("KAIIN_TOKEN", token), ("TETUZUKI_NO", procedure), *fields],))


def application(
    token: str,
    procedure: str,
    answers: Sequence[tuple[str, str]],
    *,
    quote_no: str,
    premium: str,
    document_no: str,
    sha256: str,
) -> Request:
    """§8.4. Signs. *answers* are those of the last step."""
    confirmed = [("SISAN_NO", quote_no), ("HOKENRYO", premium), ("SYORUI_NO", document_no), ("SHA256", sha256)]
    return Request(PATHS["10"], ([("KAIIN_TOKEN", token), ("TETUZUKI_NO", procedure), *answers, *confirmed],))


def _chosen(kind: str, options: Iterable[tuple[str, str]]) -> list[Line]:
    return [[("REC", kind), ("HOSYOU_CD", cover), ("SENTAKU_CD", option)] for cover, option in options]


def _contracts(numbers: Iterable[str]) -> list[Line]:
    return [[("REC", "KEIYAKU"), ("SYOKEN_NO", number)] for number in numbers]

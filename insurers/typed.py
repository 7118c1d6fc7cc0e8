"""What people type into a field, and the one form in which it is kept (domain 5.3)."""

import re
import unicodedata

from insurers.answers import NO, YES, Value
from insurers.era import read_date, read_month
from insurers.identity import DASHES, PolicyNumber
from insurers.kana import read_kana
from insurers.mail import read_mail
from insurers.phone import read_phone
from insurers.script import Field, InputKind
from insurers.text import Text
from insurers.unreadable import Unreadable

# Control characters and halves of characters: no keyboard makes them, and no database likes them.
UNTYPED = frozenset({"Cc", "Cs"})

# Where a field says nothing of it.
LONGEST = 200

_ANOTHER_FORM = Text("形式が正しくありません。", "The format is not the expected one.")

# NFKC would make other characters of some that were typed here, such as 1 of ①, before anybody can say so.
KEPT_AS_TYPED = frozenset({InputKind.TEXT, InputKind.EMAIL, InputKind.KANA})


class Unacceptable(ValueError):
    """A value that cannot stand as the answer to a requirement; says what to do instead."""

    def __init__(self, key: str, message: Text) -> None:
        super().__init__(key)
        self.key = key
        self.message = message


def read(field: Field, raw: Value) -> Value:
    """
    Read what was typed into *field*, in its canonical form.

    Width is folded where the field is not free text; dates, also those of an era, become
    `YYYY-MM-DD`, months `YYYY-MM`, phone numbers national digits, policy numbers are parsed, and
    kana become full-width katakana.

    Raises:
        Unacceptable: it cannot stand; the message says what is expected.
    """
    if field.input in (InputKind.MULTI_SELECT, InputKind.POLICY_NUMBERS):
        return _several(field, (raw,) if isinstance(raw, str) else raw)
    if not isinstance(raw, str):
        raise Unacceptable(field.key, Text("値は一つだけ指定してください。", "Give exactly one value."))
    return _one(field, raw)


def _several(field: Field, values: tuple[str, ...]) -> tuple[str, ...]:
    # The same value typed twice is one value.
    different = tuple(dict.fromkeys(text for value in values if (text := _one(field, value))))
    if field.required and not different:
        raise Unacceptable(field.key, Text("一つ以上指定してください。", "Give at least one value."))
    if field.at_most is not None and len(different) > field.at_most:
        raise Unacceptable(
            field.key, Text(f"{field.at_most}件まで指定できます。", f"At most {field.at_most} values are accepted.")
        )
    return different


def _one(field: Field, raw: str) -> str:
    if field.input is InputKind.PASSWORD and raw:
        return raw  # The insurer's verdict counts, and every character of it (D8).
    text = unicodedata.normalize("NFC" if field.input in KEPT_AS_TYPED else "NFKC", raw).strip()
    if not text and field.required:
        raise Unacceptable(field.key, Text("入力してください。", "A value is required."))
    if not text:
        return text
    if any(unicodedata.category(letter) in UNTYPED for letter in text):
        raise Unacceptable(field.key, Text("改行や制御文字は使えません。", "One line of text is expected."))
    text = _canonical(field, text)
    shortest, longest = field.min_length or 0, field.max_length or LONGEST
    if not shortest <= len(text) <= longest:
        raise Unacceptable(field.key, _lengths(shortest, longest))
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise Unacceptable(field.key, field.expected or _ANOTHER_FORM)
    return text


def _lengths(shortest: int, longest: int) -> Text:
    if not shortest:
        return Text(f"{longest}文字以内で入力してください。", f"At most {longest} characters are expected.")
    return Text(f"{shortest}～{longest}文字で入力してください。", f"{shortest} to {longest} characters are expected.")


def _canonical(field: Field, text: str) -> str:
    reader = _READERS.get(field.input)
    if reader is None:
        return _option(field, text) if field.options else text
    expected, read_text = reader
    try:
        return read_text(text)
    except Unreadable as why:
        raise Unacceptable(field.key, why.message) from None
    except ValueError:
        raise Unacceptable(field.key, expected) from None


def _option(field: Field, text: str) -> str:
    if text not in [option.value for option in field.options]:
        choices = "、".join(option.value for option in field.options)
        raise Unacceptable(field.key, Text(f"次から選んでください: {choices}", f"Choose one of: {choices}"))
    return text


def _postal_code(text: str) -> str:
    digits = re.sub(rf"[\s〒\-{DASHES}]", "", text)
    if not re.fullmatch(r"[0-9]{7}", digits):
        raise ValueError
    return digits


def _truth(text: str) -> str:
    if text.lower() not in (YES, NO):
        raise ValueError
    return text.lower()


def _count(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValueError
    return str(int(text))


# What each kind of field expects, in words, and how it is read.
_READERS = {
    InputKind.EMAIL: (
        Text(
            "メールアドレスを name@example.jp の形で入力してください。",
            "A mail address like name@example.jp is expected.",
        ),
        read_mail,
    ),
    InputKind.PHONE: (
        Text("市外局番からの電話番号を入力してください。", "A Japanese phone number is expected."),
        read_phone,
    ),
    InputKind.POSTAL_CODE: (Text("7桁の郵便番号を入力してください。", "Seven digits are expected."), _postal_code),
    InputKind.KANA: (Text("カナで入力してください。", "Kana are expected."), read_kana),
    InputKind.DATE: (
        Text(
            "日付を 1975-01-31 や昭和50年1月31日のように入力してください。",
            "A date like 1975-01-31 or 昭和50年1月31日 is expected.",
        ),
        lambda text: read_date(text).isoformat(),
    ),
    InputKind.YEAR_MONTH: (
        Text(
            "年月を 2026-06 や令和8年6月のように入力してください。", "A month like 2026-06 or 令和8年6月 is expected."
        ),
        lambda text: read_month(text).isoformat()[:7],
    ),
    InputKind.INTEGER: (Text("0以上の整数を入力してください。", "A whole number of 0 or more is expected."), _count),
    InputKind.BOOLEAN: (Text("true か false を指定してください。", "true or false is expected."), _truth),
    InputKind.POLICY_NUMBER: (
        Text("証券番号を英数字で入力してください。", "A policy number of letters and digits is expected."),
        lambda text: str(PolicyNumber.parse(text)),
    ),
    InputKind.POLICY_NUMBERS: (
        Text("証券番号を英数字で入力してください。", "A policy number of letters and digits is expected."),
        lambda text: str(PolicyNumber.parse(text)),
    ),
}

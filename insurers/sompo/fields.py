"""What more than one way into My Page asks for."""

from enum import StrEnum

from insurers.capability import NumberShape
from insurers.script import Field, InputKind
from insurers.text import Text

# SJ-REG-12.
CONTRACTS_AT_MOST = 5

# WIRE.md §3.3; the lengths are invented.
PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 32
NAME_LONGEST, ADDRESS_LONGEST, MAIL_LONGEST = 20, 100, 100

NUMBER_SHAPE = NumberShape(
    pattern=r"[A-Z][0-9]{9}",
    words=Text("英字1文字と数字9桁です。", "One letter followed by nine digits."),
    example="A123456789",
)


class StepKey(StrEnum):
    TERMS = "terms"
    CUSTOMER = "customer"
    CREDENTIALS = "credentials"
    MAIL_LINK = "mail_link"
    FULL_REGISTRATION = "full_registration"
    MEMBER = "member"
    RESET_LINK = "reset_link"
    NEW_PASSWORD = "new_password"
    CONTRACTS = "contracts"


class Key(StrEnum):
    """Keys of what is asked."""

    TERMS_CONFIRMED = "terms_confirmed"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    BIRTH_DATE = "birth_date"
    POSTAL_CODE = "postal_code"
    ADDRESS = "address"
    PHONE = "phone"
    POLICY_NUMBERS = "policy_numbers"
    MATURITY_MAIL = "maturity_mail"
    EMAIL = "email"
    PASSWORD = "password"
    ENTRIES_CONFIRMED = "entries_confirmed"
    LINK = "link"
    PASSWORD_AGAIN = "password_again"
    TRUSTED_DEVICE = "trusted_device"


# Asked in several methods.
BIRTH_DATE = Field(key=Key.BIRTH_DATE, label=Text("生年月日", "Date of birth"), input=InputKind.DATE)
EMAIL = Field(
    key=Key.EMAIL,
    label=Text("メールアドレス（ID）", "Mail address (ID)"),
    input=InputKind.EMAIL,
    max_length=MAIL_LONGEST,
)
PASSWORD = Field(
    key=Key.PASSWORD,
    label=Text("パスワード（半角英数字）", "Password (letters and digits)"),
    input=InputKind.PASSWORD,
    min_length=PASSWORD_SHORTEST,
    max_length=PASSWORD_LONGEST,
    sensitive=True,
)
# SJ-NTF-01: a member may have no contract at first.
POLICY_NUMBERS = Field(
    key=Key.POLICY_NUMBERS,
    label=Text("証券番号（『更新後』証券番号ではありません）", "Policy numbers (of now, not of the next term)"),
    input=InputKind.POLICY_NUMBERS,
    required=False,
    pattern=NUMBER_SHAPE.pattern,
    expected=Text("証券番号は英字1文字と数字9桁です。", "A policy number is one letter followed by nine digits."),
    at_most=CONTRACTS_AT_MOST,
)
TRUSTED_DEVICE = Field(
    key=Key.TRUSTED_DEVICE,
    label=Text("信頼できる端末（ブラウザ等）として登録する", "Register as a trusted device"),
    input=InputKind.BOOLEAN,
    required=False,
)

"""The person whom every sandbox insures, and what they would answer. Invented, as are all numbers."""

import re
from collections.abc import Mapping
from types import MappingProxyType

NAME = "三住 太郎"
EMAIL = "taro@example.jp"

# What stands on the papers in the drawer; whose they are is printed on them, and told here by their shape.
POLICY_NUMBERS = ("0123456789", "0123456790", "A123456789", "A123456790")

# Letters and digits, capitals and small ones: no insurer's rule refuses it.
PASSWORD = "Sandbox2026"

# By the key of what is asked. Keys are stable within an insurer, and alike where the question is.
ANSWERS: Mapping[str, str] = MappingProxyType(
    {
        "family_name": "三住",
        "given_name": "太郎",
        "family_kana": "ミスミ",
        "given_kana": "タロウ",
        "birth_date": "1975-01-01",
        "postal_code": "101-0099",
        "address": "東京都千代田区神田見本町3-9",
        "phone": "090-1234-5678",
        "employee_number": "123456789",
        "mail_wanted": "true",
        "maturity_mail": "true",
        "trusted_device": "true",
        "group_conditions": "true",
        "disclosure": "false",
        "disclosure_applies": "false",
        "notification_applies": "false",
        "vehicle_count": "2",
        "licence_renewal_month": "2028-02",
        "youngest_driver_birth_date": "1977-03-03",
    }
)


def policy_numbers(pattern: str | None) -> list[str]:
    """Answer the numbers that look like the asking insurer's."""
    return [number for number in POLICY_NUMBERS if re.fullmatch(pattern or ".*", number)]

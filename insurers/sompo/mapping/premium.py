"""What a term costs at Sompo (WIRE.md §5.2, §5.5)."""

from collections.abc import Sequence

from insurers.money import Yen
from insurers.plan import Instalment, PaymentMethod, Premium, PremiumNature
from insurers.sompo.wire.contracts import Bunkatu
from insurers.sompo.wire.notation import read_number, read_ymd

# HARAIKOMI_CD. 40 払込票 and 50 請求書払 have no word in our language.
PAYMENTS = {
    "10": PaymentMethod.PAYROLL_DEDUCTION,
    "20": PaymentMethod.ACCOUNT_TRANSFER,
    "30": PaymentMethod.CREDIT_CARD,
}


def premium(
    hokenryo: str,
    haraikomi_cd: str,
    bunkatu: Sequence[Bunkatu],
    *,
    nature: PremiumNature,
    change: str | None = None,
) -> Premium:
    """*change* is ZENNENSA, the difference to the term that ends."""
    return Premium(
        nature=nature,
        total=Yen(read_number(hokenryo)),
        payment=PAYMENTS.get(haraikomi_cd, PaymentMethod.UNKNOWN),
        instalments=tuple(
            Instalment(due_on=read_ymd(part.haraikomi_ymd), amount=Yen(read_number(part.gaku))) for part in bunkatu
        ),
        change_from_current=None if change is None else Yen(read_number(change)),
    )

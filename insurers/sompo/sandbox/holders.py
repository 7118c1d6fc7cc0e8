"""Which contracts may join an account, and whose (SJ-REG-10 to 12)."""

from collections.abc import Iterable, Sequence

from insurers.sompo.sandbox.contracts import GROUP_MASTER
from insurers.sompo.sandbox.forms import MOST_AT_ONCE, Form, fits
from insurers.sompo.sandbox.office import Office
from insurers.sompo.sandbox.persons import Person
from insurers.sompo.sandbox.replies import Refusal

POLICY_SHAPE = r"[A-Z][0-9]{9}"


def require_numbers(form: Form, numbers: Sequence[str]) -> None:
    if not all(fits(POLICY_SHAPE, number) for number in numbers):
        form.wrong("SYOKEN_NO")


def require_few(numbers: Sequence[str]) -> None:
    """
    Raises:
        Refusal: 25, more than five.
    """
    if len(numbers) > MOST_AT_ONCE:
        raise Refusal("25")


def require_the_holder(here: Office, person: Person, numbers: Iterable[str]) -> None:
    """
    Raises:
        Refusal: 22, never saying in what; 23, a successor's number; 24, a group product (SJ-REG-04).
    """
    contracts = [here.book.find(number) for number in numbers]
    held = [contract for contract in contracts if contract and person.is_the_one(contract.holder)]
    if len(held) < len(contracts):
        raise Refusal("22")
    if any(here.book.is_successor(contract) for contract in held):
        raise Refusal("23")
    for contract in held:
        if contract.form == GROUP_MASTER:
            raise Refusal("24", **contract.agency.fields())

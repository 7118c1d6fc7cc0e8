"""Every word of a comparison has a name for people."""

from enum import StrEnum

import pytest

from insurers.coverage import CoverageKind, CoverageVariant, Covered, Peril
from insurers.labels import Word, label
from insurers.risk import DataCategory
from insurers.vehicle import AgeCondition, DriverLimitation, LicenceColour, UsePurpose, VehicleKind


@pytest.mark.parametrize(
    "words",
    [
        CoverageKind,
        CoverageVariant,
        Covered,
        Peril,
        DriverLimitation,
        AgeCondition,
        UsePurpose,
        LicenceColour,
        VehicleKind,
        DataCategory,
    ],
)
def test_every_word_is_called_something_of_its_own_in_both_languages(words: type[Word]) -> None:
    assert issubclass(words, StrEnum)
    called = [label(word) for word in words]

    assert all(name.ja and name.en for name in called)
    assert len(words) == len({name.ja for name in called}) == len({name.en for name in called})

"""The name by which this insurer is found."""

from insurers.identity import InsurerCode

CODE = InsurerCode("sompo")

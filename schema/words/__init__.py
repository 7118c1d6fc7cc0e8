"""What the values of enumerations are called, in both languages, where no other module has its words already."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from insurers.text import Text

# Values of several enumerations are spelled alike, so each enumeration has a table of its own. Its keys are that
# enumeration's, which no type can say of a table of tables.
Words: TypeAlias = Mapping[type, Mapping[Any, Text]]

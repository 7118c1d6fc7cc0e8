"""The loaders of fields that are written for many objects (`batched`), where one object is asked for at a time."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeAlias

from schema.loader import Loader

# Answers one value for each object, in their order, or the error that stands in its place. Takes the objects and an
# `Info`.
Values: TypeAlias = Callable[[Sequence[Any], Any], Awaitable[Sequence[Any]]]


class Batches:
    """Those of one operation."""

    def __init__(self) -> None:
        self._loaders: dict[Values, Loader[Any, Any]] = {}

    def of(self, values: Values, info: Any) -> Loader[Any, Any]:
        """Answer the loader of one field; its function gets the `Info` of whoever asked first."""
        if values not in self._loaders:
            # Objects are not compared: whoever asks twice is another object.
            self._loaders[values] = Loader(lambda objects: values(objects, info), cache=False)
        return self._loaders[values]

"""
What happens where compiled code stops: graphql-core's executor goes on from there.

Everything that an object's or a list's compiled function has done by then stands in what it has filled; nothing is
done twice. The field or item at which it stopped is the next one that is missing there.

The error is what was `Raised`. Whoever caught it has left its handler by then: what is asked next is not told of it.
"""

import sys
from collections.abc import Awaitable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLObjectType, GraphQLOutputType, Undefined
from graphql.execution.executor import collect_iterator_awaitables
from graphql.pyutils import Path, gather_with_cancel
from msgspec import Struct

from schema.execution.compiled.fields import Field
from schema.execution.compiled.oddities import Late, Odd, said
from schema.execution.compiled.places import Place, frozen, of_field, path

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

Data = dict[str, Any]

# An error, which is taken out: whoever caught it is in its course, and would hold what holds it.
Raised = list[Exception]

# How compiled code catches one: the handler is left before anybody is asked anything else.
CAUGHT = "    except Exception: e = raised()"


class Selection(Struct, frozen=True, eq=False, weakref=True):
    """One selection set on one type of objects."""

    type: GraphQLObjectType
    fields: tuple[Field, ...]


class Listing(Struct, frozen=True, eq=False):
    """A list that is, or is in, the value of a field."""

    field: Field
    item: GraphQLOutputType


def raised() -> Raised:
    """Answer the error that is being handled. Compiled code does not name it: so it is read, and left, sooner."""
    error = sys.exception()
    assert isinstance(error, Exception)  # noqa: S101 (called where one was caught)
    return [error]


def mend_object(
    selection: Selection,
    value: Any,
    at: Place | None,
    run: "Compiled",
    data: Data,
    awaits: Sequence[str] | None,
    caught: Raised,
) -> Any:
    """
    Complete an object whose next field has just raised an error. Answers its data, or an awaitable of it.

    *awaits* names the fields that are awaited; None where nobody looks for any.

    Raises:
        Late: it has to be awaited, where nobody looks for that.
        GraphQLError: a field cannot be null, and is.
    """
    run.unlasting += 1
    at, awaited, error = frozen(at), list(awaits or ()), caught.pop()
    missing = selection.fields[len(data) :]
    try:
        _keep(data, awaited, missing[0].key, completed(missing[0], at, run, error), run)
        for field in missing[1:]:
            done = run.execute_field(selection.type, value, field.details, field.path(at), None)
            if done is not Undefined:
                _keep(data, awaited, field.key, done, run)
    except Exception:
        if awaited:
            run.settle_in_background([data[key] for key in awaited])
        raise
    return _whole(data, joined(data, awaited) if awaited else None, awaits)


def mend_anew(
    selection: Selection,
    value: Any,
    at: Place | None,
    run: "Compiled",
    data: Data,
    awaits: Sequence[str] | None,
    stopped: int,
    caught: Raised,
) -> Any:
    """As `mend_object`, of an object whose lasting fields stand in its data already, and that *stopped* at this one."""
    for field in selection.fields[stopped:]:
        del data[field.key]
    return mend_object(selection, value, at, run, data, awaits, caught)


def _whole(done: Any, coming: Awaitable[Any] | None, awaits: Sequence[Any] | None) -> Any:
    """Answer what is done, or what awaits the rest; by an exception where nobody looks for that."""
    if coming is not None and awaits is None:
        raise Late(coming)
    return coming or done


def _keep(data: Data, awaited: list[str], key: str, done: Any, run: "Compiled") -> None:
    data[key] = done
    if run.is_awaitable(done):
        awaited.append(key)


def completed(field: Field, at: Place | None, run: "Compiled", error: Exception, *, was_awaited: bool = False) -> Any:
    """
    Complete a field that went wrong. Answers its data, or an awaitable of it; *at* is where its object stands.

    What *was awaited* is not awaited a second time.

    Raises:
        GraphQLError: it cannot be null, and is.
    """
    if isinstance(error, Late):
        return guarded(error.completed, field, at, run)
    if not isinstance(error, Odd):
        return refused(error, field, at, run)
    if not was_awaited and run.is_awaitable(error.value):
        return awaited_field(error.value, field, at, run)
    try:
        where = field.path(at)
        done = run.complete_value(field.type, field.details, field.info(run, at), where, error.value, None)
    except Exception as raw:  # noqa: BLE001 (whatever it is, it is this field's error)
        return refused(raw, field, at, run)
    return guarded(done, field, at, run) if run.is_awaitable(done) else done


def refused(error: Exception, field: Field, at: Place | None, run: "Compiled") -> None:
    """
    Note an error in the place of a field, and answer null.

    Raises:
        GraphQLError: it, where the field cannot be null.
    """
    run.handle_field_error(said(error, field), field.type, field.details, field.path(at))


async def guarded(completed: Awaitable[Any], field: Field, at: Place | None, run: "Compiled") -> Any:
    """Await what is complete but for its own awaitables; raises as `refused`."""
    try:
        return await completed
    except Exception as error:  # noqa: BLE001 (whatever it is, it is this field's error)
        return refused(error, field, at, run)


async def awaited_field(value: Awaitable[Any], field: Field, at: Place | None, run: "Compiled") -> Any:
    """Await a field's value, and complete it; raises as `refused`."""
    return await run.complete_awaitable_value(
        field.type, field.details, field.info(run, at), field.path(at), value, None
    )


async def mend_awaited(field: Field, at: Place | None, run: "Compiled", caught: Raised) -> Any:
    """Complete a field whose value was awaited, and has just raised an error; raises as `refused`."""
    error = caught.pop()
    try:
        if isinstance(error, Late):
            return await error.completed
        if not isinstance(error, Odd):
            raise error
        info, where = field.info(run, at), field.path(at)
        done = run.complete_value(field.type, field.details, info, where, error.value, None)
        return await done if run.is_awaitable(done) else done
    except Exception as raw:  # noqa: BLE001 (whatever it is, it is this field's error)
        return refused(raw, field, at, run)


def waiting(completed: Any, field: Field, at: Place | None, run: "Compiled", awaited: list[str]) -> Any:
    """Answer what awaits what a field completed to, and note that something does; null where it is null."""
    if completed is None:
        return None
    awaited.append(field.key)
    return guarded(completed, field, at, run)


def waiting_item(
    completed: Any, listing: Listing, at: Place, run: "Compiled", done: list[Any], awaited: list[int]
) -> Any:
    """As `waiting`, of a list's next item."""
    if completed is None:
        return None
    awaited.append(len(done))
    return guarded_item(completed, listing, (at, len(done), None), run)


async def joined(data: Data, awaited: Sequence[str]) -> Data:
    """Await what stands in these places, together."""
    if len(awaited) == 1:
        data[awaited[0]] = await data[awaited[0]]
    else:
        found = await gather_with_cancel(*(data[key] for key in awaited))
        data.update(zip(awaited, found, strict=True))
    return data


def mend_list(
    listing: Listing,
    items: Sequence[Any],
    at: Place,
    run: "Compiled",
    done: list[Any],
    awaits: Sequence[int] | None,
    caught: Raised,
) -> Any:
    """
    Complete a list whose next item has just raised an error. Answers it, or an awaitable of it.

    *awaits* is as of `mend_object`.

    Raises:
        Late: it has to be awaited, where nobody looks for that.
        GraphQLError: an item cannot be null, and is.
    """
    run.unlasting += 1
    awaited, error = list(awaits or ()), caught.pop()
    items_of = _Items(listing, at, run, done, awaited)
    rest = iter(items[len(done) :])
    item = next(rest)
    try:
        items_of.went_wrong(item, error)
        for item in rest:
            items_of.complete(item)
    except Exception:
        pending = [done[index] for index in awaited]
        pending.extend(collect_iterator_awaitables(rest, run.is_awaitable))
        if pending:
            run.settle_in_background(pending)
        raise
    return _whole(done, joined_list(done, awaited) if awaited else None, awaits)


class _Items:
    """The items of a list that graphql-core's executor completes one by one."""

    def __init__(self, listing: Listing, at: Place, run: "Compiled", done: list[Any], awaited: list[int]) -> None:
        self._listing, self._item, self._details = listing, listing.item, listing.field.details
        self._at: Place = frozen(at)
        self._above = path(self._at)
        self._info = listing.field.info(run, of_field(self._at)[0])
        self._run, self._done, self._awaited = run, done, awaited

    def _path(self) -> Path:
        return Path(self._above, len(self._done), None)

    def went_wrong(self, item: Any, error: Exception) -> None:
        if isinstance(error, Odd):
            self.complete(item)
        elif isinstance(error, Late):
            here = (self._at, len(self._done), None)
            self._await(guarded_item(error.completed, self._listing, here, self._run))
        else:
            error = said(error, self._listing.field)
            self._run.handle_field_error(error, self._item, self._details, self._path())
            self._done.append(None)

    def complete(self, item: Any) -> None:
        run, where = self._run, self._path()
        if run.is_awaitable(item):
            self._await(
                run.complete_awaitable_list_item_value(item, self._item, self._details, self._info, where, None)
            )
        elif run.complete_list_item_value(item, self._done, self._item, self._details, self._info, where, None):
            self._awaited.append(len(self._done) - 1)

    def _await(self, coming: Awaitable[Any]) -> None:
        self._awaited.append(len(self._done))
        self._done.append(coming)


async def guarded_item(completed: Awaitable[Any], listing: Listing, here: Place, run: "Compiled") -> Any:
    """
    Await an item that is complete but for its own awaitables, and stands at *here*.

    Raises:
        GraphQLError: it cannot be null, and is.
    """
    try:
        return await completed
    except Exception as error:  # noqa: BLE001 (whatever it is, it is this item's error)
        run.handle_field_error(said(error, listing.field), listing.item, listing.field.details, path(here))
        return None


async def joined_list(done: list[Any], awaited: Sequence[int]) -> list[Any]:
    """Await the items at these places, together."""
    if len(awaited) == 1:
        done[awaited[0]] = await done[awaited[0]]
    else:
        found = await gather_with_cancel(*(done[index] for index in awaited))
        for index, one in zip(awaited, found, strict=True):
            done[index] = one
    return done

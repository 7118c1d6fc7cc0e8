"""What completes a list, by what its items are: see `writing`."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from schema.execution.compiled.kinds import Completes
from schema.execution.compiled.oddities import LISTS, Missing, unlisted
from schema.execution.compiled.places import Place
from schema.execution.compiled.trouble import Listing, joined_list, mend_list, raised, waiting_item

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# Items that are leaves are completed where they stand. If they are pure and one is odd, all of them are completed
# again, for nothing was asked of anybody.
PURE = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    try: return [{done} for x in items]
    except Exception: raise Odd(items) from None"""

LEAVES = """\
def {name}(items, at, run):
    if type(items) not in LISTS: return unlisted(items, {missing})
    out = []
    try:
        for x in items: out.append({done})
        return out
{caught}
    return mend_list({listing}, items, at, run, out, None, e)"""


class ListOf(Struct, frozen=True, kw_only=True, eq=False):
    """A list whose items are completed by the function of this name, once that is there."""

    name: str
    function: str
    listing: Listing
    missing: Missing
    made: "Callable[[Completes, Listing, Missing], Completes]"


def moving(complete: Completes, listing: Listing, missing: Missing) -> Completes:
    """Answer what completes a list of which no item keeps its place: one place moves on with them."""

    def listed(items: Any, at: Place, run: "Compiled") -> Any:
        if type(items) not in LISTS:
            return unlisted(items, missing)
        out: list[Any] = []
        here = (at, out, None)
        try:
            for item in items:
                out.append(complete(item, here, run))  # noqa: PERF401 (what is complete by now is looked at)
            return out
        except Exception:  # noqa: BLE001 (whatever it is, it is that item's error)
            caught = raised()
        return mend_list(listing, items, at, run, out, None, caught)

    return listed


def placed(complete: Completes, listing: Listing, missing: Missing) -> Completes:
    """Answer what completes a list of which no item is awaited."""

    def listed(items: Any, at: Place, run: "Compiled") -> Any:
        if type(items) not in LISTS:
            return unlisted(items, missing)
        out: list[Any] = []
        try:
            for item in items:
                out.append(complete(item, (at, len(out), None), run))
            return out
        except Exception:  # noqa: BLE001 (as said above)
            caught = raised()
        return mend_list(listing, items, at, run, out, None, caught)

    return listed


def opened(kind: type, complete: Completes, listing: Listing, missing: Missing) -> Completes:
    """Answer what completes a list whose items are of this kind, where they are not awaited."""

    def listed(items: Any, at: Place, run: "Compiled") -> Any:
        if type(items) not in LISTS:
            return unlisted(items, missing)
        out: list[Any] = []
        awaited: list[int] = []
        try:
            for item in items:
                done = complete(item, (at, len(out), None), run)
                out.append(done if type(done) is kind else waiting_item(done, listing, at, run, out, awaited))
            return joined_list(out, awaited) if awaited else out
        except Exception:  # noqa: BLE001 (as said above)
            caught = raised()
        return mend_list(listing, items, at, run, out, awaited, caught)

    return listed


OF_OBJECTS, OF_LISTS = partial(opened, dict), partial(opened, list)

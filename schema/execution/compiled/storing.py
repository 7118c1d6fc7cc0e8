"""
The source of what stores a field's value in the dict of its object: at once, or from a coroutine that awaits it.

In the function of a selection set (`writing`) the value's object is `o`, at the place `at`, in the operation `run`. Its
fields go into `d`, and the keys of those that have to be awaited into `aw`.
"""

from collections.abc import Callable
from typing import Any

from schema.execution.compiled import trouble
from schema.execution.compiled.branches import Branch, Completion
from schema.execution.compiled.fields import Field
from schema.execution.compiled.sources import Awaits


def place(field: Field) -> str:
    """Write where a field of `o` stands."""
    return f"(at, {field.key!r}, {field.parent.name!r})"


class Storing:
    """Writes statements, and to *lines* the coroutines that they name; *bound* names a value (`names`)."""

    def __init__(self, bound: Callable[[str, Any], str], lines: list[str]) -> None:
        self._bound = bound
        self._lines = lines

    def statement(self, field: Field, awaits: Awaits, get: str, completion: Completion) -> list[str]:
        """Write what stores the value that *get* is the code of."""
        if awaits is Awaits.NEVER:
            return self._at_once(field, get, completion)
        key, wait = repr(field.key), self._coroutine(field, completion)
        if awaits is Awaits.ALWAYS:
            return [f"d[{key}] = {wait}({get}, at, run)", f"aw.append({key})"]
        return [
            f"v = {get}",
            "if v is not None and type(v) not in CALM and restless(v, run):",
            f"    d[{key}] = {wait}(v, at, run)",
            f"    aw.append({key})",
            "else:",
            *(f"    {line}" for line in self._at_once(field, "v", completion)),
        ]

    def _at_once(self, field: Field, get: str, completion: Completion) -> list[str]:
        """Write what completes a value that is there."""
        key, done, branch = repr(field.key), completion.write(get), completion.branch
        if branch is None:
            return [f"d[{key}] = {done}"]
        if branch.open:
            done = f"c if type(c := {done}) is {branch.kind} else waiting(c, {self._bound('F', field)}, at, run, aw)"
        return [f"d[{key}] = {done}"]

    def _coroutine(self, field: Field, completion: Completion) -> str:
        """Write the coroutine that awaits a value, and completes it; answer its name."""
        name, branch, where = self._bound("wait", None), completion.branch, self._bound("F", field)
        if branch is None:
            lines = [f"        return {completion.write('await r')}"]
        else:
            lines = self._ending(field, completion, branch)
        self._lines += [
            f"async def {name}(r, at, run):",
            "    try:",
            *lines,
            trouble.CAUGHT,
            f"    return await mend_awaited({where}, at, run, e)",
        ]
        return name

    def _ending(self, field: Field, completion: Completion, branch: Branch) -> list[str]:
        """Write how a coroutine completes what it awaited."""
        ending = f"        return c if c is None or type(c) is {branch.kind} else await c"
        if branch.joins:
            return [
                f"        c, level = entered({branch.name}, await r, {place(field)}, run)",
                "        if level: return await settled(c, level, run)",
                ending,
            ]
        if branch.open:
            return [f"        c = {completion.write('await r')}", ending]
        return [f"        return {completion.write('await r')}"]

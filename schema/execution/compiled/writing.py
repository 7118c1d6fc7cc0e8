"""
The source of an operation's functions.

Each selection set of objects becomes a function `(o, at, run)` that fills a dict field by field, each list of leaves
one that fills a list, and each field whose value is awaited a coroutine (`storing`); lists of objects are completed by
`lists`.
What they do not expect ends in an exception, and `trouble` goes on; so they hold nothing but the straight way.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import GroupedFieldSet, collect_subfields
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE

from schema.execution.compiled import leaves, lists, trouble
from schema.execution.compiled.branches import Around, Branch, Completion, Ready, Region, Statement, together
from schema.execution.compiled.fields import Field, plainly
from schema.execution.compiled.kinds import Abstract, Completes, checked, own_class
from schema.execution.compiled.lasting import Memory, declared, remembered
from schema.execution.compiled.levels import Batch, entered, settled
from schema.execution.compiled.names import bound
from schema.execution.compiled.oddities import CALM, LISTS, Missing, Odd, lack, maybe, restless, unlisted, vet
from schema.execution.compiled.sources import Awaits, LeanInfo, Many, Source, many, source, usual
from schema.execution.compiled.storing import Storing, place

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled

# What every function may name.
WORDS: dict[str, Any] = {
    "CALM": CALM,
    "CAST": TYPE_CAST_ATTRIBUTE,
    "INT": leaves.INT,
    "LISTS": LISTS,
    "LeanInfo": LeanInfo,
    "Odd": Odd,
    "entered": entered,
    "joined": trouble.joined,
    "lack": lack,
    "maybe": maybe,
    "mend_anew": trouble.mend_anew,
    "mend_awaited": trouble.mend_awaited,
    "mend_list": trouble.mend_list,
    "mend_object": trouble.mend_object,
    "raised": trouble.raised,
    "remembered": remembered,
    "restless": restless,
    "settled": settled,
    "unlisted": unlisted,
    "vet": vet,
    "waiting": trouble.waiting,
    **{
        leaves.word(leaf, missing): leaves.completes(leaf, missing)
        for leaf in leaves.EXACT
        for missing in (maybe, lack)
    },
}

# An object that was cast says itself of which type it is.
_IS_CAST = "getattr(o, CAST, None) is not None"


class Writer:
    """
    Writes functions that go into one namespace; `makes` completes objects of abstract types, see `kinds`.

    Whether a batch is still told of where something awaited beside it fails, and breaks it off, depends on which of the
    two is there first; and a level is there before the loader that graphql-core's executor asks. So *racing* regions
    ask loaders. Which race is noted in `raced`, for another writer to begin anew. Where only a list asks, none does:
    for a hundred objects, loaders take milliseconds.
    """

    def __init__(
        self,
        run: "Compiled",
        namespace: dict[str, Any],
        makes: Callable[..., Completes],
        racing: Collection[Region] = (),
        *,
        around: Around,
    ) -> None:
        self._racing = racing
        self._around = msgspec.structs.replace(around, races=None in racing)
        self.raced: set[Region] = set()
        self._run = run
        self._schema = usual(run.schema)
        self._learned = run.plans.learned(run.schema)
        self._namespace = namespace
        self._makes = makes
        self.lines: list[str] = []
        self.lists: list[lists.ListOf] = []
        # Neither holds the writer, which goes as soon as it has written.
        self._bound = partial(bound, namespace)
        self._storing = Storing(self._bound, self.lines)

    def object(self, field: Field, kind: GraphQLObjectType, missing: Missing = maybe, *, tells: bool = False) -> Branch:
        """
        Write what completes an object of this field's value; *missing* is called where there is none.

        With *tells* it tells the operation where it does not last.
        """
        groups = self._selected(field, kind)
        name = self._bound("object", None)
        if kind.is_type_of is None:
            vetted = "    if type(o) not in CALM and vet(o, run): return"
            if missing is not maybe:
                vetted = "    if type(o) not in CALM: vet(o, run, lack)"
            head = f"def {name}(o, at, run):"
            return self._selection(name, kind, self.fields(kind, groups), head, vetted, tells=tells)
        # Such a type says itself which objects are its own; Strawberry's does of its class's without being asked.
        check, own = self._bound("check", checked(kind, field, missing)), own_class(kind)
        other = "" if own is None else f" and (type(o) is not {self._bound('class', own)} or {_IS_CAST})"
        head = f"def {name}(o, at, run, own=False):"
        tested = f"    if not own{other}: return {check}(o, at, run, {name})"
        branch = self._selection(name, kind, self.fields(kind, groups), head, tested, tells=tells)
        # A check may be awaited, too; and it keeps its place.
        breaks = branch.breaks or (own is None and missing is lack)
        return msgspec.structs.replace(branch, placed=True, open=branch.open or own is None, breaks=breaks)

    def _selected(self, field: Field, kind: GraphQLObjectType) -> GroupedFieldSet:
        """Answer what is asked of objects of this type, as graphql-core collects it."""
        groups = plainly(field)
        if groups is not None:
            return groups
        run = self._run
        return collect_subfields(
            run.schema, run.fragments, run.variable_values, run.operation, kind, field.details, run.hide_suggestions
        ).grouped_field_set

    def root(self, kind: GraphQLObjectType, fields: tuple[Field, ...]) -> Branch:
        """Write what completes these fields of an operation's root."""
        name = self._bound("root", None)
        branch = self._selection(name, kind, fields, f"def {name}(o, at, run):")
        self._look_for_races(None, branch)
        return branch

    def _look_for_races(self, region: Region, branch: Branch) -> None:
        if branch.joins_once and branch.breaks:
            self.raced.add(region)

    def fields(self, kind: GraphQLObjectType, groups: GroupedFieldSet) -> tuple[Field, ...]:
        get_field, found = self._run.schema.get_field, []
        for key, details in groups.items():
            definition = get_field(kind, details[0].node.name.value)
            if definition:
                found.append(Field(key, details, definition, kind))
        return tuple(found)

    def _selection(
        self, name: str, kind: GraphQLObjectType, fields: tuple[Field, ...], *head: str, tells: bool = False
    ) -> Branch:
        statements = [self._field(field) for field in fields]
        whole = together(statements)
        open_ = whole.open
        selection = self._bound("S", trouble.Selection(kind, fields))
        said = declared(kind)
        lasts = said is not None and whole.lasts
        told = ["    run.unlasting += 1"] if tells and not lasts else []
        memory = self._memory(selection, kind, fields, statements) if said and said.shows else None
        waits = "aw" if open_ else "()"
        keep = f"        {memory}.keep(o, d, {waits}, run, u)"
        self.lines += [
            *head,
            *told,
            *(["    u = run.unlasting"] if memory else []),
            "    d, aw = {}, []" if open_ else "    d = {}",
            "    try:",
            *(f"        {line}" for one in statements for line in one.lines),
            *([keep] if memory else []),
            "        return joined(d, aw) if aw else d" if open_ else "        return d",
            trouble.CAUGHT,
            f"    return mend_object({selection}, o, at, run, d, {'aw' if open_ else None}, e)",
        ]
        if memory:
            anew = [(place, one) for place, one in enumerate(statements) if not one.lasts]
            self.lines.append(
                f"{name} = remembered({name}, {memory}, {self._anew(selection, anew, told) if anew else None})"
            )
        return Branch(
            name=name,
            lasts=lasts,
            open=open_,
            placed=whole.placed,
            joins=whole.joins,
            joins_once=whole.joins_once,
            breaks=whole.breaks,
        )

    def _memory(
        self, selection: str, kind: GraphQLObjectType, fields: Sequence[Field], statements: Sequence[Statement]
    ) -> str | None:
        """Answer the name of what is remembered of such objects; None where nothing of them lasts."""
        said = declared(kind)
        anew = frozenset(field.key for field, one in zip(fields, statements, strict=True) if not one.lasts)
        if said is None or len(anew) == len(fields):
            return None
        own = kind.extensions["strawberry-definition"].origin
        return self._bound("memory", Memory(self._namespace[selection], own, said.shows, anew))

    def _anew(self, selection: str, statements: Sequence[tuple[int, Statement]], told: Sequence[str]) -> str:
        """Write what fills these fields, where all others of an object are known."""
        name, open_ = self._bound("anew", None), any(one.open for _, one in statements)
        self.lines += [
            f"def {name}(o, at, run, d):",
            *told,
            f"    {'n, aw = 0, []' if open_ else 'n = 0'}",
            "    try:",
            *(f"        {line}" for place, one in statements for line in (f"n = {place}", *one.lines)),
            "        return joined(d, aw) if aw else d" if open_ else "        return d",
            trouble.CAUGHT,
            f"    return mend_anew({selection}, o, at, run, d, {'aw' if open_ else None}, n, e)",
        ]
        return name

    def _field(self, field: Field) -> Statement:
        key = repr(field.key)
        if field.name == "__typename":
            return Statement(lines=[f"d[{key}] = {field.parent.name!r}"], lasts=True)
        way = self._learned.way(field) if self._schema else None
        if way is not None and way.ready is not None:
            self._namespace.update(way.ready.words)
            return Statement(lines=[f"d[{key}] = {way.ready.code}"], lasts=way.source.lasts)
        values = None if way else many(field, self._schema)
        if values is not None and self._around.joins:
            return self._joining(field, values)
        where = way.source if way else source(field, self._run, self._schema)
        get = self._got(where)
        completion = self._inside(field, where.awaits)
        if way is None and values is None and where.common:
            self._learned.note(field, where, _ready(where, completion))
        branch = completion.branch or Branch(name="", open=False)
        # What is awaited for certain is a region of its own, which fills its own level.
        beside = where.awaits is not Awaits.ALWAYS
        lines = self._storing.statement(field, where.awaits, get, completion)
        return Statement(
            lines=lines,
            open=branch.open or where.awaits is not Awaits.NEVER,
            placed=branch.placed or where.placed,
            joins=beside and branch.joins,
            joins_once=beside and branch.joins_once,
            breaks=(where.awaits is not Awaits.NEVER and isinstance(field.type, GraphQLNonNull))
            or (beside and branch.breaks),
            lasts=where.lasts and (completion.branch is None or branch.lasts),
        )

    def _inside(self, field: Field, awaits: Awaits, *, joined: bool = False) -> Completion:
        """Write what completes a field's value; where that is awaited, it is a region of its own."""
        region: Region = (id(field.details[0].node), field.parent.name)
        outer, races = self._around, region in self._racing
        if awaits is Awaits.ALWAYS:
            # What a list joins for is a list as well.
            self._around = Around(races=races, listed=joined and outer.listed)
        elif awaits is Awaits.PERHAPS:
            self._around = msgspec.structs.replace(outer, races=races or outer.races)
        completion = self._completion(field, field.type, place(field))
        self._around = outer
        if awaits is not Awaits.NEVER and completion.branch:
            self._look_for_races(region, completion.branch)
        return completion

    def _got(self, where: Source) -> str:
        """Write what gets a field's value."""
        if not where.words:
            return where.code
        return where.code.format(**{word: self._bound(word, value) for word, value in where.words.items()})

    def _joining(self, field: Field, values: Many) -> Statement:
        key = repr(field.key)
        completion = self._inside(field, Awaits.ALWAYS, joined=True)
        done = self._bound("done", None)
        self.lines.append(f"def {done}(v, at, run): return {completion.write('v')}")
        batch = self._bound("batch", Batch(field, values.values, values.info, self._namespace, done))
        lines = [f"d[{key}] = None", f"run.level.join({batch}, o, d, at)"]
        return Statement(lines=lines, placed=True, joins=True, joins_once=not self._around.listed)

    def _completion(self, field: Field, kind: GraphQLOutputType, place: str) -> Completion:
        nullable = not isinstance(kind, GraphQLNonNull)
        inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        missing = maybe if nullable else lack
        if is_leaf_type(inner):
            completion = leaves.completion(inner, missing, self._learned.leaf, nullable=nullable)
            self._namespace.update(completion.words)
            return completion
        branch = self._branch(field, inner, missing)
        if nullable and not branch.open:
            # Much that may be null is, and then nothing has to be called.
            return Completion(
                write=lambda get: f"None if (v := {get}) is None else {branch.name}(v, {place}, run)", branch=branch
            )
        return Completion(write=lambda get: f"{branch.name}({get}, {place}, run)", branch=branch)

    def _branch(self, field: Field, kind: GraphQLOutputType, missing: Missing) -> Branch:
        if isinstance(kind, GraphQLList):
            return self._list(field, kind.of_type, missing)
        if is_abstract_type(kind):
            # What its objects ask for is known when they are there. Then they tell whether they last; but what is
            # awaited with them is written already. So they join for a list only, and may break off what joins for one.
            joins = self._around.joins and self._around.listed
            objects = Abstract(kind, field, partial(self._makes, joins=joins), missing)
            name = self._bound("kind", objects.complete)
            breaks = missing is lack
            return Branch(name=name, open=True, placed=True, joins=joins, breaks=breaks, lasts=objects.is_usual)
        assert isinstance(kind, GraphQLObjectType)  # noqa: S101 (there is no other kind of output)
        return self.object(field, kind, missing)

    def _list(self, field: Field, item: GraphQLOutputType, missing: Missing) -> Branch:
        name, listing = self._bound("list", None), trouble.Listing(field, item)
        outer, self._around = self._around, msgspec.structs.replace(self._around, listed=True)
        completion = self._completion(field, item, "(at, len(out), None)")
        self._around = outer
        branch = completion.branch
        if branch is None:
            words = {
                "name": name,
                "missing": missing.__name__,
                "done": completion.write("x"),
                "listing": self._bound("L", listing),
                "caught": trouble.CAUGHT,
            }
            self.lines += (lists.PURE if leaves.is_pure(item) else lists.LEAVES).format(**words).splitlines()
            return Branch(name=name, kind="list", lasts=True)
        opened = lists.OF_LISTS if branch.kind == "list" else lists.OF_OBJECTS
        made = opened if branch.open else lists.moving if branch.moves else lists.placed
        self.lists.append(lists.ListOf(name=name, function=branch.name, listing=listing, missing=missing, made=made))
        return Branch(
            name=name,
            kind="list",
            open=branch.open,
            placed=branch.placed,
            joins=branch.joins,
            breaks=branch.breaks,
            lasts=branch.lasts,
        )


def _ready(where: Source, completion: Completion) -> Ready | None:
    """Answer the code of a leaf that is only read; None of anything else."""
    if completion.branch or where.words or where.awaits is not Awaits.NEVER:
        return None
    return Ready(code=completion.write(where.code), words=completion.words)

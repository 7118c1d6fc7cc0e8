"""Operations as they were compiled, and kept: bounded in number and in room."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from cachetools import LRUCache
from graphql import DocumentNode, FragmentDefinitionNode, GraphQLObjectType, GraphQLSchema, OperationType
from graphql.execution.collect_fields import FragmentDetails, collect_fields
from graphql.execution.values import VariableValues

from schema.execution.compiled.branches import Around, Branch
from schema.execution.compiled.coercing import Variables
from schema.execution.compiled.kinds import Completes
from schema.execution.compiled.lasting import declared
from schema.execution.compiled.learned import Learned
from schema.execution.compiled.levels import levelled
from schema.execution.compiled.reviewing import review
from schema.execution.compiled.writing import WORDS, Writer
from schema.execution.kept import Kept

if TYPE_CHECKING:
    from schema.execution.compiled import Compiled
    from schema.execution.compiled.fields import Field

Key: TypeAlias = tuple[Hashable, ...]

T = TypeVar("T")

# The room for plans, in bytes as they are reckoned: some three thousand screens.
MOST_BYTES = 64 << 20

# What a plan takes for each character of its source (code, constants, and the fields that stand for trouble), the nodes
# of its document for each of its text, and what completes a list, and what else is known: all measured, and rounded up.
BYTES_OF_SOURCE = 16
BYTES_OF_TEXT = 200
BYTES_OF_LIST = 2_000
BYTES_OF_OPERATION = 4_000

# A process has one schema, and one more where it is reloaded.
MOST_SCHEMAS = 8

# So many combinations of what @skip and @include ask are compiled of one operation; the others are not.
MOST_COMBINATIONS = 32


class Plan:
    """
    One operation, compiled for one combination of what @skip and @include ask.

    `size` is in bytes, as reckoned; *grown* is called when it is more, for an object of a type that none had before.
    """

    def __init__(self, run: "Compiled", kind: GraphQLObjectType, grown: Callable[[], None]) -> None:
        self.size = 0
        self._grown = grown
        self._namespace = dict(WORDS)
        groups = collect_fields(
            run.schema, run.fragments, run.variable_values, kind, run.operation, run.hide_suggestions
        ).grouped_field_set

        def write(writer: Writer) -> tuple[Branch, list[Branch]]:
            fields = writer.fields(kind, groups)
            alone = [writer.root(kind, (field,)) for field in fields] if _serial(run) else []
            return writer.root(kind, fields), alone

        whole, alone = self._written(run, write, Around())
        self.whole = self._root(whole)
        # Each field by itself, for an operation whose fields run one after another.
        self.one_by_one = [self._root(one) for one in alone]

    def _root(self, branch: Branch) -> Completes:
        complete: Completes = self._namespace[branch.name]
        return levelled(complete) if branch.joins else complete

    def _written(self, run: "Compiled", write: Callable[[Writer], T], around: Around) -> T:
        """Write something, and make it."""
        words = len(self._namespace)
        writer = Writer(run, self._namespace, self._object, around=around)
        written = write(writer)
        if writer.raced:
            for name in [*self._namespace][words:]:
                del self._namespace[name]
            writer = Writer(run, self._namespace, self._object, writer.raced, around=around)
            written = write(writer)
        self._make(writer)
        return written

    def _make(self, writer: Writer) -> None:
        source = "\n".join(writer.lines)
        self.size += len(source) * BYTES_OF_SOURCE + len(writer.lists) * BYTES_OF_LIST
        # Names in it are ours, and what its client wrote are string literals of valid GraphQL names.
        exec(compile(source, "<GraphQL operation>", "exec"), self._namespace)  # noqa: S102 (as said above)
        for one in writer.lists:
            self._namespace[one.name] = one.made(self._namespace[one.function], one.listing, one.missing)

    def _object(self, run: "Compiled", field: "Field", kind: GraphQLObjectType, *, joins: bool) -> Completes:
        """Compile what completes objects of one type more, where a field's type is abstract."""

        def write(writer: Writer) -> Branch:
            return writer.object(field, kind, tells=declared(field.parent) is not None)

        branch = self._written(run, write, Around(level=joins, listed=joins))
        self._grown()
        made: Completes = self._namespace[branch.name]
        return made


def _serial(run: "Compiled") -> bool:
    return run.operation.operation is OperationType.MUTATION


class Known:
    """One operation on one schema: what every run of it begins with, what is known of it, and its plans."""

    def __init__(self, run: "Compiled", key: Key | None, document: DocumentNode, learned: Learned) -> None:
        self.key = key
        # Held, so that no others can have their identity.
        self.document, self.schema, self.operation = document, run.schema, run.operation
        self._definitions, self._fragments = run.fragment_definitions.copy(), run.fragments.copy()
        self.review = review(run.operation, run.fragment_definitions)
        self.plans: dict[Key, Plan | str] = {}
        self._text = (len(document.loc.source.body) if document.loc else 0) * BYTES_OF_TEXT
        self._variables = _variables(run, learned)

    def values(self, given: Mapping[str, Any]) -> VariableValues | None:
        """Answer the variables of one run, coerced; None where that is left to graphql-core."""
        try:
            return self._variables.values(given) if self._variables else None
        except Exception:  # noqa: BLE001 (what is wrong with them, graphql-core says better)
            return None

    @property
    def fragments(self) -> tuple[dict[str, FragmentDefinitionNode], dict[str, FragmentDetails]]:
        """The document's fragments, for one run: resolvers are shown them, and could change them."""
        return self._definitions.copy(), self._fragments.copy()

    @property
    def size(self) -> int:
        plans = sum(plan.size for plan in self.plans.values() if isinstance(plan, Plan))
        return BYTES_OF_OPERATION + self._text + plans


def _variables(run: "Compiled", learned: Learned) -> Variables | None:
    try:
        return Variables(run.schema, run.operation.variable_definitions or (), learned.coercers)
    except Exception:  # noqa: BLE001 (an operation without them runs all the same)
        return None


class Plans:
    """The plans of a process, the longest unused forgotten first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._known: Kept[Key, Known] = Kept(most_bytes, weigh=attrgetter("size"))
        self._learned: LRUCache[int, Learned] = LRUCache(MOST_SCHEMAS)
        # Nearly all run compiled, and are counted the cheapest way.
        self.run_compiled = 0
        self.handed_over: Counter[str] = Counter()

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """How many operations were run in which way, and why."""
        run_compiled = {("compiled", ""): self.run_compiled} if self.run_compiled else {}
        return {**run_compiled, **{("handed over", reason): many for reason, many in self.handed_over.copy().items()}}

    def learned(self, schema: GraphQLSchema) -> Learned:
        """Answer what is known of a schema."""
        found = self._learned.get(id(schema))
        if found is None:
            found = self._learned[id(schema)] = Learned(schema)
        return found

    def known(self, schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Known | None:
        """Answer what is known of the operation of this name, or of the only one."""
        key = _key(schema, document, name)
        return self._known.get(key) if key else None

    def begun(self, run: "Compiled", document: DocumentNode, name: str | None) -> Known:
        """Note an operation that was begun for the first time."""
        known = Known(run, _key(run.schema, document, name), document, self.learned(run.schema))
        self._keep(known)
        return known

    def plan(self, run: "Compiled") -> Plan | str:
        """Answer the plan of an operation, or why it has none."""
        known = run.known
        if known is None:
            return "no document"
        if known.review.reason:
            return known.review.reason
        steered: Key = ()
        if known.review.steering:
            values = run.variable_values.coerced
            steered = tuple(values.get(name) for name in known.review.steering)
            if not all(type(value) is bool for value in steered):
                # A variable that has a default may be null all the same: an error of the first object that it steers.
                return "refused"
        found = known.plans.get(steered)
        if found is None:
            found = self._made(known, steered, run)
        return found

    def _made(self, known: Known, steered: Key, run: "Compiled") -> Plan | str:
        if len(known.plans) >= MOST_COMBINATIONS:
            return "combinations"
        known.plans[steered] = found = compiled(run, partial(self._keep, known))
        # What it takes has changed.
        self._keep(known)
        return found

    def _keep(self, known: Known) -> None:
        if known.key is not None:
            self._known.keep(known.key, known)

    def __len__(self) -> int:
        return len(self._known)

    @property
    def size(self) -> int:
        """How many bytes they take, as reckoned."""
        return self._known.size


def compiled(run: "Compiled", grown: Callable[[], None] = lambda: None) -> Plan | str:
    """Compile an operation with its variables; answer why not, where it cannot be. *grown* as of a `Plan`."""
    kind: Any = run.schema.get_root_type(run.operation.operation)
    if kind is None:
        return "no root"
    try:
        return Plan(run, kind, grown)
    except Exception:  # noqa: BLE001 (what is wrong with it, graphql-core says better)
        return "refused"


def _key(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Key | None:
    """Answer by what an operation is known; None where its name is only like a string."""
    return (id(document), id(schema), name) if name is None or type(name) is str else None

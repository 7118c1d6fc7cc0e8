"""What was written once of a value that cannot have changed, and is told again."""

import gc
from types import SimpleNamespace
from typing import Any, NewType

import msgspec
import pytest
import strawberry
from graphql import ExecutionResult, GraphQLResolveInfo, parse
from graphql.execution import Executor, execute
from msgspec import Struct
from msgspec.structs import replace
from strawberry.schema.config import StrawberryConfig

from schema.execution.compiled import Compiled
from schema.execution.compiled.lasting import Written
from schema.execution.compiled.plans import Plans
from schema.lasting import lasting

MUCH = 1 << 20


class Compiling(Compiled, Executor[Any]):
    """graphql-core's executor with the compiler."""


class Book(Struct, frozen=True, weakref=True):
    """What a shelf has. `parts` are as many as they are."""

    title: str
    parts: tuple[int, ...] = (1, 2)
    broken: bool = False
    kind: str = "novel"


# What was asked of whom, in the order in which it was.
ASKED: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_asked() -> None:
    ASKED.clear()


@lasting()
@strawberry.type
class Part:
    number: int

    @strawberry.field
    def doubled(self) -> int:
        ASKED.append("doubled")
        return 2 * self.number


@strawberry.interface
class Kind:
    name: str


@lasting()
@strawberry.type
class Novel(Kind):
    @strawberry.field
    def length(self) -> int:
        ASKED.append("length")
        return 300


@strawberry.type
class Paper(Kind):
    @strawberry.field
    def length(self) -> int:
        ASKED.append("length")
        return 20


Abyss = NewType("Abyss", int)
# Written as what no JSON can be made of.
ABYSS = strawberry.scalar(name="Abyss", serialize=lambda _: object(), parse_value=int)


@lasting(shows="word")
@strawberry.type
class Volume:
    word: strawberry.Private[Book]

    @strawberry.field
    def title(self) -> str:
        ASKED.append("title")
        return self.word.title

    @strawberry.field
    def spoken(self, info: strawberry.Info, aloud: bool = False) -> str:
        ASKED.append("spoken")
        return str(info.context.say(self.word.title.upper() if aloud else self.word.title))

    @strawberry.field
    def price(self, info: strawberry.Info) -> int:
        ASKED.append("price")
        return int(info.context.price(self.word))

    @strawberry.field
    async def keeper(self, info: strawberry.Info) -> str | None:
        ASKED.append("keeper")
        return f"keeper at {info.context.price(self.word)}"

    @strawberry.field
    def parts(self) -> list[Part]:
        ASKED.append("parts")
        return [Part(number=number) for number in self.word.parts]

    @strawberry.field
    def kind(self) -> Kind:
        ASKED.append("kind")
        return (Novel if self.word.kind == "novel" else Paper)(name=self.word.kind)

    @strawberry.field
    def page(self) -> int | None:
        ASKED.append("page")
        if self.word.broken:
            raise ValueError("torn")
        return 1

    @strawberry.field
    def abyss(self) -> Abyss:
        return Abyss(1)

    @strawberry.field
    def again(self) -> "Volume":
        return Volume(word=self.word)


@strawberry.type
class Heir(Volume):
    pass


@lasting(shows="word")
@strawberry.type
class Guarded:
    word: strawberry.Private[Book]

    @classmethod
    def is_type_of(cls, value: object, info: GraphQLResolveInfo[Any]) -> bool:
        return not info.context.unaffordable

    @strawberry.field
    def title(self) -> str:
        return self.word.title


@strawberry.type
class Query:
    @strawberry.field
    def guarded(self, info: strawberry.Info) -> list[Guarded | None]:
        return [Guarded(word=word) for word in info.context.books]

    @strawberry.field
    def heirs(self, info: strawberry.Info) -> list[Heir]:
        return [Heir(word=word) for word in info.context.books]

    @strawberry.field
    def volumes(self, info: strawberry.Info) -> list[Volume]:
        return [Volume(word=word) for word in info.context.books]


SCHEMA = strawberry.Schema(Query, types=[Novel, Paper], config=StrawberryConfig(scalar_map={Abyss: ABYSS}))._schema  # noqa: SLF001 (graphql-core runs graphql-core's schema)


class Shelf:
    """Books, and whoever asks for them in one language."""

    def __init__(self, *books: Book, most_bytes: int = MUCH) -> None:
        self.books = list(books)
        self.written: Written | None = Written(most_bytes)
        self.price = 5
        self.unaffordable = False

    def _price(self, book: Book) -> int:
        if self.unaffordable:
            raise ValueError("too dear")
        self.price += 1
        return self.price

    async def shows(
        self, document: str, executor: type[Executor[Any]] = Compiling, *, is_known: bool = True
    ) -> dict[str, Any]:
        context = SimpleNamespace(
            books=self.books,
            written=self.written,
            say=lambda text: f"«{text}»",
            price=self._price,
            unaffordable=self.unaffordable,
        )
        parsed = DOCUMENTS.setdefault(document, parse(document)) if is_known else parse(document)
        coming = execute(SCHEMA, parsed, context_value=context, executor_class=executor)
        done = coming if isinstance(coming, ExecutionResult) else await coming
        return dict(done.formatted)

    async def asks(self, document: str) -> list[str]:
        """Answer what was asked to answer this."""
        ASKED.clear()
        await self.shows(document)
        return [*ASKED]


# What an operation wrote is known by its document.
DOCUMENTS: dict[str, Any] = {}

BOTH = "{ volumes { title parts { number doubled } } }"


async def test_what_was_written_once_is_not_asked_for_again() -> None:
    shelf = Shelf(Book("one"))
    first = await shelf.shows(BOTH)

    assert [] == await shelf.asks(BOTH)
    assert first == await shelf.shows(BOTH) == await shelf.shows(BOTH, Executor)


async def test_another_document_writes_it_for_itself() -> None:
    shelf = Shelf(Book("one"))
    await shelf.shows(BOTH)

    assert ["title"] == await shelf.asks("{ volumes { title } }")


async def test_a_value_that_is_only_equal_is_another() -> None:
    shelf = Shelf(Book("one"))
    await shelf.shows("{ volumes { title } }")
    shelf.books = [replace(shelf.books[0])]

    assert ["title"] == await shelf.asks("{ volumes { title } }")


async def test_what_is_kept_as_json_is_sent_as_it_would_be_otherwise() -> None:
    document = "{ volumes { title price parts { number doubled } kind { name } page } }"
    plainly, as_json = (Shelf(Book("one"), Book("two")) for _ in range(2))
    as_json.written = Written(MUCH, as_json=True)
    for _ in range(3):
        told = [msgspec.json.encode(await shelf.shows(document)) for shelf in (plainly, as_json)]
        assert told[0] == told[1]

    assert ["price", "price"] == await as_json.asks(document)
    assert plainly.written is not None
    assert as_json.written.size < plainly.written.size


async def test_nothing_is_told_again_where_nothing_is_kept() -> None:
    shelf = Shelf(Book("one"))
    shelf.written = None
    await shelf.shows(BOTH)

    assert ["title", "parts", "doubled", "doubled"] == await shelf.asks(BOTH)


async def test_whoever_asks_only_for_words_lasts_and_who_asks_for_more_is_asked_each_time() -> None:
    shelf = Shelf(Book("one"))
    document = "{ volumes { title price spoken loud: spoken(aloud: true) } }"
    first = await shelf.shows(document)

    assert ["price"] == await shelf.asks(document)
    assert {"data": {"volumes": [{**first["data"]["volumes"][0], "price": 8}]}} == await shelf.shows(document)
    assert ["title", "price", "spoken", "loud"] == list((await shelf.shows(document))["data"]["volumes"][0])


async def test_what_is_an_argument_s_variable_is_asked_each_time() -> None:
    document = parse("query ($aloud: Boolean!) { volumes { title spoken(aloud: $aloud) } }")
    shelf = Shelf(Book("one"))
    told = []
    for aloud in (False, True):
        context = SimpleNamespace(books=shelf.books, written=shelf.written, say=str)
        done = execute(
            SCHEMA, document, context_value=context, variable_values={"aloud": aloud}, executor_class=Compiling
        )
        assert isinstance(done, ExecutionResult)
        told.append(done.data)

    assert [{"volumes": [{"title": "one", "spoken": word}]} for word in ("one", "ONE")] == told


async def test_two_objects_that_show_the_same_have_their_own_of_what_is_asked_each_time() -> None:
    book = Book("one")
    shelf = Shelf(book, book)
    document = "{ volumes { title price } }"
    await shelf.shows(document)

    assert [{"title": "one", "price": price} for price in (8, 9)] == (await shelf.shows(document))["data"]["volumes"]


async def test_an_error_in_what_is_asked_each_time_leaves_the_rest_as_graphql_core_does() -> None:
    shelf = Shelf(Book("one"))
    document = "{ volumes { title again { title price page } page } }"
    await shelf.shows(document)
    shelf.unaffordable = True

    assert await shelf.shows(document, Executor) == (told := await shelf.shows(document))
    assert [["volumes", 0, "again", "price"]] == [one["path"] for one in told["errors"]]


async def test_a_nullable_neighbour_of_an_error_is_asked_once() -> None:
    shelf = Shelf(Book("one"))
    document = "{ volumes { title keeper page } }"
    await shelf.shows(document)
    shelf.unaffordable = True
    ASKED.clear()
    told = await shelf.shows(document)

    assert {"volumes": [{"title": "one", "keeper": None, "page": 1}]} == told["data"]
    assert ["keeper"] == ASKED


async def test_what_went_wrong_is_tried_anew() -> None:
    shelf = Shelf(Book("one", broken=True))
    document = "{ volumes { title page } }"
    first = await shelf.shows(document)

    assert ["title", "page"] == await shelf.asks(document)
    assert first == await shelf.shows(document) == await shelf.shows(document, Executor)


async def test_an_object_of_an_abstract_type_lasts_where_its_class_says_so() -> None:
    document = "{ volumes { kind { name ... on Novel { length } ... on Paper { length } } } }"
    novel, paper = Shelf(Book("one")), Shelf(Book("two", kind="paper"))
    for shelf in (novel, paper):
        await shelf.shows(document)

    assert ([], ["kind", "length"]) == (await novel.asks(document), await paper.asks(document))


async def test_a_value_that_is_gone_takes_what_was_written_with_it() -> None:
    shelf = Shelf(Book("one"), Book("two"))
    written = shelf.written
    assert written is not None
    await shelf.shows(BOTH)
    assert 2 == len(written)
    del shelf.books[0]
    gc.collect()

    assert 1 == len(written)
    shelf.books.clear()
    gc.collect()
    assert (0, 0) == (len(written), written.size)


async def test_no_more_is_kept_than_may_be_and_the_oldest_goes_first() -> None:
    shelf = Shelf(*(Book(f"{number}") for number in range(100)), most_bytes=10_000)
    written = shelf.written
    assert written is not None
    await shelf.shows("{ volumes { title } }")

    assert written.size <= 10_000
    assert 5 < len(written) < 20
    asked = await shelf.asks("{ volumes { title } }")
    # Whoever goes through all of them in order finds none: each is forgotten before its turn comes.
    assert 100 == len(asked)
    shelf.books = shelf.books[-5:]
    assert [] == await shelf.asks("{ volumes { title } }")


async def test_an_answer_that_is_too_long_is_not_kept() -> None:
    shelf = Shelf(Book("one", parts=tuple(range(100))), most_bytes=5_000)
    await shelf.shows(BOTH)

    assert shelf.written is not None
    assert 0 == len(shelf.written)


async def test_a_plan_that_is_gone_takes_what_it_wrote_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Compiling, "plans", Plans(most_bytes=200_000))
    shelf = Shelf(Book("one"))
    for number in range(40):
        await shelf.shows(f"query Q{number} {{ volumes {{ title }} }}", is_known=False)
    gc.collect()

    assert shelf.written is not None
    assert 0 < len(shelf.written) <= len(Compiling.plans) < 40


async def test_a_class_that_is_asked_for_its_objects_is_asked_each_time() -> None:
    shelf = Shelf(Book("one"))
    first = await shelf.shows("{ guarded { title } }")
    shelf.unaffordable = True

    assert "errors" not in first
    assert await shelf.shows("{ guarded { title } }", Executor) == (told := await shelf.shows("{ guarded { title } }"))
    assert [["guarded", 0]] == [one["path"] for one in told["errors"]]


async def test_what_nobody_can_weigh_is_told_and_not_remembered() -> None:
    shelf = Shelf(Book("one"))
    first = await shelf.shows("{ volumes { title abyss } }")

    assert "errors" not in first
    assert ["title"] == await shelf.asks("{ volumes { title abyss } }")


async def test_a_value_without_weak_references_is_written_each_time() -> None:
    class Plain(Struct, frozen=True):
        title: str = "plain"

    shelf = Shelf(Plain())  # type: ignore[arg-type]  # as a class of a schema's may be
    await shelf.shows("{ volumes { title } }")

    assert ["title"] == await shelf.asks("{ volumes { title } }")


async def test_a_class_says_it_for_itself_only() -> None:
    shelf = Shelf(Book("one"))
    await shelf.shows("{ heirs { title } }")

    assert ["title"] == await shelf.asks("{ heirs { title } }")

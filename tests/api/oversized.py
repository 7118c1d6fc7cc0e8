"""Documents that somebody would send who wants to keep a gateway busy, each as large as one likes."""

from collections.abc import Callable, Mapping


def doubling(fragments: int) -> str:
    """Each fragment brings the next one twice: a line more doubles what the document comes to."""
    links = (f"fragment F{n} on Query{{...F{n + 1} ...F{n + 1}}}" for n in range(fragments))
    return f"{{...F0}}{''.join(links)}fragment F{fragments} on Query{{viewer{{id}}}}"


def doubling_of_nothing(fragments: int) -> str:
    """The same, and what it brings in the end is not there: it has no field at all."""
    return doubling(fragments).replace(f"fragment F{fragments} on Query{{viewer{{id}}}}", "")


def chain(fragments: int) -> str:
    links = (f"fragment F{n} on Query{{...F{n + 1}}}" for n in range(fragments))
    return f"{{...F0}}{''.join(links)}fragment F{fragments} on Query{{viewer{{id}}}}"


def ring(fragments: int) -> str:
    links = (f"fragment F{n} on Query{{...F{(n + 1) % fragments} viewer{{id}}}}" for n in range(fragments))
    return "{...F0}" + "".join(links)


# Fragments that bring themselves, so that whoever spreads them comes to no end.
ENDLESS = {
    "at once": "{...F} fragment F on Query{...F viewer{id}}",
    "by way of others": ring(20),
    "in a field": "{viewer{customer{...F}}} fragment F on Customer{links{...F}}",
    "in two fields": "{viewer{customer{...F}}} fragment F on Customer{links{...F} policies{...F}}",
    "in a field, by way of another": "{...F} fragment F on Query{viewer{...G}} fragment G on Viewer{customer{...F}}",
    "in a field, where nothing spreads it": "{viewer{id}} fragment F on Customer{links{...F}}",
    "in fields that nobody knows": "{...F} fragment F on Nobody{nothing{...F}}",
    "in another of the same name": "{...F} fragment F on Query{viewer{id}} fragment F on Query{viewer{...F}}",
}


def many(words: str, between: str = " ") -> Callable[[int], str]:
    return lambda times: "{viewer{" + between.join([words] * times) + "}}"


def aliases(times: int) -> str:
    return "{viewer{" + " ".join(f"a{n}:id" for n in range(times)) + "}}"


def roots(times: int) -> str:
    return "{" + "viewer{id}" * times + "}"


def unknown_types(times: int) -> str:
    return "{viewer{" + "... on Nope{a}" * times + "}}"


def deep(levels: int) -> str:
    return "{" + "node{" * levels + "id" + "}" * levels + "}"


def deep_in_nothing(levels: int) -> str:
    return "{" + "...{" * levels + "viewer{id}" + "}" * levels + "}"


def operations(times: int) -> str:
    return "".join(f"query A{n}{{viewer{{id}}}}" for n in range(times))


def fragments(times: int) -> str:
    return "{viewer{id}}" + "".join(f"fragment F{n} on Viewer{{id}}" for n in range(times))


def ids(times: int) -> str:
    return f"{{nodes(ids:[{' '.join(['1'] * times)}]){{id}}}}"


def nested_list(levels: int) -> str:
    return f"{{nodes(ids:{'[' * levels}{']' * levels}){{id}}}}"


def nested_object(levels: int) -> str:
    return f"{{insurer(by:{'{code:' * levels}1{'}' * levels}){{id}}}}"


def long_text(characters: int) -> str:
    return f'{{node(id:"{"x" * characters}"){{id}}}}'


def wide_letters(characters: int) -> str:
    return f'\ufeff{{node(id:"{"😀" * characters}"){{id}}}}'


def number(digits: int) -> str:
    return f"{{policies(first:{'9' * digits}){{totalCount}}}}"


def introspections(times: int) -> str:
    return "{" + " ".join(f"a{n}:__schema{{types{{name}}}}" for n in range(times)) + "}"


# How they are made, how many of it are too many, and which limit says so.
TOO_MUCH: Mapping[str, tuple[Callable[[int], str], int, str]] = {
    "fragments in fragments": (doubling, 22, "fields"),
    "more of them": (doubling, 45, "fields"),
    "fragments without fields": (doubling_of_nothing, 101, "fragments"),
    "fragments": (fragments, 101, "fragments"),
    "spreads": (many("...F"), 201, "spreads"),
    "aliases": (aliases, 51, "aliases"),
    "a flood of aliases": (aliases, 900, "aliases"),
    "directives": (many("id @a @b @c"), 17, "directives"),
    "directives at one field": (lambda times: "{viewer{id " + "@a " * times + "}}", 5, "directivesAtOnce"),
    "a flood of directives at one field": (
        lambda times: "{viewer{id " + "@a " * times + "}}",
        1900,
        "directivesAtOnce",
    ),
    "root fields": (roots, 21, "roots"),
    "fields": (many("id"), 601, "fields"),
    "the same field": (many("id"), 101, "comparisons"),
    "the same fields in fields": (many("customer{id id id}"), 32, "comparisons"),
    "unknown types": (unknown_types, 601, "fields"),
    "depth": (deep, 16, "depth"),
    "depth without fields": (deep_in_nothing, 101, "nesting"),
    "more depth than the parser has": (deep, 900, "nesting"),
    "operations": (operations, 51, "operations"),
    "ids written out": (ids, 2001, "items"),
    "a list in a list": (nested_list, 900, "nesting"),
    "an object in an object": (nested_object, 900, "nesting"),
    "tokens": (operations, 900, "tokens"),
    "digits": (number, 301, "digits"),
    "digits behind a point": (lambda digits: number(1).replace("9", f"0.{'9' * digits}"), 301, "digits"),
    "more digits than Python reads": (number, 5000, "digits"),
    "a text of a megabyte": (long_text, 1_000_000, "characters"),
    "letters beyond the plane": (wide_letters, 100_000, "characters"),
    "the whole schema, over and over": (introspections, 11, "cost"),
}

"""Insurers of paper who break a promise about what they tell an agency."""

from insurers.errors import Drifted, Expired, NotOffered
from insurers.feed import FeedAccess, FeedPage, FeedRecord, Flaw
from insurers.text import Text
from tests.language.paper import Paper
from tests.language.paper_forms import PAPER, replace


class Closedmouthed(Paper):
    """Has a feed on its card, and lets nobody see it read."""

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        raise NotOffered(PAPER)


class Repeating(Paper):
    """Tells of one policy again and again."""

    def told(self, number: str) -> FeedRecord:
        return super().told("A1")


class Uncounted(Paper):
    """Counts a record that nobody saw."""

    def page(self, chunk: bytes, after: str | None, *, last: bool, edition: int) -> FeedPage:
        page = super().page(chunk, after, last=last, edition=edition)
        return replace(page, total=(page.total or 0) + 1)


class Unzoned(Paper):
    """Leaves it to the reader where it is four o'clock."""

    def told(self, number: str) -> FeedRecord:
        told = super().told(number)
        return replace(told, ends_at=told.ends_at.replace(tzinfo=None))


class Forward(Paper):
    """Never says the same twice."""

    heard = 0

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        page = await super().feed(access, after)
        self.heard += 1
        return replace(page, lines=tuple(line + self.heard for line in page.lines))


class Stumbling(Paper):
    """Gives up at the first line that it cannot read."""

    def flaw(self, line: int, said: str) -> Flaw:
        raise Drifted(PAPER)


class Skipping(Paper):
    """Passes over what it cannot read."""

    def page(self, chunk: bytes, after: str | None, *, last: bool, edition: int) -> FeedPage:
        return replace(super().page(chunk, after, last=last, edition=edition), flaws=())


class Quoting(Paper):
    """Repeats what stood in the line."""

    def flaw(self, line: int, said: str) -> Flaw:
        return replace(super().flaw(line, said), reason=Text("A2", f"{said}2"))


class Openhanded(Paper):
    """Tells everybody who asks."""

    def enter_office(self, access: FeedAccess) -> None:
        pass


class Undying(Paper):
    """Goes on in a feed that is no more."""

    async def feed(self, access: FeedAccess, after: str | None) -> FeedPage:
        try:
            return await super().feed(access, after)
        except Expired:
            words = (after or "").split()
            return await super().feed(access, " ".join([*words[:-1], str(self.feeds.edition)]))


class Linecounting(Paper):
    """Counts the lines of a file anew in each chunk."""

    def feed_file(self, chunk: bytes, after: str | None, *, last: bool) -> FeedPage:
        page = super().feed_file(chunk, after, last=last)
        return replace(page, lines=tuple(range(2, 2 + len(page.lines))))


LIARS_IN_THE_FEED: list[tuple[str, type[Paper]]] = [
    ("test_a_feed_that_is_not_offered_is_refused_and_so_is_a_file_that_is_none", Closedmouthed),
    ("test_a_feed_is_read_to_its_end_and_each_policy_stands_in_it_once", Repeating),
    ("test_a_feed_is_read_to_its_end_and_each_policy_stands_in_it_once", Uncounted),
    ("test_a_feed_is_read_to_its_end_and_each_policy_stands_in_it_once", Unzoned),
    ("test_a_page_that_is_asked_for_again_is_the_same", Forward),
    ("test_a_broken_record_is_told_with_its_line_and_stops_no_other", Stumbling),
    ("test_a_broken_record_is_told_with_its_line_and_stops_no_other", Skipping),
    ("test_a_broken_record_is_told_with_its_line_and_stops_no_other", Quoting),
    ("test_a_wrong_secret_opens_no_feed", Openhanded),
    ("test_a_feed_that_was_replaced_since_is_begun_again", Undying),
    ("test_a_file_at_hand_tells_what_the_feed_tells_in_chunks_of_any_size", Linecounting),
]

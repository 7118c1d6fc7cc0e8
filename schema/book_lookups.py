"""One look-up for all rows of a page of the book, however many fields ask."""

from collections.abc import Sequence

from propcache.api import cached_property

from insurers.agency import Agency, Agent, Mandate
from insurers.book import Entry, EntryChange, Note
from insurers.renewal import Renewal
from schema.agency_ports import FeedsOf
from schema.book_readings import BookReadings, Lines, Wanted
from schema.loader import Loader
from schema.ports import Asker, Host


class BookLookups:
    """The loaders of one operation; most want one or two of them. `readings` is what these have read."""

    def __init__(self, host: Host, asker: Asker | None) -> None:
        self.readings = BookReadings(host, asker)

    @cached_property
    def agency(self) -> Loader[str, Agency | None]:
        return Loader(self.readings.agencies)

    @cached_property
    def colleague(self) -> Loader[str, Agent | None]:
        return Loader(self.readings.by_id)

    @cached_property
    def feeds(self) -> Loader[None, Sequence[FeedsOf]]:
        return Loader(self.readings.feeds)

    @cached_property
    def entry(self) -> Loader[str, Entry | None]:
        return Loader(self.readings.entries)

    @cached_property
    def of_person(self) -> Loader[str, Sequence[Entry]]:
        return Loader(self.readings.of_persons)

    @cached_property
    def mandate(self) -> Loader[str, Mandate | None]:
        return Loader(self.readings.mandates)

    @cached_property
    def renewal(self) -> Loader[str, Renewal | None]:
        return Loader(self.readings.renewals)

    @cached_property
    def changes(self) -> Loader[Wanted, Lines[EntryChange]]:
        return Loader(self.readings.changes)

    @cached_property
    def notes(self) -> Loader[Wanted, Lines[Note]]:
        return Loader(self.readings.notes)

"""What happened to an entry of the book: what feeds changed of it, and what agents wrote down."""

from collections.abc import Mapping
from datetime import datetime

import strawberry

from insurers.book import ChangeKind
from insurers.book import EntryChange as ChangeWord
from insurers.book import FieldChange as FieldWord
from insurers.book import Note as NoteWord
from insurers.feed import FeedSource
from insurers.text import Text
from schema import book_enums as book_enums
from schema.arguments import InLanguage
from schema.connection import Cursors, PageInfo, clamped, facts
from schema.context import Info
from schema.directives import PERSONAL

# The fields of a feed's record, as people call them.
_FIELDS: Mapping[str, Text] = {
    "status": Text("契約の状態", "State of the policy"),
    "insurer_status": Text("契約の状態（保険会社の表記）", "State in the insurer's words"),
    "starts_at": Text("始期", "Beginning of the term"),
    "ends_at": Text("満期", "End of the term"),
    "holder": Text("契約者名", "Policyholder"),
    "kana": Text("契約者名（カナ）", "Reading of the policyholder's name"),
    "birth_date": Text("生年月日", "Birth date"),
    "phone": Text("電話番号", "Phone"),
    "email": Text("メールアドレス", "Mail address"),
    "vehicle": Text("車名", "Car"),
    "plate": Text("登録番号", "Plate"),
    "premium": Text("保険料", "Premium"),
    "next_premium": Text("更新後の保険料（試算）", "Reckoned next premium"),
    "grade": Text("等級", "Grade"),
    "auto_renewal": Text("自動更新の特約", "Automatic renewal"),
    "branch": Text("拠点", "Branch"),
    "solicitor": Text("募集人コード", "Solicitor's code"),
    "successor": Text("更新後の証券番号", "Number of the next term"),
    "removed": Text("取扱いの終了", "No longer handled"),
}


@strawberry.type(description="One thing that a feed changed.")
class BookFieldChange:
    word: strawberry.Private[FieldWord]

    @strawberry.field(description="What changed: a stable key.")
    def field(self) -> str:
        return self.word.field

    @strawberry.field(description="What changed, in words.")
    def label(self, info: Info, locale: InLanguage = None) -> str:
        known = _FIELDS.get(self.word.field)
        return info.context.say(known, locale) if known else self.word.field

    @strawberry.field(description="What it was; null for nothing.", directives=[PERSONAL])
    def before(self) -> str | None:
        return self.word.before

    @strawberry.field(description="What it became; null for nothing.", directives=[PERSONAL])
    def after(self) -> str | None:
        return self.word.after


@strawberry.type(description="What one feed changed of an entry.")
class BookChange:
    word: strawberry.Private[ChangeWord]

    @strawberry.field(description="Unique within the entry.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.word.id)

    @strawberry.field(description="What the feed did to it.")
    def kind(self) -> ChangeKind:
        return self.word.kind

    @strawberry.field(description="When we read it.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="When the insurer made the feed.")
    def as_of(self) -> datetime:
        return self.word.as_of

    @strawberry.field(description="How the insurer told it.")
    def source(self) -> FeedSource:
        return self.word.source

    @strawberry.field(description="The reading of the feed that brought it (`BookFeedRun.id`).")
    def run_id(self, info: Info) -> strawberry.ID:
        return info.context.ids.seal("BookFeedRun", self.word.run)

    @strawberry.field(description="What changed; empty for what vanished or returned as it was.")
    def fields(self) -> list[BookFieldChange]:
        return [BookFieldChange(word=field) for field in self.word.fields]


@strawberry.type(description="Edge of a page of changes.")
class BookChangeEdge:
    cursor: str = strawberry.field(description="Where this change stands; pass it as `after`.")
    node: BookChange = strawberry.field(description="The change.")


@strawberry.type(description="Page of changes, newest first.")
class BookChangeConnection:
    edges: list[BookChangeEdge] = strawberry.field(description="The changes of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


@strawberry.type(description="What an agent wrote down about an entry, or what was done about it.")
class BookNote:
    word: strawberry.Private[NoteWord]

    @strawberry.field(description="Unique within the entry.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.word.id)

    @strawberry.field(description="Who wrote or did it.", directives=[PERSONAL])
    def author_name(self) -> str:
        return self.word.author_name

    @strawberry.field(description="When it was written or done.")
    def at(self) -> datetime:
        return self.word.at

    @strawberry.field(description="What was written, or what was done, in words.", directives=[PERSONAL])
    def text(self) -> str:
        return self.word.text


@strawberry.type(description="Edge of a page of notes.")
class BookNoteEdge:
    cursor: str = strawberry.field(description="Where this note stands; pass it as `after`.")
    node: BookNote = strawberry.field(description="The note.")


@strawberry.type(description="Page of notes, newest first.")
class BookNoteConnection:
    edges: list[BookNoteEdge] = strawberry.field(description="The notes of this page.")
    page_info: PageInfo = strawberry.field(description="What comes before and after.")


async def changes(info: Info, entry: str, *, first: int, after: str | None) -> BookChangeConnection:
    own = Cursors(info.context.ids, "changes", entry)
    before = own.behind(after)
    found, more = await info.context.book.changes.load((entry, clamped(first), before))
    cursors = [own.seal(change.id) for change in found]
    edges = [
        BookChangeEdge(cursor=cursor, node=BookChange(word=word)) for cursor, word in zip(cursors, found, strict=True)
    ]
    return BookChangeConnection(edges=edges, page_info=facts(cursors, more_before=before is not None, more_after=more))


async def notes(info: Info, entry: str, *, first: int, after: str | None) -> BookNoteConnection:
    own = Cursors(info.context.ids, "notes", entry)
    before = own.behind(after)
    found, more = await info.context.book.notes.load((entry, clamped(first), before))
    cursors = [own.seal(note.id) for note in found]
    edges = [BookNoteEdge(cursor=cursor, node=BookNote(word=word)) for cursor, word in zip(cursors, found, strict=True)]
    return BookNoteConnection(edges=edges, page_info=facts(cursors, more_before=before is not None, more_after=more))

"""Documents that insurers hand out."""

import strawberry

from insurers.document import Document as DocumentWord
from insurers.identity import PolicyRef
from schema.context import Info
from schema.directives import ENTITY, PERSONAL
from schema.lasting import lasting
from schema.node import Node
from schema.scalars import URL


@lasting()
@strawberry.type(
    description="A document of an insurer: a certificate, an important-matters statement.", directives=[ENTITY]
)
class Document(Node):
    node_type = "Document"
    word: strawberry.Private[DocumentWord]
    ref: strawberry.Private[PolicyRef]
    renewal: strawberry.Private[str]

    def node_parts(self) -> tuple[str, ...]:
        return self.ref.insurer, str(self.ref.number), self.word.id, self.renewal

    @strawberry.field(description="What it is called.")
    def title(self) -> str:
        return self.word.title

    @strawberry.field(
        description="Opens it for a quarter of an hour, in any browser, without a token. Fetching it counts as"
        " opening.",
        directives=[PERSONAL],
    )
    def url(self, info: Info) -> URL | None:
        asker = info.context.loaders.readings.reader(self.ref)
        if asker is None:
            return None
        return URL(info.context.host.reading.document_url(asker, self.ref, self.word.id, renewal=self.renewal or None))

    @strawberry.field(description="Its kind of file, such as `application/pdf`.")
    def media_type(self) -> str:
        return self.word.media_type

    @strawberry.field(description="How many pages it has, where the insurer says so.")
    def pages(self) -> int | None:
        return self.word.pages

    @strawberry.field(description="Hash of its bytes: the version that a confirmation is bound to.")
    def sha256(self) -> str:
        return self.word.sha256

    @strawberry.field(description="The insurer's name for this version.")
    def version(self) -> str | None:
        return self.word.version

"""Short texts for people, told with their language."""

import strawberry

from insurers.text import Text
from schema.context import Info
from schema.scalars import Locale


@strawberry.type(description="A note in the viewer's language.")
class LocalizedNote:
    text: str = strawberry.field(description="The note itself.")
    locale: Locale = strawberry.field(description="The language it is in.")

    @classmethod
    def of(cls, info: Info, text: Text) -> "LocalizedNote":
        return cls(text=info.context.say(text), locale=Locale(info.context.language))

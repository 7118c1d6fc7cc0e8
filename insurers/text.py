"""Words for people, in Japanese and English."""

from enum import StrEnum

from msgspec import Struct


class Language(StrEnum):
    """The languages in which Tabane itself speaks."""

    JA = "ja"
    EN = "en"

    # An enum's own is written in Python, and what differs by language is looked up with each request.
    __hash__ = str.__hash__


class Text(Struct, frozen=True, gc=False):
    """One thing said in both languages."""

    ja: str
    en: str

    def to(self, language: Language) -> str:
        return self.ja if language is Language.JA else self.en

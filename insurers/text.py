"""Words for people, in Japanese and English."""

from enum import StrEnum

from msgspec import Struct


class Language(StrEnum):
    """The languages in which Tabane itself speaks."""

    JA = "ja"
    EN = "en"


class Text(Struct, frozen=True, gc=False):
    """One thing said in both languages."""

    ja: str
    en: str

    def to(self, language: Language) -> str:
        return self.ja if language is Language.JA else self.en

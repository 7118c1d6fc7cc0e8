"""What is said of settings that cannot stand: one sentence for each, and never the value."""

from collections.abc import Iterable

from pydantic_core import ErrorDetails, PydanticCustomError

from insurers.text import Text

PREFIX = "TABANE_"


class WrongSettings(Exception):
    """The gateway cannot start as it was told to. Says one sentence for each wrong setting, and no value."""

    def __init__(self, sentences: Iterable[Text]) -> None:
        self.sentences = tuple(sentences)
        super().__init__(*(sentence.en for sentence in self.sentences))

    @classmethod
    def of(cls, errors: Iterable[ErrorDetails]) -> "WrongSettings":
        return cls(_sentence(error) for error in errors if error["type"] not in _CONSEQUENCES)


def refused(ja: str, en: str) -> PydanticCustomError:
    """Answer an error for a validator to raise, in words that follow the setting's name and a colon."""
    return PydanticCustomError("refused", "refused", {"ja": ja, "en": en})


def unwritable() -> WrongSettings:
    """Answer what is raised where the data folder cannot be made or written."""
    said = Text(
        f"{PREFIX}DATA_FOLDER: 書き込めるフォルダーを指定してください。",
        f"{PREFIX}DATA_FOLDER: it must be a folder that can be written.",
    )
    return WrongSettings([said])


def damaged(name: str) -> WrongSettings:
    """Answer what is raised where a file of keys in the data folder cannot be read."""
    said = Text(
        f"{PREFIX}DATA_FOLDER: フォルダーの {name} が壊れています。バックアップから戻してください。"
        "何も保存していなければ、削除すると新しい鍵が作られます。",
        f"{PREFIX}DATA_FOLDER: {name} in it is damaged. Bring it back from a backup; where nothing was kept yet,"
        " remove it, and another is made.",
    )
    return WrongSettings([said])


# A default that could not be worked out, because the setting it follows from is itself wrong.
_CONSEQUENCES = frozenset({"default_factory_not_called"})

# What is expected, by pydantic's type of error. The values in braces are pydantic's own limits.
_EXPECTED = {
    "literal_error": ("{expected} のいずれかを指定してください", "it must be one of {expected}"),
    "enum": ("{expected} のいずれかを指定してください", "it must be one of {expected}"),
    "bool_parsing": ("true か false を指定してください", "it must be true or false"),
    "int_parsing": ("整数を指定してください", "it must be a whole number"),
    "finite_number": ("数を指定してください", "it must be a number"),
    "float_parsing": ("数を指定してください", "it must be a number"),
    "greater_than": ("{gt:g} より大きい値を指定してください", "it must be more than {gt:g}"),
    "greater_than_equal": ("{ge:g} 以上の値を指定してください", "it must be {ge:g} or more"),
    "less_than_equal": ("{le:g} 以下の値を指定してください", "it must be {le:g} or less"),
    "string_too_short": ("空にはできません", "it must not be empty"),
    "refused": ("{ja}", "{en}"),
}
_OTHERWISE = ("値を読み取れません", "its value cannot be read")


def _sentence(error: ErrorDetails) -> Text:
    name = PREFIX + str(error["loc"][0]).upper()
    ja, en = _EXPECTED.get(error["type"], _OTHERWISE)
    limits = error.get("ctx", {})
    return Text(f"{name}: {ja.format(**limits)}。", f"{name}: {en.format(**limits)}.")

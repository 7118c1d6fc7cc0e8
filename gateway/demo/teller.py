"""How the story is told: chapters, steps, and what was verified."""

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

NOTE_INDENT = 6


class Failed(Exception):
    """The story cannot go on; says why."""


class Unverified(Failed):
    """Something was said to be done, and reading it back says otherwise."""


class Teller:
    def __init__(self, console: Console) -> None:
        self.console = console
        self.verified = 0
        self._chapter = 0

    def chapter(self, japanese: str, english: str) -> None:
        self._chapter += 1
        title = Text.assemble((f"{self._chapter}  {japanese}  ", "bold cyan"), (english, "bold"))
        self.console.print()
        self.console.print(Rule(title, align="left", style="cyan"))

    def say(self, words: str) -> None:
        self.console.print(Text(words, style="dim"))

    def scene(self, words: str) -> None:
        self.console.print()
        self.console.print(Text(words, style="bold"))

    def step(self, title: str, notes: str) -> None:
        words = Text.assemble(("› ", "cyan"), title, "  ", (notes, "dim"))
        self.console.print(Padding(words, (0, 0, 0, 2)))

    def note(self, words: str) -> None:
        self.console.print(Padding(Text(words, style="dim", overflow="fold"), (0, 0, 0, NOTE_INDENT)))

    def check(self, words: str, *, expected: object, actual: object) -> None:
        """
        Tell what was read back.

        Raises:
            Unverified: it is not what it should be.
        """
        if expected != actual:
            raise Unverified(f"{words}: {actual!r} was read back, {expected!r} was expected")
        self.verified += 1
        self.console.print(Padding(Text.assemble(("✓ ", "green"), words), (0, 0, 0, 2)))

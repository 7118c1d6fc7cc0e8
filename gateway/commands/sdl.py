"""`tabane schema`"""

import sys
from difflib import unified_diff
from pathlib import Path

from rich.console import Console

import schema


def show() -> None:
    sys.stdout.write(schema.sdl())


def check(file: Path) -> None:
    published = file.read_text(encoding="utf-8") if file.is_file() else ""
    current = schema.sdl()
    if published == current:
        Console().print(f"{file}: 最新です。 It is current.")
        return
    sys.stdout.writelines(
        unified_diff(published.splitlines(True), current.splitlines(True), f"{file} (published)", "(code)")
    )
    Console(stderr=True).print(
        f"{file}: 古くなっています。 It is not current: tabane schema print > {file}", style="red", soft_wrap=True
    )
    sys.exit(1)

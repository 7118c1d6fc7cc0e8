"""`tabane schema`"""

import sys
from difflib import unified_diff
from pathlib import Path

import graphql
from rich.console import Console

import schema
from schema import publishing, releases


def show() -> None:
    sys.stdout.write(schema.sdl())


def publish(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    publishing.publish(schema.build(), folder)


def check(folder: Path) -> None:
    stale = publishing.stale(schema.build(), folder)
    for name, (standing, current) in stale.items():
        sys.stdout.writelines(
            unified_diff(standing.splitlines(True), current.splitlines(True), f"{name} (published)", "(code)")
        )
        _complain(f"{folder / name}: 古くなっています。 It is not current: tabane schema publish")
    changes = releases.since_last(graphql.build_schema(schema.sdl()))
    for breaking in changes.breaking:
        _complain(f"{changes.release} → 互換性がありません。 It breaks clients: {breaking.description}")
    out = Console()
    for dangerous in changes.dangerous:
        out.print(f"{changes.release} → 注意: {dangerous.description}", soft_wrap=True, highlight=False)
    if stale or changes.breaking:
        sys.exit(1)
    out.print(f"{folder}: 最新です。 It is current, and breaks nothing of {changes.release}.")


def _complain(words: str) -> None:
    Console(stderr=True).print(words, style="red", soft_wrap=True)

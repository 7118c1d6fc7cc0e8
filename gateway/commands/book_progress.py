"""How far the reading of feeds is: bars at a terminal, plain lines elsewhere."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from gateway.commands import book_words
from insurers.book import FeedRun, RunState

# Elsewhere than at a terminal a line is written only this often.
RECORDS_PER_LINE = 10_000

_STATES = {RunState.DONE: "完了 done", RunState.FAILED: "失敗 failed", RunState.RUNNING: "待機中 waiting"}


class Following:
    """Shows one line for each reading while it goes on, and what came of it."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: dict[tuple[str, str], TaskID] = {}
        self._told: dict[str, int] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._progress.stop()

    def heard(self, run: FeedRun) -> None:
        title = f"{run.agency} {run.insurer}"
        key = run.agency, run.insurer
        if key not in self._bars:
            self._bars[key] = self._progress.add_task(title, total=None)
        self._progress.update(self._bars[key], completed=run.read, total=run.total)
        if not self._console.is_terminal and run.read - self._told.get(run.id, 0) >= RECORDS_PER_LINE:
            self._told[run.id] = run.read
            self._say(f"{title}: {run.read:,}" + (f" / {run.total:,}" if run.total is not None else ""))

    def ended(self, run: FeedRun) -> None:
        self._say(
            f"{run.agency} {run.insurer}: {_STATES[run.state]} — 読取 read {run.read:,}, 追加 added {run.added:,}, "
            f"変更 changed {run.changed:,}, 変更なし unchanged {run.unchanged:,}, 消滅 gone {run.vanished:,}, "
            f"不備 flawed {run.flawed:,}"
        )
        if (words := book_words.told(run)) is not None:
            self._say(f"  {words.ja}\n  {words.en}")

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True, markup=False)

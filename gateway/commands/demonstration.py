"""`tabane demo`"""

import asyncio
import logging
import tempfile

from rich.console import Console

from gateway import demo, settings, telemetry
from gateway.settings import LogFormat

# Wide enough for all plans in one table, where nobody watches at a terminal.
PAPER_WIDTH = 120


def run() -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = PAPER_WIDTH
    telemetry.set_up(LogFormat.CONSOLE, level=logging.WARNING)
    # The town is the demonstration's own, whatever the operator has set for another, and leaves nothing behind.
    with tempfile.TemporaryDirectory(prefix="tabane-demo-") as folder:
        read = settings.read(settings.Given, data_folder=folder)
        asyncio.run(demo.run(console, read))

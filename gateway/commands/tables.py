"""`tabane db`"""

import asyncio

from rich.console import Console

from gateway import settings, store, telemetry


def upgrade() -> None:
    read = settings.read()
    telemetry.set_up(read.log_format)
    settings.make_data_folder(read)
    asyncio.run(store.upgrade(read.database_url.get_secret_value()))
    Console().print("データベースは最新です。 The tables are up to date.")

"""`tabane token`"""

import sys
from datetime import timedelta

from gateway import settings, tokens
from gateway.development import now


def run(customer: str | None, *, agent: str | None, minutes: int, port: int | None) -> None:
    read = settings.at(port)
    _, issuer = tokens.embedded(read, now)
    sys.stdout.write(issuer.mint(customer, agent=agent, lifetime=timedelta(minutes=minutes)) + "\n")

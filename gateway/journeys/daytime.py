"""The hours of a day, in Tokyo, at which people may be written to unasked."""

from datetime import datetime, timedelta

from msgspec import Struct

from insurers.hours import TOKYO


class Daytime(Struct, frozen=True, kw_only=True):
    """From the first hour on, and until before the last one."""

    opens: int
    closes: int

    def covers(self, moment: datetime) -> bool:
        return self.opens <= moment.astimezone(TOKYO).hour < self.closes

    def since(self, moment: datetime) -> datetime:
        """Answer *moment*, or when the next day begins where it is at night."""
        if self.covers(moment):
            return moment
        tokyo = moment.astimezone(TOKYO)
        opening = tokyo.replace(hour=self.opens, minute=0, second=0, microsecond=0)
        return opening if tokyo < opening else opening + timedelta(days=1)

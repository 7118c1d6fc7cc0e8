"""One look-up for each insurer in an operation, however many fields ask."""

from propcache.api import cached_property

from insurers.account import Link
from insurers.identity import PolicyRef
from insurers.policy import Policy, RenewalOffer
from insurers.renewal import Renewal
from schema.loader import Loader, Lookup
from schema.ports import Asker, Host
from schema.readings import Readings


class Loaders:
    """The loaders of one operation; most want one of them. `readings` is what these have read."""

    def __init__(self, host: Host, asker: Asker | None) -> None:
        self.readings = Readings(host, asker)

    @cached_property
    def policy(self) -> Lookup[PolicyRef, Policy | None]:
        return Lookup(self.readings.policies)

    @cached_property
    def offer(self) -> Lookup[PolicyRef, RenewalOffer | None]:
        return Lookup(self.readings.offers)

    @cached_property
    def renewal(self) -> Loader[PolicyRef, Renewal | None]:
        return Loader(self.readings.renewals)

    @cached_property
    def links(self) -> Loader[None, list[Link]]:
        return Loader(self.readings.links)

"""Where findings belong by descriptions of the API: to operations."""
from __future__ import annotations

from httplint.configuration.settings import Settings
from httplint.configuration.where import Hosts
from httplint.description.matching import Descriptions
from httplint.description.reading import describe
from httplint.engine.report import Place, Placing
from httplint.model.exchange import Exchange
from httplint.report.kind import place_by_request


class FirstParty:
    """Whether a host is among those whose findings are reported. One that the project has a name for is."""

    __slots__ = ("_hosts",)

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    def __call__(self, host: str) -> bool:
        scheme, _, authority = host.rpartition("://")
        return not scheme or self._hosts.fits(authority)


class ByOperation:
    """Says where the findings on an exchange belong: to the path template of the operation, if it belongs to one."""

    __slots__ = ("_placing", "descriptions")

    def __init__(self, descriptions: Descriptions, placing: Placing) -> None:
        """`placing`: what says it otherwise."""
        self.descriptions = descriptions
        self._placing = placing

    def __call__(self, exchange: Exchange) -> Place:
        host, method, path = self._placing(exchange)
        request = exchange.request
        template = None if request is None else self.descriptions.template(host, request)
        return host, method, path if template is None else template


def by_operation(settings: Settings) -> ByOperation:
    """What says it for the descriptions that settings name. Raises DescriptionError."""
    names, own = settings.host_names(), settings.own_hosts()
    descriptions = Descriptions(describe(settings.api), str if names is None else names.name,
                                None if own is None else FirstParty(own))
    return ByOperation(descriptions, names or place_by_request)

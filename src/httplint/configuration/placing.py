"""Where findings belong, where the request alone does not tell: under the names that a project has for its hosts.

A test run has its server at 127.0.0.1:8901, the next one at app:8000. Reports, fingerprints and baselines know findings
by their host, so `[hosts]` gives these one name. A name stands for hosts whatever the scheme, and wherever settings
choose hosts by patterns, it stands for its own.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from httplint.configuration.where import Hosts
from httplint.engine.report import Place
from httplint.model.exchange import Exchange
from httplint.model.target import host_of
from httplint.report.kind import place_by_request


class HostNames:
    """The names that a project has for hosts."""

    __slots__ = ("_named", "name")

    def __init__(self, names: Mapping[str, Iterable[str]]) -> None:
        """`names`: name -> patterns of hosts, of which the first that fits counts. Raises PatternError."""
        self._named = [(name, Hosts(patterns)) for name, patterns in names.items()]
        self.name = lru_cache(4096)(self._name)
        """The name of a host, which stands behind its scheme; the same text where it has none."""

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), ({name: hosts.patterns for name, hosts in self._named},)

    def _name(self, host: str) -> str:
        bare = host_of(host)
        return next((name for name, hosts in self._named if bare and hosts.fits(bare)), host)

    def __call__(self, exchange: Exchange) -> Place:
        """Where the findings on an exchange belong."""
        host, method, path = place_by_request(exchange)
        return self.name(host), method, path

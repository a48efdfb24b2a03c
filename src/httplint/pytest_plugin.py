"""The pytest plugin: its options, its marker and its fixture. What watches a run is loaded when it is asked for.

    pytest --httplint

pytest loads this module in every run of an environment that has httplint, so it imports nothing but pytest and the
words for severities.
"""
from __future__ import annotations

from collections.abc import Iterator

import pytest

from httplint.model.severity import THRESHOLDS

TYPE_CHECKING = False                                      # not from typing, whose import takes a while
if TYPE_CHECKING:
    from httplint.testing.fixture import Checker

MARKER = ("httplint(select, ignore, fail_on): which rules of httplint judge the traffic of the test, as prefixes of "
          "rule ids, and from which severity on a finding fails it (error, warning, info, never)")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options; without --httplint the others have no effect, so that they may stand in addopts."""
    group = parser.getgroup("httplint", "conformance of HTTP traffic (httplint)")
    group.addoption("--httplint", action="store_true",
                    help="lint the HTTP responses that pass through httpx, requests, urllib3, aiohttp and the test "
                         "clients of Flask, Django, Starlette and FastAPI")
    group.addoption("--httplint-fail-on", choices=THRESHOLDS, metavar="SEVERITY",
                    help="fail tests for findings of this severity and above: error (default), warning, info, never")
    group.addoption("--httplint-select", action="append", default=[], metavar="PREFIX[,…]",
                    help="only rules whose id begins so; the longest prefix wins")
    group.addoption("--httplint-ignore", action="append", default=[], metavar="PREFIX[,…]",
                    help="all but rules whose id begins so")
    group.addoption("--httplint-profile", action="append", default=[], metavar="NAME[,…]",
                    help="rules for a purpose: default, api, browser, security, or strict (all, previews too)")
    group.addoption("--httplint-config", metavar="FILE",
                    help="the configuration of httplint (default: httplint.toml, or pyproject.toml with "
                         "[tool.httplint], in the root directory or the nearest one above)")
    group.addoption("--httplint-isolated", action="store_true", help="take no configuration of httplint")
    parser.addini("httplint_config", "the configuration of httplint, relative to this file", default="")
    group.addoption("--httplint-rules", action="append", default=[], metavar="DIR", help="rule files of your own")
    group.addoption("--httplint-api", action="append", default=[], metavar="FILE",
                    help="a description of the API (OpenAPI as YAML or JSON): tell which of its operations and status "
                         "codes the tests never showed; with -v, all of them")
    group.addoption("--httplint-output", action="append", default=[], metavar="FORMAT:FILE",
                    help="write the findings of the run to a file; the formats are those of httplint check --output")
    group.addoption("--httplint-coverage", action="store_true",
                    help="tell which requirements of the specifications the traffic has exercised; with -v, list them")


def pytest_configure(config: pytest.Config) -> None:
    """Registers the marker, and with --httplint the plugin that watches."""
    config.addinivalue_line("markers", MARKER)
    if config.getoption("--httplint"):
        from httplint.testing.session import Session
        config.pluginmanager.register(Session(config), "httplint-session")


@pytest.fixture
def httplint(request: pytest.FixtureRequest) -> Iterator[Checker]:
    """Judges responses: `httplint.check(response)` raises AssertionError for errors; `httplint.reports` has all.

    It takes whatever `httplint.lint` takes, and works without --httplint, too; with it, `reports` has also those of
    the traffic that was watched.
    """
    from httplint.testing.fixture import checker
    yield from checker(request)

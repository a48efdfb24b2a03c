"""What pytest says of a run and of a test: the judge that its options ask for, and the criteria that markers change."""
from __future__ import annotations

from collections.abc import Iterable

import pytest

from httplint.configuration.finding import find
from httplint.configuration.settings import Settings, load
from httplint.model.errors import SetupError
from httplint.model.severity import THRESHOLDS
from httplint.report.escape import printable
from httplint.testing.judge import Criteria, Judge

KEYS = frozenset(("select", "ignore", "fail_on"))

JUDGE = pytest.StashKey[Judge]()


class MarkerError(SetupError, ValueError):
    """A marker that cannot be understood; the message says why."""


def judge(config: pytest.Config) -> Judge:
    """The one judge of this run. Raises pytest.UsageError for options that choose no rules, or broken ones."""
    if JUDGE not in config.stash:
        process = getattr(config, "workerinput", {}).get("workerid", "")
        try:
            config.stash[JUDGE] = Judge(_project(config), config.getoption("--httplint-coverage"), process)
        except SetupError as error:
            raise pytest.UsageError(f"httplint: {printable(str(error))}") from None
    return config.stash[JUDGE]


def _project(config: pytest.Config) -> Settings:
    """The settings of all tests: the configuration, under the command line. Raises ConfigurationError."""
    path, found = _configuration(config)
    settings = Settings() if path is None else load(path, found)
    return settings.with_options({
        "select": config.getoption("--httplint-select"), "ignore": config.getoption("--httplint-ignore"),
        "profile": config.getoption("--httplint-profile"), "rules": config.getoption("--httplint-rules"),
        "api": config.getoption("--httplint-api"),
        "fail-on": config.getoption("--httplint-fail-on")})


def _configuration(config: pytest.Config) -> tuple[str | None, bool]:
    """The file: what the command line names, else what pytest's configuration names, else what is found upwards.

    And whether it was found.
    """
    if config.getoption("--httplint-isolated"):
        return None, False
    named: str | None = config.getoption("--httplint-config")
    if named:
        return str(config.invocation_params.dir / named), False
    named = config.getini("httplint_config")
    if named:
        return str((config.inipath.parent if config.inipath is not None else config.rootpath) / named), False
    return find(config.rootpath), True


def criteria_of(item: pytest.Item, criteria: Criteria) -> Criteria:
    """What the markers of a test make of the criteria; the nearest marker has the last word. Raises MarkerError."""
    for mark in reversed(list(item.iter_markers("httplint"))):
        unknown = mark.kwargs.keys() - KEYS
        if mark.args or unknown:
            what = f"has no argument {min(unknown)!r}" if unknown else "takes its arguments by name only"
            raise MarkerError(f"the marker httplint {what}; it has select, ignore and fail_on")
        fail_on = mark.kwargs.get("fail_on")
        if fail_on is not None and fail_on not in THRESHOLDS:
            raise MarkerError(f"the marker httplint has fail_on={fail_on!r}; expected one of {', '.join(THRESHOLDS)}")
        criteria = criteria.changed(_prefixes(mark.kwargs.get("select", ())),
                                    _prefixes(mark.kwargs.get("ignore", ())), fail_on)
    return criteria


def _prefixes(text: object) -> tuple[str, ...]:
    items: Iterable[object] = (text,) if isinstance(text, str) else text if isinstance(text, Iterable) else ()
    return tuple(part.strip() for item in items for part in str(item).split(",") if part.strip())

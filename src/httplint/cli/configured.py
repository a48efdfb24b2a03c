"""What the command line and the configuration say together."""
from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from httplint.configuration import DEFAULTS
from httplint.configuration.finding import find
from httplint.engine.obsolete import Catalogue
from httplint.library import Linter, rules_from

if TYPE_CHECKING:
    from httplint.configuration.settings import Settings

OPTIONS = {"select": "select", "ignore": "ignore", "profile": "profile", "rules": "rules", "severity": "severity",
           "confidence": "confidence",
           "fail-on": "fail_on", "show": "show", "outputs": "output", "baseline": "baseline", "api": "api"}
"""Key of the configuration -> the option that has a say in it, as argparse names it."""


def settings_of(arguments: argparse.Namespace) -> Settings | None:
    """The settings of the configuration that holds, under the command line. None where neither says what needs them.

    Options that were not given take the value that holds. Raises ConfigurationError.
    """
    path = None if arguments.isolated else arguments.config or find()
    options = given(arguments)
    settings = None
    if path is not None or options["baseline"] or options["api"]:
        from httplint.configuration.settings import Settings, load
        settings = (Settings() if path is None else load(path, found=not arguments.config)).with_options(options)
        for key, option in OPTIONS.items():
            if hasattr(arguments, option):
                value = getattr(settings, key.replace("-", "_"))
                setattr(arguments, option, list(value) if isinstance(value, tuple) else value)
    for key, default in DEFAULTS.items():
        if getattr(arguments, OPTIONS[key], "") is None:
            setattr(arguments, OPTIONS[key], default)
    return settings


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """Key -> the value of its option; empty, or None, where it was not given."""
    return {key: getattr(arguments, option, None) for key, option in OPTIONS.items()}


def linter(arguments: argparse.Namespace) -> Linter:
    """The linter that the settings ask for. Raises SetupError."""
    settings = settings_of(arguments)
    if settings is not None:
        return Linter(config=settings)
    return Linter(arguments.select, arguments.ignore, arguments.rules, arguments.profile)


def catalogue(arguments: argparse.Namespace) -> Catalogue:
    """All rules, with those that the settings name. Raises SetupError."""
    settings_of(arguments)
    return rules_from(arguments.rules)

"""What a user has asked for, as reports tell it: the command line again, with what bears on the findings."""
from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator

from httplint.configuration import DEFAULTS
from httplint.report.masker import Masker
from httplint.report.paths import relative

VALUES = ("profile", "select", "ignore", "rules", "config", "severity", "confidence", "fail_on", "baseline", "api",
          "show", "method", "range", "timeout", "max_size", "max_requests", "max_time",
          "from", "sitemap", "server", "host", "max_urls", "check")
PATHS = frozenset({"api", "baseline", "config", "from", "rules"})
FLAGS = ("isolated", "octets", "show_secrets", "conditional", "gzip", "http2", "insecure", "follow",
         "unsafe", "netrc")
"""Options that bear on what is found and shown, by their names on the command line. Headers and contents that are sent
stay away, and so does what makes no difference: outputs, colours, the number of processes."""


def command(verb: str, arguments: argparse.Namespace, masker: Masker) -> str:
    """The command line, without secrets, for a shell."""
    return shlex.join(("httplint", verb, *_operands(arguments, masker), *_options(arguments, masker)))


def _operands(arguments: argparse.Namespace, masker: Masker) -> Iterator[str]:
    for path in sorted(map(str, getattr(arguments, "paths", ()))):  # their order makes no difference
        yield masker.path(relative(path))
    for url in getattr(arguments, "urls", ()):
        yield masker.text(url)


def _options(arguments: argparse.Namespace, masker: Masker) -> Iterator[str]:
    usual = {name.replace("-", "_"): value for name, value in DEFAULTS.items()}
    for name in VALUES:
        value = getattr(arguments, name, None)
        for one in value if isinstance(value, (list, tuple)) else [value]:
            if one is not None and one != usual.get(name):
                yield from (_option(name), masker.path(relative(str(one)) if name in PATHS else str(one)))
    for name in FLAGS:
        if getattr(arguments, name, False):
            yield _option(name)


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"

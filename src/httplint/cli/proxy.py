"""`httplint proxy`: starts mitmproxy with the addon, and with the options that let it see most."""
from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from httplint.cli import configured
from httplint.cli.addon_path import addon_path
from httplint.cli.main import fail
from httplint.model import installation
from httplint.model.errors import SetupError
from httplint.model.files import cause
from httplint.report.formats import FormatError, parse
from httplint.run import CLEAN

PROGRAMS = {"dump": "mitmdump", "console": "mitmproxy", "web": "mitmweb"}
"""--ui -> the program of mitmproxy."""

VERBOSE = ("-v", "--verbose")
LOGGED = ("httplint_connections", "termlog_verbosity=")
"""Arguments, and how options begin, by which its user says what mitmproxy is to tell of itself."""


class Missing(Exception):
    """There is no mitmproxy that could load the addon; the message says what to do."""


def run(arguments: argparse.Namespace) -> int:
    """Becomes mitmproxy; returns the exit code where that cannot be."""
    try:
        configured.linter(argparse.Namespace(**vars(arguments)))     # the addon reads the configuration itself
        for output in arguments.output:
            parse(output)
    except (SetupError, FormatError) as error:
        return fail(str(error))
    try:
        command = [find(PROGRAMS[arguments.ui]), *options(arguments)]
    except Missing as missing:
        return fail(str(missing))
    if arguments.print_command:
        print(shlex.join(command))
        return CLEAN
    sys.stdout.flush()
    try:
        if os.name != "nt":                                # exec there returns to the shell at once
            os.execv(command[0], command)  # noqa: S606 - what the user asked for
        return subprocess.call(command)  # noqa: S603
    except OSError as error:
        return fail(f"{command[0]} cannot be started: {cause(error)}")


def options(arguments: argparse.Namespace) -> list[str]:
    """The options for mitmproxy."""
    out = ["--set", "validate_inbound_headers=false", "-s", str(addon_path())]
    out += ["--listen-host", arguments.listen_host] if arguments.listen_host else []
    out += ["--listen-port", str(arguments.port)] if arguments.port is not None else []
    for mode in arguments.mode:
        out += ["--mode", mode]
    for name, value in _settings(arguments):
        out += ["--set", f"httplint_{name}={value}"]
    rest: list[str] = arguments.rest
    if not any(one in VERBOSE or one.removeprefix("--set=").startswith(LOGGED) for one in rest):
        out += ["--set", "httplint_connections=false"]
    return out + (rest[1:] if rest[:1] == ["--"] else rest)


def _settings(arguments: argparse.Namespace) -> Iterator[tuple[str, str]]:
    for name in ("select", "ignore", "profile", "output"):
        for value in getattr(arguments, name):
            yield name, value
    for directory in arguments.rules:
        yield "rules", os.path.abspath(directory)
    for description in arguments.api:
        yield "api", os.path.abspath(description)
    if arguments.isolated or arguments.config:
        yield "config", "" if arguments.isolated else os.path.abspath(arguments.config)
    for name in ("severity", "confidence", "fail_on"):
        if getattr(arguments, name) is not None:
            yield name, getattr(arguments, name)
    yield "live", arguments.live
    if arguments.show_secrets:
        yield "show_secrets", "true"
    if arguments.show:
        yield "show_not_evaluated", "true"


def find(program: str) -> str:
    """The path of a program of mitmproxy that can load the addon: beside this Python, else on PATH. Raises Missing."""
    beside = shutil.which(program, path=os.pathsep.join((sysconfig.get_path("scripts"),
                                                         os.path.dirname(sys.executable))))
    if beside:
        return beside
    elsewhere = shutil.which(program)
    if elsewhere is None:
        raise Missing(f"{program} is not installed: {installation.command('mitmproxy')}")
    python = _interpreter(elsewhere)
    if python is None:
        raise Missing(f"{elsewhere} brings a Python of its own and cannot load httplint; install both together: "
                      f"{installation.command('mitmproxy')}")
    if not _has_httplint(python):
        there = installation.command(pip=f"{shlex.quote(python)} -m pip install")
        pipx = installation.command(pip="pipx inject mitmproxy")
        raise Missing(f"{elsewhere} cannot load httplint; install it there: {there} (with pipx: {pipx})")
    return elsewhere


def _interpreter(script: str) -> str | None:
    """The Python that a script names in its first line; None for a program without such a line."""
    try:
        with Path(script).open("rb") as stream:
            first, second = stream.readline(1000), stream.readline(1000)
    except OSError:
        return None
    if not first.startswith(b"#!"):
        return None
    words = shlex.split(first[2:].decode("utf-8", "replace"))
    if words[:1] == ["/bin/sh"] and second.startswith(b"'''exec' "):    # pip's way around long paths
        words = shlex.split(second.decode("utf-8", "replace").removeprefix("'''exec' "))
    return words[0] if words and "python" in os.path.basename(words[0]) else None


def _has_httplint(python: str) -> bool:
    try:
        done = subprocess.run([python, "-c", "import httplint.library"], capture_output=True, check=False,  # noqa: S603
                              timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0

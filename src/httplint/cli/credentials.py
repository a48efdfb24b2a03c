"""What a user wants sent: field lines, and credentials, which go to the host that they belong to and to no other.

A credential that is said on the command line belongs to the one scheme, host and port that is asked; where several are,
nobody knows to which, and it is refused. What a netrc file says belongs to the host that it names there. Nothing of
them is quoted in an error.
"""
from __future__ import annotations

import argparse
import base64
import os
import re
import stat
import sys
from collections.abc import Collection, Iterable, Iterator
from netrc import NetrcParseError, netrc

from httplint.capture import fetching
from httplint.capture.fetching import Place, Unfit
from httplint.model.files import cause, octets_of
from httplint.probe.target import Line, named, origin
from httplint.report import secrets

LIMIT = 1 << 20
"""Octets of a file of field lines."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
AUTHORIZATION = "Authorization"


class Sending:
    """The field lines for each place that is asked."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        """Raises Unfit."""
        lines = [line for text in arguments.header for line in _written(text)]
        own = [] if arguments.auth is None else [(AUTHORIZATION, _basic(arguments.auth))]
        own += [] if arguments.bearer_env is None else [(AUTHORIZATION, _bearer(arguments.bearer_env))]
        authorizes = any(name.lower() == AUTHORIZATION.lower() for name, _ in lines)
        if own and authorizes:
            raise Unfit("Authorization is said twice: by --header, and by --auth or --bearer-env")
        self.lines = [*own, *lines]
        """What is sent wherever credentials are not said by host."""
        self._netrc = _netrc() if arguments.netrc and not own and not authorizes else None

    def check(self, places: Collection[Place]) -> None:
        """Whether it is known to whom credentials belong, and those of a netrc file belong to anybody. Raises Unfit."""
        self.check_origins(places)
        hosts = dict.fromkeys(place.host for place in places)
        if self._netrc is not None and self._netrc.keys().isdisjoint(hosts):
            raise Unfit(f"--netrc: the file has no entry for {' or '.join(hosts)}")

    def check_origins(self, places: Iterable[Place]) -> None:
        """Whether it is known to whom credentials belong. Raises Unfit."""
        origins = dict.fromkeys(map(origin, places))
        if len(origins) > 1 and any(value and secrets.in_line((name, value)) for name, value in self.lines):
            raise Unfit(f"credentials belong to one host, and {len(origins)} are asked "
                        f"({', '.join(map(named, origins))}): ask one after the other, or say them in a netrc file "
                        "(--netrc)")

    def to(self, place: Place) -> list[Line]:
        """What is sent to a place."""
        login = None if self._netrc is None else self._netrc.get(place.host)
        return self.lines if login is None else [(AUTHORIZATION, _encoded(*login)), *self.lines]


def _written(text: str) -> Iterator[Line]:
    """The lines of --header: one, or those of a file (@FILE). Raises Unfit."""
    if not text.startswith("@"):
        try:
            yield fetching.field(text)
        except Unfit as error:
            raise Unfit(f"--header: {error}; or @FILE") from None
        return
    path = os.path.expanduser(text[1:])
    try:
        octets = octets_of(path, LIMIT)
        lines = octets.decode("utf-8").splitlines()
    except OSError as error:
        raise Unfit(f"--header @{path}: cannot be read: {cause(error)}") from None
    except UnicodeDecodeError:
        raise Unfit(f"--header @{path}: not UTF-8") from None
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield fetching.field(line)
        except Unfit as error:
            raise Unfit(f"--header @{path}, line {number}: {error}") from None


def _basic(text: str) -> str:
    """Basic credentials (RFC 7617 §2) of USER:PASSWORD, or of USER, whose password is asked for. Raises Unfit."""
    user, colon, password = text.partition(":")
    if not colon:
        if not (sys.stdin is not None and sys.stdin.isatty()):
            raise Unfit("--auth wants USER:PASSWORD; a password alone is asked for on a terminal only")
        from getpass import getpass
        password = getpass("Password: ")
    if _CONTROL.search(user + password):
        raise Unfit("what --auth says holds control characters")
    return _encoded(user, password)


def _encoded(user: str, password: str) -> str:
    octets = f"{user}:{password}".encode("utf-8", "surrogateescape")
    return f"Basic {base64.b64encode(octets).decode('ascii')}"


def _bearer(name: str) -> str:
    """A token out of the environment (RFC 6750 §2.1). Raises Unfit."""
    token = os.environ.get(name, "").strip()
    if not token:
        raise Unfit("the environment has no variable that --bearer-env names; it wants a name, not the token itself")
    if not re.fullmatch(r"[\x21-\x7e]+", token):
        raise Unfit("the variable that --bearer-env names holds no token: spaces are in it, or more than ASCII")
    return f"Bearer {token}"


# -- netrc

def _netrc() -> dict[str, tuple[str, str]]:
    """Host -> user and password, of hosts that are named there; what is said for all others is passed over.

    Raises Unfit.
    """
    said = os.environ.get("NETRC")
    path = os.path.expanduser(said or "~/.netrc")
    try:
        if os.name == "posix" and not said and stat.S_IMODE(os.stat(path).st_mode) & 0o077:
            raise Unfit(f"--netrc: others may read {path}: chmod 600 {path}")
        found = netrc(path).hosts
    except NetrcParseError as error:                       # whose message may quote a password
        raise Unfit(f"--netrc: {path}, line {error.lineno}: not as a netrc file is written") from None
    except UnicodeDecodeError:
        raise Unfit(f"--netrc: {path}: not UTF-8") from None
    except OSError as error:
        raise Unfit(f"--netrc: {path}: cannot be read: {cause(error)}") from None
    return {host: (login, password or "") for host, (login, _, password) in found.items() if host != "default"}

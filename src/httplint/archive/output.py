"""The directory that an archive's tables are written to, so that a run can be interrupted and go on.

    archive.json            what the rows come from: another run must have the same
    parts/ID/TABLE.parquet  rows of whole captures; a table without rows has no file
    unfinished/ID/          parts that are being written
    lock                    which run writes

Theory. A part gets its place by one rename of its directory, when all of it is on the disk: what is in `parts` is
whole, and what is not is nothing. So which captures are done need not be kept elsewhere: their rows say it. The names
in the rows are without secrets. A capture whose own name has one has a part to itself, which is known by its ID: that
is a keyed hash of the names of its captures, and the key is in archive.json.

A process whose run was killed may go on for a while. It commits nothing any more, for before that it tells its run what
it has done; and it writes nothing into what another run makes, for an unfinished part has a name of its own.
"""
from __future__ import annotations

import json
import os
import shutil
import socket
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any

from httplint.archive.parts import UnfinishedPart, captures_in, failed, has_part, part_name, tables_of
from httplint.archive.provenance import provenance
from httplint.archive.rows import Recipe, row_name
from httplint.archive.tables import CAPTURES
from httplint.capture.outcome import Outcome
from httplint.model.unfinished import OutputError, WholeFile
from httplint.report.masker import Masker

KEY = "key"
"""What archive.json has beside what the rows come from."""
_TOLD = ("format", "httplint", "secrets")
"""What of it has values that tell people something."""
NOTE = 16 << 20
"""Octets of an archive.json that are read; no run writes as many."""
_OWN = ("lock", "archive.json.")
"""How names begin that a run may leave before there is an archive.json."""


class Destination:
    """The directory, locked until it is closed. `made`: what the rows come from, as plain data.

    Raises OutputError where it cannot be written, is another run's or somebody else's.
    """

    def __init__(self, path: str, made: dict[str, Any], shows: bool) -> None:
        """`shows`: rows have names with their secrets."""
        self.path = path
        self._masker = Masker(shows)
        self._lock: int | None = None
        self.was_killed = False
        """Whether it has what a run leaves that does not come to its end."""
        try:
            os.makedirs(path, exist_ok=True)
        except FileExistsError:
            raise OutputError(f"{path} is no directory", "it is no directory") from None
        except (OSError, ValueError) as error:             # ValueError: a name with NUL in it
            raise failed(path, error) from None
        try:
            self._refuse_strangers()
            self._take_lock()
            self.key = self._begin(made)
            for name in ("parts", "unfinished"):
                os.makedirs(os.path.join(path, name), exist_ok=True)
            self.was_killed = self._clear()
        except OSError as error:
            self.close()
            raise failed(path, error) from None
        except OutputError:
            self.close()
            raise

    def _refuse_strangers(self) -> None:
        names = os.listdir(self.path)
        if "archive.json" not in names and any(not name.startswith(_OWN) for name in names):
            raise OutputError(f"{self.path} holds other files, and no archive.json; name a directory that is new, "
                              "empty or one of httplint archive", "it holds other files")
        plain, directory = (stat.S_ISREG, "regular file"), (stat.S_ISDIR, "directory")
        for own, (is_own, what) in {"archive.json": plain, "lock": plain, "parts": directory,
                                    "unfinished": directory}.items():
            path = os.path.join(self.path, own)
            if own in names and not is_own(os.lstat(path).st_mode):      # what a link leads to is not ours
                raise OutputError(f"{path} is no {what}; name another directory", f"it is no {what}")

    def _take_lock(self) -> None:
        try:
            import fcntl
        except ImportError:                                # Windows
            return
        self._lock = os.open(os.path.join(self.path, "lock"), os.O_RDWR | os.O_CREAT, 0o666)
        try:
            fcntl.lockf(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)     # of this process alone, not of those it starts
        except (BlockingIOError, PermissionError):
            holder = os.read(self._lock, 200).decode("ascii", "replace") or "another process"
            raise OutputError(f"{self.path} is being written by {holder}; wait until it has ended, or name another "
                              "directory", "another run writes it") from None
        except OSError:                                    # a file system without locks
            return
        os.ftruncate(self._lock, 0)
        os.write(self._lock, f"process {os.getpid()} on {socket.gethostname()}".encode("ascii", "replace"))

    def _begin(self, made: dict[str, Any]) -> bytes:
        """The key of the archive, which is begun if it is new."""
        path = os.path.join(self.path, "archive.json")
        try:
            with open(path, "rb") as stream:
                return agreed(stream.read(NOTE), made, self.path)
        except FileNotFoundError:
            text = begun(made)
            file = WholeFile(path)
            file.write(text)
            file.keep()
            return agreed(text.encode(), made, self.path)

    def _clear(self) -> bool:
        """Takes away what was left unfinished; whether there was anything.

        A process of a run that was killed may be about to commit it: it does so before, or not at all.
        """
        top = os.path.join(self.path, "unfinished")
        names = os.listdir(top)
        for name in names:
            path = os.path.join(top, name)
            gone = f"{path}.gone"
            with suppress(OSError):
                os.rename(path, gone)
            shutil.rmtree(gone, ignore_errors=True)
            with suppress(OSError):                        # it was no directory
                os.unlink(gone)
        return bool(names)

    def done(self) -> Callable[[str], bool]:
        """What tells of a capture whether it has its rows. Raises OutputError."""
        names: set[str] = set()
        top = os.path.join(self.path, "parts")
        for part in sorted(os.listdir(top)):
            for path in tables_of(os.path.join(top, part), CAPTURES.name):
                names.update(map(same_for_all, captures_in(path)))

        def has(capture: str) -> bool:
            if self.apart(capture):
                return has_part(self.path, part_name([capture], self.key))
            return same_for_all(capture) in names

        return has

    def apart(self, capture: str) -> bool:
        """Whether a capture needs a part to itself."""
        return is_apart(capture, self._masker)

    def close(self) -> None:
        """Lets others write it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Destination:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        with suppress(OSError):
            self._clear()
        self.close()


def begun(made: dict[str, Any]) -> str:
    """The archive.json of a new archive."""
    return json.dumps({**made, KEY: os.urandom(16).hex()}, indent=1, ensure_ascii=False) + "\n"


def agreed(octets: bytes, made: dict[str, Any], directory: str) -> bytes:
    """The key of an archive, of which these are the octets of its archive.json. Raises OutputError if it is made
    otherwise.
    """
    try:
        found = json.loads(octets)
        key = bytes.fromhex(found.pop(KEY))
        part_name((), key)                                 # whether it is one
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        raise OutputError(f"{os.path.join(directory, 'archive.json')} is not what httplint archive writes; name "
                          "another directory", "it is broken") from None
    if other := _differing(found, json.loads(json.dumps(made))):
        raise OutputError(f"{directory} has rows that were made with other {other}; run with the same, or name another "
                          "directory", "its rows were made otherwise")
    return key


def _differing(before: dict[str, Any], now: dict[str, Any]) -> str:
    """What is not as it was, in words; empty if all is."""
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    return ", ".join(f"{name} ({before.get(name)!s:.40}, now {now.get(name)!s:.40})" if name in _TOLD else name
                     for name in names)


def is_apart(capture: str, masker: Masker) -> bool:
    """Whether a capture has another name in its rows, so that it needs a part to itself."""
    return row_name(capture, masker) != capture


@contextmanager
def adding(directory: str, name: str,
           recipe: Recipe | None = None) -> Iterator[Callable[[str, Iterable[Outcome]], None]]:
    """Adds a part to a directory of tables, which is made if it is not there: `with adding("out", "2026-10") as add`.

    What it hands out is called with what a capture is called, and what is in it: outcomes of a reader, or exchanges.
    The part gets its place at the end, if nothing was raised; no other run can write the directory until then.
    `recipe`: how captures are judged. Raises SetupError and OutputError, the latter also within.
    """
    recipe = recipe or Recipe()
    mapper = recipe.mapper()
    with Destination(directory, provenance(recipe, mapper.linter.rules), recipe.shows) as destination:
        place = os.path.join(destination.path, "parts", name)
        if os.path.lexists(place):
            raise OutputError(f"{place} is there already; remove it, or name another part", "it is there already")
        part = UnfinishedPart(destination.path, name)

        def add(capture: str, outcomes: Iterable[Outcome]) -> None:
            for table, row in mapper.rows(capture, outcomes):
                part.add(table, row)

        try:
            yield add
            part.commit()
        finally:
            part.drop()


def same_for_all(capture: str) -> str:
    """What is the same for all ways to write a path from this directory."""
    return capture if "://" in capture else os.path.normpath(capture)

"""Files that a user names, or that are met in a directory."""
from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator


def cause(error: Exception) -> str:
    """Why something cannot be read or written, in plain words."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def octets_of(path: str | os.PathLike[str], limit: int, met: bool = False) -> bytes:
    """All octets of a file; of a pipe or a device, those up to its end.

    `met`: nobody named it, it was met in a directory; then a pipe or a device, which may never end, is an error.
    Raises OSError, whose `strerror` says why in plain words; also for more than `limit` octets.
    """
    try:
        if met and not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        with open(path, "rb") as stream:
            found = stream.read(limit + 1)
    except ValueError as error:                            # a name with NUL in it
        raise OSError(errno.EINVAL, str(error)) from None
    if len(found) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MB")
    return found


def packaged(package: str, name: str) -> bytes:
    """The octets of a file that came with a package of ours, which may be within a zip. Raises OSError."""
    module = sys.modules[package]
    assert module.__file__ is not None
    loader = getattr(module.__spec__, "loader", None)
    octets: bytes = loader.get_data(os.path.join(os.path.dirname(module.__file__), name))  # type: ignore[union-attr]
    return octets


def below(top: str) -> Iterator[str | OSError]:
    """What a directory holds, by name; its directories come last, each before what it holds.

    A directory that cannot be read is an OSError with its `filename`. Links to directories are not followed.
    """
    waiting = [top]
    while waiting:
        directory = waiting.pop()
        if directory is not top:
            yield directory
        inner, names = [], []
        try:
            with os.scandir(directory) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        inner.append(entry.path)
                    else:
                        names.append(entry.path)
        except OSError as error:
            error.filename = directory
            yield error
        yield from sorted(names)
        waiting += sorted(inner, reverse=True)

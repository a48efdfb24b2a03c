"""Web archives in a zip (WACZ): the WARC files in `archive/`, read one after another as they come out of the zip.

A collection of archives is a zip that has such zips as members, stored as they are.
"""
from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from httplint.capture import files, warc
from httplint.capture.files import Progress
from httplint.capture.outcome import Outcome, Problem


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """The exchanges of all WARC files in the zip, in order of their names, then those of the archives in it."""
    with files.zipped(source) as archive:
        outer = _Outer(archive, progress)
        yield from outer.archived(archive, path)
        for info in _members(archive, _is_wacz):
            yield from outer.nested(archive, info, f"{path}/{info.filename}")


def _members(archive: zipfile.ZipFile, wanted: Callable[[zipfile.ZipInfo], bool]) -> list[zipfile.ZipInfo]:
    """In order of their names; of those that have the same name, the last one."""
    found = {info.filename: info for info in filter(wanted, archive.infolist())}
    return [found[name] for name in sorted(found)]


def _is_warc(info: zipfile.ZipInfo) -> bool:
    name = info.filename.lower()
    return name.startswith("archive/") and name.endswith((".warc", ".warc.gz"))


def _is_wacz(info: zipfile.ZipInfo) -> bool:
    return info.filename.lower().endswith(".wacz")


class _Outer:
    """What was read of the file, and how much may be: what comes out of all members counts."""

    def __init__(self, archive: zipfile.ZipFile, progress: Progress | None) -> None:
        self._compressed = archive.start_dir
        self._progress = progress
        self._total = sum(info.file_size for info in archive.infolist() if _is_warc(info) or _is_wacz(info))
        self._out = 0

    def archived(self, archive: zipfile.ZipFile, path: str) -> Iterator[Outcome]:
        """The exchanges of the WARC files of this archive, the file itself or one in it."""
        entry = 0
        for info in _members(archive, _is_warc):
            for outcome in self._member(archive, info, f"{path}/{info.filename}"):
                if not isinstance(outcome, Problem) and outcome.source is not None:
                    outcome.source.entry = entry
                    entry += 1
                yield outcome

    def _member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Iterator[Outcome]:
        try:
            member = archive.open(info)
        except Exception as error:  # encrypted, an unknown method, a wrong offset
            yield Problem(path, None, None, f"cannot be read: {error}")
            return
        with member:
            inflated = files.Inflated(member, self._compressed, self._out)
            for outcome in warc.read(cast(BinaryIO, files.Pipe(inflated)), path=path):
                if self._progress is not None:
                    self._progress(min(inflated.count, self._total), self._total)
                yield outcome
            self._out = inflated.count

    def nested(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> Iterator[Outcome]:
        """The exchanges of an archive in the archive."""
        if info.compress_type != zipfile.ZIP_STORED:
            yield Problem(path, None, None, "it is packed once more; take it out of the zip, and name it")
            return
        try:
            archive.open(info).close()                     # not encrypted, and where the directory says it is
            inner = files.zipped(cast(BinaryIO, _Stored(cast(BinaryIO, archive.fp), info)))
        except Exception as error:
            yield Problem(path, None, None, f"cannot be read: {error}")
            return
        with inner:
            if not _members(inner, _is_warc):
                yield Problem(path, None, None, "no WARC file is in it")
            yield from self.archived(inner, path)


class _Stored(io.RawIOBase):
    """A member that is stored as it is, in its place."""

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        file.seek(info.header_offset + 26)                 # two lengths, and what is so long, go before the content
        name, extra = file.read(2), file.read(2)
        self._begin = info.header_offset + 30 + int.from_bytes(name, "little") + int.from_bytes(extra, "little")
        self._size = info.file_size
        self._file = file
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """How far it was read."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go somewhere, as in any file."""
        self._at = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if self._at < 0:
            raise ValueError("an offset before the beginning")
        return self._at

    def read(self, size: int = -1) -> bytes:
        """So many octets, or all that there are."""
        left = max(0, self._size - self._at)
        self._file.seek(self._begin + self._at)
        octets = self._file.read(left if size < 0 else min(size, left))
        self._at += len(octets)
        return octets

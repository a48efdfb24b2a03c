"""Web archives in a zip (WACZ): the WARC files in `archive/`, stored or deflated, read one after another."""
from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from httplint.capture import warc
from httplint.capture.files import INFLATED_MIN, Progress, zipped
from httplint.capture.outcome import Problem


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[warc.Outcome]:
    """The exchanges of all WARC files in the zip, in order of their names."""
    import shutil
    import tempfile
    entry = 0
    with zipped(source) as archive:
        for name in sorted(archive.namelist()):
            if not name.lower().startswith("archive/") or not name.lower().endswith((".warc", ".warc.gz")):
                continue
            if archive.getinfo(name).file_size > INFLATED_MIN:
                yield Problem(f"{path}/{name}", None, None, f"inflates to more than {INFLATED_MIN >> 20} MiB")
                continue
            with tempfile.TemporaryFile() as copy:
                try:
                    with archive.open(name) as member:
                        shutil.copyfileobj(member, copy)
                except Exception as error:  # encrypted, an unknown method, a wrong offset or checksum
                    yield Problem(f"{path}/{name}", None, None, f"cannot be read: {error}")
                    continue
                copy.seek(0)
                for outcome in warc.read(copy, path=f"{path}/{name}", progress=progress):
                    if not isinstance(outcome, Problem) and outcome.source is not None:
                        outcome.source.entry = entry
                        entry += 1
                    yield outcome

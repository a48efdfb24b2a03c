"""Archives in Google Cloud Storage, as an emulator has it that talks its API over JSON."""
from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# gcsfs asks over gRPC what kind of bucket it is, which the emulator does not talk; it looks at this when it is imported
os.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"
gcsfs = pytest.importorskip("gcsfs", reason="gcsfs is not installed: tools/test_archive")

from archiving import called, linted  # noqa: E402
from fsspec.config import conf  # noqa: E402
from gcp_storage_emulator.handlers.buckets import create_bucket  # noqa: E402
from gcp_storage_emulator.server import RequestHandler  # noqa: E402
from gcp_storage_emulator.storage import Storage  # noqa: E402
from serving import serving  # noqa: E402

from httplint.cli.main import run  # noqa: E402

HARS = [Path(__file__).parents[2] / "fixtures" / "har" / f"chromium-{name}.har"
        for name in ("servers-quirks", "application-violating-messages")]
NAMES = ("a.har", "b/c d#?%20[e].har", "b/\u00e9.json")


class Emulator(RequestHandler):  # type: ignore[misc]
    """Keeps what was asked of it."""

    def __init__(self, asked: list[str], *arguments: Any) -> None:
        self._asked = asked
        super().__init__(*arguments)

    def log_message(self, *_: Any) -> None:
        self._asked.append(f"{self.command} {self.path}")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of a server that has the bucket `crawls`, as it is asked."""
    requests: list[str] = []
    storage = Storage(use_memory_fs=True)
    create_bucket("crawls", storage)
    monkeypatch.setitem(conf, "gs", {"token": "anon"})
    with serving(functools.partial(Emulator, requests, storage)) as host:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://{host}")
        yield requests
        gcsfs.GCSFileSystem.clear_instance_cache()


def test_rows_are_those_of_the_same_files_here(asked: list[str], tmp_path: Path) -> None:
    system = gcsfs.GCSFileSystem(token="anon")
    place = tmp_path / "place"
    for number, name in enumerate(NAMES):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HARS[number % 2], place / name)
        system.pipe_file(f"crawls/in/{name}", (place / name).read_bytes())
    asked.clear()
    there = linted(tmp_path / "there", "gs://crawls/in/", "gs://crawls/in/**/*.json")
    assert sorted(row["capture"] for row in there["captures"]) == [f"gs://crawls/in/{name}" for name in NAMES]
    assert called(there, "gs://crawls/in") == called(linted(tmp_path / "here", str(place)), str(place))
    assert len([request for request in asked if "alt=media" in request]) == len(NAMES)


@pytest.mark.parametrize("uri", ["gs://crawls/none.har", "gs://crawls/none/*.har", "gs://none/in/"])
def test_what_is_not_there(uri: str, asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", uri, "--out", str(tmp_path / "out"), "--jobs", "1"]) == 2
    assert f"{uri}: cannot be read: there is no such object, nor anything below it" in capsys.readouterr().err

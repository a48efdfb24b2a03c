"""The expected findings beside the recorded HARs are what the hand-written tables say."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("packaged")

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "har"


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the fixtures whose expected findings have just been written from the tables."""
    copy = tmp_path_factory.mktemp("fixtures") / "har"
    shutil.copytree(FIXTURES, copy)
    command = [sys.executable, str(ROOT / "tools" / "record_fixtures"), "--expected-only", "--out", str(copy)]
    subprocess.run(command, check=True, capture_output=True)
    return copy


@pytest.mark.parametrize("name", sorted(path.name for path in FIXTURES.glob("*.expected.json")))
def test_expected_findings_are_those_of_the_tables(rewritten: Path, name: str) -> None:
    assert (FIXTURES / name).read_text(encoding="utf-8") == (rewritten / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("har", sorted(FIXTURES.glob("*.har")), ids=lambda path: path.stem)
def test_each_entry_is_reviewed(har: Path) -> None:
    expected = json.loads(har.with_name(f"{har.stem}.expected.json").read_text(encoding="utf-8"))["entries"]
    entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
    assert [each["status"] for each in expected] == [each["response"]["status"] for each in entries]
    assert [each["entry"] for each in expected] == list(range(len(entries)))
    if "-conforming" in har.name:
        assert {flaw["level"] for each in expected for flaw in each["violations"]} <= {"advice"}

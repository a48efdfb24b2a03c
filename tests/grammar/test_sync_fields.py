from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "sync_fields.py"
TABLE = """\
# Fields as of 2020-01-01, and more
name,status,parser,kind,structured,request,response,trailer,hop_by_hop,volatile,obsolete,source,meaning
Age,permanent,rfc9111:age,single,,no,yes,no,,yes,,RFC 9111 §5.1,seconds
Gone,provisional,,,,,,,,,,X,
Own,unregistered,,,,,,,,,,,
"""
REGISTRY = """\
Field Name,Status,Structured Type,Reference,Comments
*,permanent,,"[RFC 9110, Section 12.5.5]",
Age,deprecated,,"[RFC 9111, Section 5.1: HTTP Caching]",
New-One,permanent,Item,"[RFC 9842, Section 2.1: Dictionaries]",
Other,permanent,,[Fetch],
"""


def _run(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "registry.csv").write_text(REGISTRY, "utf-8")
    return subprocess.run(
        [sys.executable, TOOL, tmp_path / "registry.csv", "--table", tmp_path / "table.csv", "--date", "2026-01-02",
         *options], capture_output=True, encoding="utf-8", check=False)


def test_news_are_taken_over_and_traits_stay(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    found = _run(tmp_path)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines() == ["Age: status was permanent, is deprecated", "new: New-One (permanent)",
                                         "new: Other (permanent)", "Gone: no longer registered"]
    assert (tmp_path / "table.csv").read_text("utf-8") == """\
# Fields as of 2026-01-02, and more
name,status,parser,kind,structured,request,response,trailer,hop_by_hop,volatile,obsolete,source,meaning
Age,deprecated,rfc9111:age,single,,no,yes,no,,yes,,RFC 9111 §5.1,seconds
Gone,unregistered,,,,,,,,,,X,
New-One,permanent,structured:structured_item,single,Item,,,,,,,RFC 9842 §2.1,
Other,permanent,,,,,,,,,,Fetch,
Own,unregistered,,,,,,,,,,,
"""
    assert _run(tmp_path).stdout == ""


def test_check_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(TABLE, "utf-8")
    assert _run(tmp_path, "--check").returncode == 1
    assert (tmp_path / "table.csv").read_text("utf-8") == TABLE

"""httplint out of a zip, as `python -m zipapp` packs it."""
from __future__ import annotations

import subprocess
import sys
import zipapp
from pathlib import Path

import pytest

ANSWER = b"HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def packed(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip."""
    archive = tmp_path_factory.mktemp("packed") / "httplint.pyz"
    zipapp.create_archive(package, archive, main="httplint.cli.main:run",
                          filter=lambda path: "__pycache__" not in path.parts)
    return archive


@pytest.mark.parametrize(("arguments", "code", "told"), [
    ("rules list", 0, "405.allow-missing "),
    ("explain 405.allow-missing", 0, "why "),
    ("explain --field Allow", 0, "RFC 9110"),
    ("rules coverage", 0, "9110"),
    ("check a.raw --isolated --output html:page.html", 1, "error[405.allow-missing]"),
    ("check a.raw --isolated --select 304", 0, "no findings in 1 of 1 entry"),
    ("addon-path", 2, "install httplint with pip"),
])
def test_every_verb_finds_its_files(packed: Path, arguments: str, code: int, told: str) -> None:
    (packed.parent / "a.raw").write_bytes(ANSWER)
    done = subprocess.run([sys.executable, packed.name, *arguments.split()], cwd=packed.parent, capture_output=True,
                          encoding="utf-8", timeout=120, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert told in done.stdout + done.stderr
    if "page.html" in arguments:
        assert "<!doctype html>" in (packed.parent / "page.html").read_text("utf-8").lower()

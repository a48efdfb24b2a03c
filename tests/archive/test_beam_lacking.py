"""Where Apache Beam is not installed, it is told what would install it."""
from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from httplint.archive.beam.program import run
from httplint.model import installation

pytestmark = pytest.mark.skipif(find_spec("apache_beam") is not None, reason="Apache Beam is installed")


def test_the_program_names_the_extra(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--input", str(tmp_path), "--output", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == (
        f"httplint.archive.beam: Apache Beam is not installed: {installation.command('beam')}\n")
    assert not (tmp_path / "out").exists()


def test_the_transform_names_the_extra() -> None:
    with pytest.raises(ImportError) as caught:
        from httplint.archive.beam import LintCaptures  # noqa: F401
    assert str(caught.value) == f"LintCaptures needs Apache Beam: {installation.command('beam')}"

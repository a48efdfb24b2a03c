from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from site_on_loopback import Site

from httplint.cli.main import run


class Probed:
    """What came of a run: exit status, the JSON report, standard error."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.report: dict[str, Any] = json.loads(out)
        self.err = err

    def cells(self, row: int = 0) -> dict[str, dict[str, Any]]:
        """Check -> its cell, of a resource."""
        matrix = self.report["summary"]["matrix"]
        return {check["name"]: cell for check, cell in zip(matrix["checks"], matrix["rows"][row]["cells"], strict=True)}

    def cell(self, check: str, row: int = 0) -> tuple[str, str]:
        """State and reason."""
        found = self.cells(row)[check]
        return found["state"], found.get("why", "")


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as made:
        yield made


@pytest.fixture
def probe(site: Site, capsys: pytest.CaptureFixture[str]) -> Callable[..., Probed]:
    def call(*arguments: str, urls: tuple[str, ...] = ("/",)) -> Probed:
        urls = tuple(url if "://" in url else site.base + url for url in urls)
        code = run(["probe", *urls, "--isolated", "--pause", "0", "--output-format", "json", *arguments])
        captured = capsys.readouterr()
        return Probed(code, captured.out, captured.err)
    return call


@pytest.fixture
def interruptible() -> Iterator[None]:
    """SIGINT interrupts, also where whoever runs the tests has it ignored, as shells do in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)

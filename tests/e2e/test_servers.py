"""Real servers on loopback, asked by a real curl whose output is piped into the command."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from real_servers import serving

pytestmark = pytest.mark.usefixtures("packaged")


@pytest.fixture(scope="module", params=["nginx", "apache2"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """(name, address) of a running server."""
    if shutil.which("curl") is None:
        if os.environ.get("CI"):
            pytest.fail("curl must be installed in CI")
        pytest.skip("curl is not installed")
    with serving(request.param) as url:
        yield request.param, url


def check(command: str) -> subprocess.CompletedProcess[str]:
    """The command as a user types it, piped into httplint."""
    return subprocess.run(f"{command} | {sys.executable} -m httplint check -", shell=True, capture_output=True,
                          encoding="utf-8", check=False)


@pytest.mark.server
@pytest.mark.parametrize("asked", [
    "/a.txt", "-I {url}/a.txt", "/moved", "-L {url}/moved", "/gone", "-r 0-9 {url}/a.txt", "-r 0-9,50-59 {url}/a.txt",
    "-0 {url}/a.txt", "--compressed {url}/a.txt", "/missing",
    "-H 'If-Modified-Since: Tue, 01 Jan 2030 00:00:00 GMT' {url}/a.txt", "-o /dev/null {url}/a.txt",
    "-H 'Expect: 100-continue' -d x {url}/missing",
])
def test_what_real_servers_answer_is_conforming(server: tuple[str, str], asked: str) -> None:
    _, url = server
    shown = subprocess.run(["curl", "-s", "-o", os.devnull, "-w", "%{http_code}", f"{url}/a.txt"], capture_output=True,
                           encoding="utf-8", check=True)
    assert shown.stdout == "200"
    done = check(f"curl -sv {asked.format(url=url) if '{url}' in asked else url + asked} 2>&1")
    assert " 0 of 0 " not in done.stdout
    assert "error[" not in done.stdout, done.stdout
    assert done.returncode == 0, (done.stdout, done.stderr)


@pytest.mark.server
def test_a_real_violation_is_found(server: tuple[str, str]) -> None:
    """nginx refuses POST to a file without Allow (RFC 9110 §15.5.6); Apache sends it."""
    name, url = server
    method = "POST" if name == "nginx" else "DELETE"
    done = check(f"curl -sv -X {method} {url}/a.txt 2>&1")
    assert ("error[405.allow-missing]" in done.stdout) == (name == "nginx")
    assert done.returncode == (1 if name == "nginx" else 0)


@pytest.mark.server
def test_headers_only_and_included(server: tuple[str, str]) -> None:
    _, url = server
    for options in ("-si", "-sI", "-siL"):
        done = check(f"curl {options} {url}/moved")
        assert done.returncode == 0, (done.stdout, done.stderr)
        assert "no findings" in done.stdout or "warning" in done.stdout or "info" in done.stdout

"""Real servers on loopback, asked by a real curl whose output is piped into the command."""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.usefixtures("packaged")

NGINX = """\
daemon off; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 32; }}
http {{
    access_log off; default_type text/plain;
    client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
    uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
    server {{
        listen 127.0.0.1:{port}; root {work}/documents;
        location /moved {{ return 301 /a.txt; }}
        location /gone {{ return 410; }}
        location /no-content {{ return 204; }}
    }}
}}
"""

APACHE = """\
ServerRoot {work}
PidFile {work}/apache.pid
ErrorLog {work}/error.log
Listen 127.0.0.1:{port}
ServerName localhost
DocumentRoot {work}/documents
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule mime_module /usr/lib/apache2/modules/mod_mime.so
TypesConfig /etc/mime.types
Redirect 301 /moved /a.txt
Redirect 410 /gone
<Directory {work}/documents>
    Require all granted
</Directory>
"""


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module", params=["nginx", "apache2"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """(name, address) of a running server."""
    program = shutil.which(request.param) or shutil.which(request.param, path="/usr/sbin")
    if program is None or shutil.which("curl") is None:
        if os.environ.get("CI"):
            pytest.fail(f"{request.param} and curl must be installed in CI")
        pytest.skip(f"{request.param} or curl is not installed")
    # not below pytest's own directory, which the servers' users may not enter
    work = Path(tempfile.mkdtemp(prefix=f"httplint-{request.param}-"))
    work.chmod(0o755)
    (work / "documents").mkdir()
    (work / "documents" / "a.txt").write_text("0123456789" * 10, "utf-8")
    port = free_port()
    text = (NGINX if request.param == "nginx" else APACHE).format(work=work, port=port)
    (work / "server.conf").write_text(text, "utf-8")
    arguments = ["-c", str(work / "server.conf")] if request.param == "nginx" else [
        "-f", str(work / "server.conf"), "-DFOREGROUND"]
    process = subprocess.Popen([program, *arguments], stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                pytest.fail(f"{request.param} ended: {process.stderr.read() if process.stderr else b''!r}")
            time.sleep(0.05)
        yield request.param, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr:
            process.stderr.close()
        shutil.rmtree(work)


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

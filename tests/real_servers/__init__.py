"""Real servers on loopback, which all have the same few resources.

`configured/` has the configuration of those that are configured, `programs/` the programs of those that are libraries.
In both and in the table below, @PORT@ is the port to listen at, @WORK@ a directory of the server alone, with the files
that it serves in @WORK@/documents, @BEHIND@ the port of the server that a proxy asks, and @HERE@ this directory.
"""
from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

HERE = Path(__file__).parent
DOCUMENTS = {
    "a.txt": "0123456789" * 10, "empty.txt": "", "directory/one.txt": "one",
    "large.txt": "".join(f"line {number} of what is worth compressing\n" for number in range(200)),
}
"""Path -> content of the files that are served."""
RESOURCES = ("/a.txt", "/large.txt", "/empty.txt", "/directory", "/directory/", "/missing", "/moved", "/no-content",
             "/refused", "/cookies")
"""The paths of the resources: files, a directory, what is not there, a redirect to /a.txt, a 204, what allows POST,
a response with cookies. A server that cannot be told to have one of them says 404 there."""
MODIFIED = 1_700_000_000
"""When the files were modified, in seconds since 1970."""


class Kind(NamedTuple):
    """A server: the words that start it, those that tell its version, the file of configured/ that it reads as
    @WORK@/configured, what it stands before, what is called ahead of it, and whether CI has it."""
    words: Sequence[str]
    version: Sequence[str]
    configured: str = ""
    behind: str = ""
    ahead: Sequence[str] = ()
    in_ci: bool = True


def _library(name: str) -> Kind:
    told = f"import importlib.metadata; print(importlib.metadata.version('{name}'))"
    return Kind((sys.executable, f"@HERE@/programs/{name}_files.py", "@PORT@", "@WORK@/documents"),
                (sys.executable, "-c", told))


def _of_node(program: str) -> Kind:
    return Kind(("node", f"@HERE@/programs/{program}.js", "@PORT@", "@WORK@/documents"),
                ("node", "-p", "try { require('express/package').version } catch { '' }") if program == "express" else
                ("node", "--version"), in_ci=False)


_TOMCAT = "/usr/share/tomcat10/lib/*:/usr/share/tomcat10/bin/tomcat-juli.jar"

KINDS = {
    "nginx": Kind(("nginx", "-c", "@WORK@/configured"), ("nginx", "-v"), "nginx.conf"),
    "apache2": Kind(("apache2", "-f", "@WORK@/configured", "-DFOREGROUND"), ("apache2", "-v"), "apache2.conf"),
    "lighttpd": Kind(("lighttpd", "-D", "-f", "@WORK@/configured"), ("lighttpd", "-v"), "lighttpd.conf"),
    "haproxy": Kind(("haproxy", "-db", "-q", "-f", "@WORK@/configured"), ("haproxy", "-v"), "haproxy.cfg", "nginx"),
    "varnish": Kind(("varnishd", "-F", "-a", "127.0.0.1:@PORT@", "-f", "@WORK@/configured", "-n", "@WORK@/varnish",
                     "-s", "malloc,8m", "-T", "none"), ("varnishd", "-V"), "varnish.vcl", "apache2"),
    "http.server": Kind((sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", "@WORK@/documents", "@PORT@"),
                        (sys.executable, "--version")),
    "flask": _library("flask"),
    "django": _library("django"),
    "starlette": _library("starlette"),
    "aiohttp": _library("aiohttp"),
    "caddy": Kind(("caddy", "run", "--adapter", "caddyfile", "--config", "@WORK@/configured"), ("caddy", "version"),
                  "Caddyfile", in_ci=False),
    "node": _of_node("plain"),
    "express": _of_node("express"),
    "go": Kind(("@WORK@/fileserver", "@PORT@", "@WORK@/documents"), ("go", "version"),
               ahead=("go", "build", "-o", "@WORK@/fileserver", "@HERE@/programs/fileserver.go"), in_ci=False),
    "tomcat": Kind(("java", "-cp", _TOMCAT, "@HERE@/programs/Embedded.java", "@PORT@", "@WORK@/documents", "@WORK@"),
                   ("java", "-cp", _TOMCAT, "org.apache.catalina.util.ServerInfo"), in_ci=False),
}
"""Name -> server. CI=true demands those that it has, SERVERS=all demands all: see tools/test_servers."""


def version(name: str) -> str:
    """What a server says of its version. Where it is not installed, the test is skipped or fails."""
    done = subprocess.run(_command(KINDS[name].version, name, {}), capture_output=True, encoding="utf-8", check=False)
    if done.returncode or not (done.stdout + done.stderr).strip():
        _missing(name, name)
    return done.stdout + done.stderr


@contextlib.contextmanager
def serving(name: str) -> Iterator[str]:
    """The URL of the root of a server, while it runs. Where it is not installed, the test is skipped or fails."""
    kind = KINDS[name]
    with contextlib.ExitStack() as stack:
        behind = stack.enter_context(serving(kind.behind)) if kind.behind else ""
        work = stack.enter_context(_work(name))
        port = _free_port()
        meant = {"@PORT@": str(port), "@WORK@": str(work), "@HERE@": str(HERE), "@BEHIND@": behind.rpartition(":")[2]}
        if kind.configured:
            text = (HERE / "configured" / kind.configured).read_text("utf-8")
            (work / "configured").write_text(_filled(text, meant), "utf-8")
        if kind.ahead:
            subprocess.run(_command(kind.ahead, name, meant), check=True)
        with (work / "said").open("wb") as said:
            process = subprocess.Popen(_command(kind.words, name, meant), cwd=work, stdout=said, stderr=said)
        try:
            _wait(process, port, work / "said")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@contextlib.contextmanager
def _work(name: str) -> Iterator[Path]:
    # not below pytest's own directory, which the servers' users may not enter
    work = Path(tempfile.mkdtemp(prefix=f"httplint-{name}-"))
    try:
        work.chmod(0o755)
        for path, content in DOCUMENTS.items():
            file = work / "documents" / path
            file.parent.mkdir(exist_ok=True, parents=True)
            file.write_text(content, "utf-8")
            os.utime(file, (MODIFIED, MODIFIED))
        yield work
    finally:
        shutil.rmtree(work)


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port


def _filled(text: str, meant: dict[str, str]) -> str:
    for mark, value in meant.items():
        text = text.replace(mark, value)
    return text


def _command(words: Sequence[str], name: str, meant: dict[str, str]) -> list[str]:
    program, *others = (_filled(word, meant) for word in words)
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin")
    return [found, *others] if found else _missing(name, program)


def _missing(name: str, what: str) -> NoReturn:
    if os.environ.get("SERVERS") == "all" or (KINDS[name].in_ci and os.environ.get("CI")):
        pytest.fail(f"{what} must be installed")
    pytest.skip(f"{what} is not installed")


def _wait(process: subprocess.Popen[bytes], port: int, said: Path) -> None:
    """Until it listens."""
    for _ in range(600):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            pytest.fail(f"{process.args} ended: {said.read_text('utf-8', 'replace')}")
        time.sleep(0.05)
    pytest.fail(f"{process.args} does not listen: {said.read_text('utf-8', 'replace')}")

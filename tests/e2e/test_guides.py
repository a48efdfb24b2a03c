"""Every command and program of the guides is run, as a reader would."""
from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.usefixtures("packaged")

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\s+# exit status (\d)$")
NAMED = re.compile(r"(?:#|//) \S+\.\w+\n")
"""How files begin that guides show: `test_guides_of_tools.py` writes them."""
MITMPROXY = importlib.util.find_spec("mitmproxy") is not None
TEST = '''\
import http.client, http.server, threading
import httpx

class Handler(http.server.BaseHTTPRequestHandler):
    def do_PATCH(self):
        self.send_response(405)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_):
        pass

def test_refused():
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    httpx.patch(f"http://127.0.0.1:{server.server_port}/report", trust_env=False)
    server.shutdown()
    server.server_close()
'''


def blocks(guide: Path, language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(guide.read_text("utf-8"))
            if kind == language and not NAMED.match(text)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A directory as the reader has it: captures, flows, a description of the API, a test."""
    (tmp_path / "har").mkdir()
    shutil.copy(ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har", tmp_path / "har")
    shutil.copy(ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har", tmp_path / "flows.mitm")
    for part in (ROOT / "fixtures" / "api").iterdir():
        shutil.copy(part, tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_api.py").write_text(TEST, "utf-8")
    return tmp_path


def environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "80",
            "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:hypothesispytest -p no:anyio"}


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if blocks(guide, "console")], ids=lambda guide: guide.stem)
def test_commands(guide: Path, place: Path) -> None:
    pytest.importorskip("httpx")                           # of the test whose traffic is judged
    commands = [line[2:] for block in blocks(guide, "console") for line in block.splitlines() if line.startswith("$ ")]
    assert commands
    for command in commands:
        found = EXIT.search(command)
        wanted = int(found[1]) if found else 0
        text = EXIT.sub("", command)
        if text.startswith("pip install"):                 # the tests run in what it installs
            assert text in ("pip install ./httplint", "pip install http-conformance-lint")
        elif text.startswith("httplint proxy"):
            done = _run(f"{text} --print-command", place)
            if MITMPROXY:
                assert done.returncode == 0, done.stderr
                assert "mitm" in done.stdout
            else:
                assert "is not installed: pip install" in done.stderr
        else:
            done = _run(text, place)
            assert done.returncode == wanted, f"{command}\n{done.stdout}{done.stderr}"


def _run(command: str, place: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", "-c", command], cwd=place, capture_output=True, encoding="utf-8", check=False,
                          env=environment(), timeout=120)


@pytest.mark.skipif(not MITMPROXY, reason="mitmproxy is not installed")
@pytest.mark.parametrize("command", [
    line[2:] for block in blocks(ROOT / "docs" / "guides" / "mitmproxy.md", "console")
    for line in block.splitlines() if line.startswith("$ httplint proxy") and "--ui" not in line])
def test_the_proxy_starts(command: str, place: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = re.sub(r" --port \d+", "", command) + f" --port {port} --set confdir=."
    process = subprocess.Popen(["bash", "-c", f"exec {command}"], cwd=place, env=environment(), stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, encoding="utf-8")
    try:
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        time.sleep(1)                                      # mitmproxy itself fails where it is stopped while it starts
        assert process.poll() is None, process.communicate()[0]
    finally:
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert re.search(r'File ".*httplint/', said) is None, said


@pytest.mark.parametrize("guide", [guide for guide in GUIDES if blocks(guide, "python")], ids=lambda guide: guide.stem)
def test_programs(guide: Path, place: Path) -> None:
    for block in blocks(guide, "python"):
        done = subprocess.run([sys.executable, "-c", block], cwd=place, capture_output=True, encoding="utf-8",
                              check=False)
        assert done.returncode == 0, f"{block}\n{done.stderr}"


def test_configurations_hold(place: Path) -> None:
    configurations = blocks(ROOT / "docs" / "guides" / "ci.md", "toml")
    assert configurations
    (place.parent / "platform").mkdir(exist_ok=True)
    (place.parent / "platform" / "httplint.toml").write_text('profile = "api"\n', "utf-8")
    for number, block in enumerate(configurations):
        tomllib.loads(block)
        (place / "httplint.toml").write_text(block, "utf-8")
        (place / ".httplint-baseline.json").unlink(missing_ok=True)
        assert _run("httplint baseline create har", place).returncode == 0
        done = _run("httplint check har", place)
        assert done.returncode == (1 if number else 0), done.stdout + done.stderr


def test_the_hook_is_the_one_that_there_is() -> None:
    (block,) = blocks(ROOT / "docs" / "guides" / "ci.md", "yaml")
    ids = [hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))]
    assert [hook["id"] for repository in yaml.safe_load(block) for hook in repository["hooks"]] == ids

"""What tools/playground builds: the same octets from the same tree, all of it and no more; and how it fails."""
from __future__ import annotations

import gzip
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from httplint.library import built_in_rules

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools" / "playground"
MOST = 8_000_000
"""How many octets the page may have, compressed."""


@pytest.fixture(scope="module")
def parts(playground_site: Path) -> Path:
    """The directory of all parts but index.html and sw.js."""
    found, = (path for path in playground_site.iterdir() if path.is_dir())
    return found


def files(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def test_whoever_builds_it_gets_the_same_octets(playground_site: Path, tmp_path: Path) -> None:
    """Without a network, too, once all has been brought."""
    unlike = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7", "HOME": str(tmp_path), "COLUMNS": "40",
              "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, TOOL, tmp_path / "site"], env=os.environ | unlike, umask=0o077,
                          capture_output=True, encoding="utf-8", check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert files(tmp_path / "site") == files(playground_site)


def test_it_is_no_larger_than_it_may_be(playground_site: Path) -> None:
    sizes = {name: len(gzip.compress(octets, 9)) for name, octets in files(playground_site).items()}
    assert sum(sizes.values()) <= MOST, sizes


def test_the_tool_says_what_each_part_takes(builder: Any, tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef" / "samples").mkdir(parents=True)
    (tmp_path / "index.html").write_bytes(b"x" * 2000)
    for name in ("one", "two"):
        (tmp_path / "0123456789abcdef" / "samples" / name).write_bytes(b"x" * 3000)
    lines = [line.split() for line in builder.sizes(tmp_path).splitlines()]
    assert lines[0][:2] == ["bare", "gzip"]
    assert [line[:2] for line in lines[1:]] == [["index.html", "2,000"], ["samples/", "6,000"], ["all", "8,000"]]
    assert int(lines[3][2]) == int(lines[1][2]) + int(lines[2][2]) < 200


def test_all_parts_are_there_with_their_licences(parts: Path) -> None:
    packages = json.loads((parts / "packages.json").read_text("utf-8"))
    assert packages == sorted(path.name for path in (parts / "packages").iterdir())
    pinned = (ROOT / "playground" / "requirements.txt").read_text("utf-8")
    wanted = re.findall(r"^([\w-]+)==(\S+) ", pinned, re.MULTILINE)
    for name, version in wanted:
        assert any(one.startswith(f"{name.replace('-', '_')}-{version}-") for one in packages)
        assert "ermission" in (parts / "licenses" / f"{name}.txt").read_text("utf-8")
    assert len(packages) == len(wanted) + 1                 # and httplint
    about = (parts / "licenses" / "README.txt").read_text("utf-8")
    for path in (parts / "licenses").iterdir():
        assert path.name in about or path.name == "README.txt"
        assert path.read_text("utf-8").strip()
    assert "{" not in about


def test_nothing_of_pyodide_is_elsewhere(parts: Path) -> None:
    lock = json.loads((parts / "pyodide" / "pyodide-lock.json").read_text("utf-8"))
    assert lock["packages"] == {}
    assert {path.name for path in (parts / "pyodide").iterdir()} == {
        "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "pyodide-lock.json", "python_stdlib.zip"}


def test_what_is_taken_out_of_pyodide_leaves_the_same_octets_each_time(builder: Any, tmp_path: Path) -> None:
    lessened = []
    for time, names in ((2001, ["abc.py", "pdb.py", "unittest/mock.py", "pdbx.py"]),
                        (2026, ["pdbx.py", "unittest/mock.py", "unittest/", "pdb.py", "abc.py"])):
        directory = tmp_path / str(time)
        directory.mkdir()
        with zipfile.ZipFile(directory / "python_stdlib.zip", "w") as library:
            for name in names:
                library.writestr(zipfile.ZipInfo(name, (time, 1, 2, 3, 4, 6)), "" if name[-1] == "/" else name * 99)
        lock = {"info": {"python": "3.14.2"}, "packages": {"numpy": {"file_name": "numpy.whl"}}}
        (directory / "pyodide-lock.json").write_text(json.dumps(lock), "utf-8")
        builder.lessen(directory)
        lessened.append(files(directory))
    assert lessened[0] == lessened[1]
    with zipfile.ZipFile(tmp_path / "2001" / "python_stdlib.zip") as library:
        assert {name: library.read(name) for name in library.namelist()} == {
            "abc.py": b"abc.py" * 99, "pdbx.py": b"pdbx.py" * 99}
    assert json.loads(lessened[0]["pyodide-lock.json"]) == {"info": {"python": "3.14.2"}, "packages": {}}


def test_no_package_needs_what_is_left_out(parts: Path, builder: Any) -> None:
    imported = re.compile(rf"^ *(?:from|import) +({'|'.join(builder.LEFT_OUT)})\b", re.MULTILINE)
    seen = 0
    for path in (parts / "packages").iterdir():
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith(".py"):
                    seen += 1
                    assert not imported.findall(packed.read(name).decode()), (path.name, name)
    assert seen > 400
    with zipfile.ZipFile(parts / "pyodide" / "python_stdlib.zip") as library:
        assert not {re.split(r"[/.]", name)[0] for name in library.namelist()} & {*builder.LEFT_OUT}


def test_the_page_shows_a_finding_of_the_sample(builder: Any, parts: Path, tmp_path: Path) -> None:
    wheel, = (parts / "packages").glob("http_conformance_lint-*")
    figure = builder.first_finding(builder.sample(tmp_path, wheel)[1])
    name, = re.findall(r'<a href="\.\./rules/([\w.-]+)\.html">', figure)
    rule = next(one for one in built_in_rules() if one.id == name)
    said = html.unescape(re.sub("<[^>]+>", "", figure))
    assert rule.severity == "error"
    for part in (rule.level, rule.fix, rule.spec, name):
        assert part in said
    line, caret = re.findall(r"<pre tabindex=\"0\">(.*)\n *(\^)</pre>", figure)[0]
    assert caret
    sample = json.loads((ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har").read_text("utf-8"))
    field, _, value = html.unescape(line).partition(": ")
    assert {"name": field, "value": value} in [
        {"name": one["name"], "value": one["value"]}
        for entry in sample["log"]["entries"] for one in entry["response"]["headers"]]


def test_what_a_capture_holds_is_no_markup_there(builder: Any) -> None:
    texts = dict.fromkeys(("rule", "level", "message", "fix", "spec", "link"), '<script>"&')
    found = {**texts, "severity": "error", "location": {"offset": 0, "index": 0, "entry": 1}}
    exchange = {"number": 1, "response": {"fields": [["X", "<script>{0}"]]}}
    figure = builder.first_finding({"findings": [found], "exchanges": [exchange]})
    assert "<script" not in figure
    assert figure.count("&lt;script&gt;&quot;&amp;") == 7
    assert ">X: &lt;script&gt;{0}\n   ^</pre>" in figure


def test_the_service_worker_knows_each_file(playground_site: Path) -> None:
    keeper = (playground_site / "sw.js").read_text("utf-8")
    told = re.search(r"^const PARTS = (\{.*?\});$", keeper, re.DOTALL | re.MULTILINE)
    assert told
    assert json.loads(told[1]) == {name: hashlib.sha256(octets).hexdigest()
                                   for name, octets in files(playground_site).items() if name != "sw.js"}


# --- how it fails ---------------------------------------------------------------------------------------------------

def test_a_build_that_fails_leaves_the_page_as_it_was(
        builder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sw.js").write_text("before", "utf-8")

    def fails(directory: Path) -> None:
        (directory / "sw.js").write_text("half", "utf-8")
        sys.exit("no network")

    monkeypatch.setattr(builder, "build", fails)
    monkeypatch.setattr(sys, "argv", ["playground", str(site)])
    with pytest.raises(SystemExit, match="no network"):
        builder.main()
    assert files(tmp_path) == {"site/sw.js": b"before"}
    monkeypatch.setattr(builder, "build", lambda directory: (directory / "sw.js").write_text("after", "utf-8"))
    builder.main()
    assert files(tmp_path) == {"site/sw.js": b"after"}


def test_other_files_are_not_replaced(builder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thesis.txt").write_text("mine", "utf-8")
    monkeypatch.setattr(sys, "argv", ["playground", str(tmp_path)])
    with pytest.raises(SystemExit, match="other files than those of the page"):
        builder.main()
    assert files(tmp_path) == {"thesis.txt": b"mine"}


def test_who_is_second_takes_what_is_there(builder: Any, tmp_path: Path) -> None:
    """Two builds at once, which have nothing yet, bring the same."""
    with builder.beside(tmp_path / "kept", replace=False) as second:
        (second / "name").write_text("second", "utf-8")
        with builder.beside(tmp_path / "kept", replace=False) as first:
            (first / "name").write_text("first", "utf-8")
    assert files(tmp_path) == {"kept/name": b"first"}


@pytest.mark.parametrize(("said", "meant"), [
    ("npm error code EINTEGRITY", "not what playground/package-lock.json pins"),
    ("npm error code ENOTFOUND", "no way to npm's registry"),
    ("npm error code ETARGET", "tools/pin pins anew"),
])
def test_what_npm_cannot_bring_is_said(
        builder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, meant: str) -> None:
    script = tmp_path / "npm"
    script.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit 1\n", "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(builder, "ROOT", tmp_path)             # where nothing is kept
    with pytest.raises(SystemExit) as end:
        builder.brought()
    assert said in str(end.value)
    assert meant in str(end.value)
    assert [path.name for path in (tmp_path / "build").iterdir()] == []


def test_without_npm_it_says_what_it_needs(builder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(builder, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match="needs npm, which comes with Node"):
        builder.brought()


@pytest.mark.parametrize(("line", "meant"), [
    ("h11==0.16.0 --hash=sha256:" + "0" * 64, "not what playground/requirements.txt pins"),
    ("h11==0.16.99 --hash=sha256:" + "0" * 64, "has no such wheel for Pyodide's Python"),
])
def test_what_pip_cannot_bring_is_said(
        builder: Any, tmp_path: Path, line: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an index on this machine, with one wheel in it."""
    with zipfile.ZipFile(tmp_path / "h11-0.16.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("h11-0.16.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: h11\nVersion: 0.16.0\n")
        wheel.writestr("h11-0.16.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("h11-0.16.0.dist-info/RECORD", "")
    info = {"abi_version": "2026_0", "arch": "wasm32", "python": "3.14.2"}
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"info": info}), "utf-8")
    (tmp_path / "requirements.txt").write_text(line, "utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit, match=re.escape(meant)):
        builder.download(tmp_path, tmp_path / "packages", "--no-deps", "--require-hashes", "--no-index", "--find-links",
                      tmp_path, "-r", tmp_path / "requirements.txt")

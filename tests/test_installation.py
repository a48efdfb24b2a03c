"""What the program says of its installation follows from how it was installed, what pages say from the release."""
from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from httplint.model import installation
from httplint.model.installation import command, committed, requirement

ROOT = Path(__file__).parents[1]
NAME = "http-conformance-lint"
PAGES = [ROOT / "README.md", ROOT / "playground" / "index.html", *sorted((ROOT / "docs").rglob("*.md"))]

Installed = Callable[[object], None]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Installs a distribution of that name; with what an installer has written down, None for nothing."""
    monkeypatch.chdir(tmp_path)

    def install(told: object) -> None:
        site = tmp_path / "site"
        about = site / "http_conformance_lint-9.dist-info"
        about.mkdir(parents=True)
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 9\n", "utf-8")
        if told is not None:
            (about / "direct_url.json").write_text(told if isinstance(told, str) else json.dumps(told), "utf-8")
        monkeypatch.setattr(installation, "HOME", str(site))

    return install


def test_what_came_from_an_index_is_named(installed: Installed) -> None:
    installed(None)
    assert requirement() == committed() == NAME
    assert command() == f"pip install {NAME}"
    assert command("http2") == f"pip install '{NAME}[http2]'"


def test_what_came_from_a_directory_goes_by_its_address(installed: Installed, tmp_path: Path) -> None:
    installed({"url": "file:///home/me/a%20checkout", "dir_info": {}})
    assert command("psl") == f"pip install '{NAME}[psl] @ file:///home/me/a%20checkout'"
    assert committed() == "./httplint"


def test_a_directory_below_is_the_one_that_is_committed(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "vendor" / "a checkout").mkdir(parents=True)
    installed({"url": (tmp_path / "vendor" / "a checkout").as_uri(), "dir_info": {"editable": True}})
    assert committed() == "./vendor/a checkout"


def test_a_wheel_keeps_its_name(installed: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "http_conformance_lint-9-py3-none-any.whl"
    wheel.touch()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    installed({"url": wheel.as_uri(), "archive_info": {}})
    assert requirement("warc") == f"{NAME}[warc] @ {wheel.as_uri()}"
    assert committed() == "./http_conformance_lint-9-py3-none-any.whl"


def test_what_came_from_a_repository_is_pinned(installed: Installed) -> None:
    installed({"url": "https://code.example/httplint", "vcs_info": {"vcs": "git", "commit_id": "0123abc"}})
    assert requirement() == committed() == f"{NAME} @ git+https://code.example/httplint@0123abc"


@pytest.mark.parametrize("told", ["", "{", "[]", "{}", '{"url": "file:///x", "vcs_info": 5}', "\x00", '"x"', "null"])
def test_whatever_is_written_down_there_is_an_answer(told: str, installed: Installed) -> None:
    installed(told)
    assert requirement() in (NAME, "./httplint", f"{NAME} @ file:///x")
    assert committed() in (NAME, "./httplint")


def test_what_lies_in_a_checkout_comes_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(installation, "HOME", str(tmp_path / "src"))
    assert command("http2") == f"pip install '{NAME}[http2] @ {tmp_path.as_uri()}'"
    assert committed() == "./httplint"


def test_what_was_not_installed_is_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "HOME", str(tmp_path / "in.pyz"))
    assert requirement("http2") == "./httplint[http2]"
    assert committed() == "./httplint"


def commands() -> list[str]:
    """What pages tell to install."""
    return [found for page in PAGES
            for line in re.findall(r"pip install ([^\n`&]+)", page.read_text("utf-8")) for found in line.split()]


def test_no_page_names_what_no_index_has() -> None:
    """Until tools/release.py --published has been run, once and for all."""
    of_us = {found.strip("'").partition("[")[0] for found in commands()} & {NAME, "./httplint"}
    marked = [page for page in PAGES if "<!-- not on an index -->" in page.read_text("utf-8")]
    assert of_us == ({"./httplint"} if marked else {NAME})


def test_the_release_switches_all_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "tools")
    from release import published  # type: ignore[import-not-found,unused-ignore]
    for page in PAGES:
        now = published(page.read_text("utf-8"))
        assert "install ./httplint" not in now
        assert "install './httplint" not in now
        assert "not on an index" not in now
        assert "no package index has it" not in now.lower()
        assert published(now) == now
    assert published("pip install './httplint[psl]'\n") == f"pip install '{NAME}[psl]'\n"
    assert published("httplint check --config ./httplint.toml\n") == "httplint check --config ./httplint.toml\n"


def test_the_program_says_it_in_one_place() -> None:
    said = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "src").rglob("*.py"))
            if re.search(rf"{NAME}(?!\.)", path.read_text("utf-8"))]
    assert said == [os.path.join("src", "httplint", "model", "installation.py")]


def test_the_workflow_switches_before_it_builds() -> None:
    yaml = pytest.importorskip("yaml")
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8"))["jobs"]
    steps = [step.get("run", "") for step in jobs["build"]["steps"]]
    assert next(number for number, run in enumerate(steps) if "release.py --published" in run) < next(
        number for number, run in enumerate(steps) if "tools/dist.py" in run)
    assert any("release.py --published" in step.get("run", "") for step in jobs["pages"]["steps"])
    assert jobs["pages"]["needs"] == "publish"

"""What the tests in a browser have in common."""
from __future__ import annotations

import fcntl
import functools
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import FileHandler, serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of Chromium; tests are skipped without it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("chromium is not installed")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """Chromium as Playwright drives it."""
    api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium,
                                             args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture(scope="session")
def barriers() -> Callable[[Any], list[str]]:
    """What axe-core holds against a page as it stands: names, roles, order of headings, contrast. All of that is told,
    and none of what is as it should be: to say where each such element stands would take time."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
               "resultTypes": ["violations"]}
    return lambda page: [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
                         for one in axe.run(page, options=options).response["violations"] for node in one["nodes"]]


@pytest.fixture(scope="session")
def builder() -> Any:
    """tools/playground, as a module."""
    loader = importlib.machinery.SourceFileLoader("playground_builder", str(ROOT / "tools" / "playground"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def playground_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the page that lints in a browser, as tools/playground builds them: once for all workers."""
    if shutil.which("npm") is None:
        pytest.skip("tools/playground needs npm")
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:                # one of several in the directory of a run
        shared = shared.parent
    site = shared / "playground"
    with (shared / "playground.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not site.exists():
            done = subprocess.run([sys.executable, ROOT / "tools" / "playground", shared / "playground.made"],
                                  capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "playground.made").rename(site)
    return site


@pytest.fixture(scope="module")
def playground(playground_site: Path) -> Iterator[str]:
    """The address of that page, from a server on loopback."""
    with serving(functools.partial(FileHandler, directory=str(playground_site))) as place:
        yield f"http://{place}/index.html"

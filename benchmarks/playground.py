"""What the page that lints in a browser costs: its start, its size, and linting beside the command itself.

    python benchmarks/playground.py                        # builds the page, and takes all that follows
    python benchmarks/playground.py --site DIRECTORY       # the page that tools/playground has built there
    python benchmarks/playground.py --only start,sizes --rounds 7
    python benchmarks/playground.py --only lint --megabytes 10,100 --inputs DIRECTORY

Needs Playwright and Chromium, and httplint installed from the wheel: from source, each command would compile the rules
first. All is served on loopback. Start: a visit of the page is compared with one of a page that does nothing but load
Pyodide in a worker, from the same files, in the same round, each round in contexts of the browser that know nothing;
and the second visit of each, where the first has its service worker. Linting: recorded entries with other hosts,
times and tokens are chosen as a file; the command that the page then gives its worker is run by this machine's Python,
too, with one process. CPU is that of all processes of the browser.
"""
from __future__ import annotations

import argparse
import functools
import os
import re
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import traffic
from speed import HTTPLINT, Run, machine, once

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests"))
from serving import FileHandler, serving  # noqa: E402

BUILD = ROOT / "tools" / "playground"
MOST_START, MOST_OCTETS = 2.5, 8_000_000
"""How often the bare start the page's own may take, and what all of it may have when it is compressed."""
PATIENCE = 600_000
"""How long anything is waited for, in milliseconds."""

BARE = {
    "index.html": '<!doctype html><html lang="en"><title>Pyodide</title><link rel="icon" href="data:,">'
                  '<script type="module" src="page.mjs"></script>',
    "page.mjs": 'const worker = new Worker("worker.mjs", { type: "module" });\n'
                "worker.onmessage = () => { document.documentElement.dataset.worker = 'ready'; };\n",
    "worker.mjs": 'import { loadPyodide } from "./pyodide/pyodide.mjs";\n'
                  'await loadPyodide({ indexURL: new URL("pyodide/", import.meta.url).href });\n'
                  'postMessage("ready");\n',
}
"""A page that loads Pyodide, as its documentation does it in a worker."""

OBSERVER = """
globalThis.observed = { states: [], argv: null, asked: 0, progress: 0, answered: 0, ticks: [] };
new MutationObserver(() => {
  const { worker, run } = document.documentElement.dataset;
  observed.states.push([performance.now(), worker, run]);
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-worker", "data-run"] });
const post = Worker.prototype.postMessage, heard = new WeakSet();
Worker.prototype.postMessage = function (message, ...rest) {
  if (message.argv) Object.assign(observed, { argv: message.argv, asked: performance.now(), progress: 0, answered: 0 });
  if (!heard.has(this)) this.addEventListener("message", ({ data }) => {
    if ("share" in data) observed.progress ||= performance.now();
    if ("status" in data) observed.answered = performance.now();
  });
  heard.add(this);
  return post.call(this, message, ...rest);
};
let before = performance.now();
setInterval(() => {
  const now = performance.now();
  observed.pause = Math.max(observed.pause || 0, now - before);
  before = now;
}, 5);
"""
"""Notes when the page says what of itself, what it asks its worker, and how long it does nothing else."""

HEAP = """
for (const name of ["instantiate", "instantiateStreaming"]) {
  const made = WebAssembly[name];
  WebAssembly[name] = async (...given) => {
    const result = await made.apply(WebAssembly, given);
    const { exports } = result.instance || result;
    globalThis.heap ||= Object.values(exports || {}).find((one) => one instanceof WebAssembly.Memory);
    return result;
  };
}
null
"""
"""Keeps the memory of a worker's program, which only grows."""


class Lint(NamedTuple):
    """A file linted in the page. Seconds, but for the pause in milliseconds and octets of the heap."""

    argv: list[str]
    cpu: float
    wall: float
    progress: float
    pause: float
    heap: int


class Browser:
    """A Chromium, and what its processes take."""

    def __init__(self, playwright: Any) -> None:
        self._browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[
            "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])

    def context(self) -> Any:
        """One that knows nothing: no cookie, no cache, no service worker."""
        made = self._browser.new_context(viewport={"width": 1280, "height": 900})
        made.add_init_script(OBSERVER)
        return made

    def cpu(self) -> float:
        """Seconds of all its processes, those too that have ended and been waited for."""
        return sum(ticks for name, ticks in _descendants(os.getpid()) if name.startswith("chrom"))

    def close(self) -> None:
        self._browser.close()


def _descendants(process: int) -> Iterator[tuple[str, float]]:
    """Name and CPU seconds of each process that came of one."""
    known: dict[int, list[int]] = {}
    told = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            number, name, rest = re.fullmatch(r"(\d+) \((.*)\) (.*)\n", path.read_text("utf-8"), re.DOTALL).groups()
        except (OSError, AttributeError):                  # it has ended
            continue
        fields = rest.split()
        known.setdefault(int(fields[1]), []).append(int(number))
        told[int(number)] = name, sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    waiting = [process]
    while waiting:
        children = known.get(waiting.pop(), [])
        waiting += children
        yield from (told[child] for child in children)


# --- its start ------------------------------------------------------------------------------------------------------

def visit(context: Any, address: str, *, sample: bool = False, kept: bool = False) -> dict[str, float]:
    """Seconds from the navigation until the worker is ready, and until what is shown meanwhile is painted.

    `sample`: and until the findings of the sample, which a visitor sees linted, are there. `kept`: waits until the page
    can be opened without a network, which is not counted.
    """
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    state(page, "worker", "ready")
    found = {"ready": next(at for at, worker, _ in page.evaluate("observed.states") if worker == "ready") / 1000}
    if sample:
        page.frame_locator("iframe").locator(".row").first.wait_for()
        found["report of the sample"] = time.perf_counter() - begun
        paints = "performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)"
        found["example of a finding painted"] = page.evaluate(paints)[0] / 1000
    if kept:
        state(page, "offline", "kept")
    page.close()
    return found


def state(page: Any, name: str, *values: str) -> None:
    """Waits until the page says one of these of itself."""
    page.wait_for_selector(",".join(f"html[data-{name}={value}]" for value in values), state="attached",
                           timeout=PATIENCE)


def start(playwright: Any, site: str, plain: str, rounds: int) -> None:
    """Prints how long the page takes beside the bare one, first and second visit; the first round is not counted."""
    browser = Browser(playwright)
    times: dict[str, list[float]] = {}
    for _ in range(rounds + 1):
        ours, theirs = browser.context(), browser.context()
        for number in ("first", "second"):
            for name, seconds in visit(theirs, plain).items():
                times.setdefault(f"{number} visit of the bare page: {name}", []).append(seconds)
            for name, seconds in visit(ours, site, sample=True, kept=number == "first").items():
                times.setdefault(f"{number} visit: {name}", []).append(seconds)
        ours.close()
        theirs.close()
    browser.close()
    print("| from the navigation | s | × the bare page in the same round | target |\n|---|---|---|---|")
    for name, seconds in times.items():
        bare = times[f"{name.split()[0]} visit of the bare page: ready"]
        ratios = [one / other for one, other in zip(seconds, bare, strict=True)][1:]
        target = f"≤ {MOST_START}" if name in ("first visit: ready", "first visit: report of the sample") else ""
        print(f"| {name} | {both(seconds[1:])} | {both(ratios)} | {target} |")


def both(figures: Iterable[float], digits: int = 2) -> str:
    """The least, and the median."""
    found = list(figures)
    return f"{min(found):.{digits}f} ({statistics.median(found):.{digits}f})"


# --- its size -------------------------------------------------------------------------------------------------------

def sizes(directory: Path) -> None:
    """Prints what each part of the page takes, bare and compressed."""
    table = runpy.run_path(str(BUILD), run_name="build")["sizes"](directory)
    print("\n".join(f"    {line}" for line in table.splitlines()))
    largest = max(int(figure.replace(",", "")) for figure in table.splitlines()[-1].split()[2:])
    print(f"\nAll, compressed: {largest / 1e6:.2f} MB at most; target: ≤ {MOST_OCTETS / 1e6:.0f} MB.")


# --- linting --------------------------------------------------------------------------------------------------------

def har(directory: Path, megabytes: int) -> Path:
    """A HAR of so many MB, of recorded entries."""
    path = directory / f"recorded-{megabytes}MB.har"
    if not path.exists():
        traffic.write(path, _until(megabytes * 1_000_000))
    return path


def _until(octets: int) -> Iterator[str]:
    for text in traffic.recorded(sys.maxsize):
        octets -= len(text.encode())
        yield text
        if octets <= 0:
            return


def opened(context: Any, site: str) -> tuple[Any, Any]:
    """The page, ready and kept, which has linted its sample; and its worker."""
    page = context.new_page()
    workers: list[Any] = []

    def keep(worker: Any) -> None:
        workers.append(worker)
        worker.evaluate(HEAP)

    page.on("worker", keep)
    page.goto(site)
    state(page, "run", "done")
    state(page, "offline", "kept")                         # so that no file is fetched meanwhile
    return page, workers[-1]


def linted(browser: Browser, site: str, path: Path) -> Lint:
    """A file linted by a page that has linted its sample before."""
    context = browser.context()
    page, worker = opened(context, site)
    page.evaluate("delete document.documentElement.dataset.run; Object.assign(observed, { argv: null, pause: 0 })")
    cpu = browser.cpu()
    page.locator("input[type=file]").first.set_input_files(path)
    state(page, "run", "done", "failed")
    cpu = browser.cpu() - cpu
    seen = page.evaluate("observed")
    heap = worker.evaluate("globalThis.heap ? heap.buffer.byteLength : 0")
    context.close()
    if not seen["answered"]:
        raise RuntimeError(f"{path} was not linted: {seen}")
    return Lint(seen["argv"], cpu, (seen["answered"] - seen["asked"]) / 1000,
                (seen["progress"] - seen["asked"]) / 1000 if seen["progress"] else 0, seen["pause"], heap)


def natively(argv: list[str], path: Path) -> Run:
    """The same command, by the Python that runs this."""
    with tempfile.TemporaryDirectory() as out:
        words = [str(path) if word == path.name else word.replace("/out/", f"{out}/") for word in argv]
        return once([*HTTPLINT, *words, "--fail-on", "never", "--jobs", "1"])


def cancelled(browser: Browser, site: str, path: Path) -> float:
    """Seconds from Cancel, pressed at the first progress, until the page is ready again."""
    context = browser.context()
    page, _ = opened(context, site)
    page.evaluate("observed.progress = 0")
    page.locator("input[type=file]").first.set_input_files(path)
    while not page.evaluate("observed.progress"):
        time.sleep(0.01)
    number = page.evaluate("observed.states.length")
    begun = page.evaluate("performance.now()")
    page.get_by_role("button", name="Cancel").click()
    while True:
        later = page.evaluate(f"observed.states.slice({number})")
        ready = [at for at, worker, _ in later if worker == "ready"]
        if ready and any(worker == "loading" for _, worker, _ in later):
            break
        time.sleep(0.01)
    context.close()
    return (ready[-1] - begun) / 1000


def lint(playwright: Any, site: str, paths: list[Path], rounds: int) -> None:
    """Prints what linting takes in the page and beside it, in turns."""
    print("| HAR | CPU, × the command | wall, × | CPU s in the page | and of the command | first progress, s "
          "| longest pause, ms | heap, MB | from Cancel until ready, s |\n|---|---|---|---|---|---|---|---|---|")
    browser = Browser(playwright)
    for path in paths:
        pairs: list[tuple[Lint, Run]] = []
        ends: list[float] = []
        for _ in range(rounds):
            inside = linted(browser, site, path)
            pairs.append((inside, natively(inside.argv, path)))
            ends.append(cancelled(browser, site, path))
        print(f"| {path.stat().st_size / 1e6:.0f} MB | {both(one.cpu / two.cpu for one, two in pairs)} "
              f"| {both(one.wall / two.wall for one, two in pairs)} | {both(one.cpu for one, _ in pairs)} "
              f"| {both(two.cpu for _, two in pairs)} | {both(one.progress for one, _ in pairs)} "
              f"| {both((one.pause for one, _ in pairs), 0)} | {max(one.heap for one, _ in pairs) / 1e6:.0f} "
              f"| {both(ends)} |", flush=True)
    browser.close()
    print(f"\nThe command: `httplint {' '.join(pairs[0][0].argv)}`")


# --------------------------------------------------------------------------------------------------------------------

PARTS = ("sizes", "start", "lint")


def measure(site: Path, inputs: Path, parts: list[str], rounds: int, megabytes: list[int]) -> None:
    """Measures and prints those parts."""
    from playwright.sync_api import sync_playwright
    print(machine(rounds), end="\n\n")
    if "sizes" in parts:
        sizes(site)
    with tempfile.TemporaryDirectory() as temporary:
        for name, text in BARE.items():
            (Path(temporary) / name).write_text(text, "utf-8")
        pyodide, = site.glob("*/pyodide")
        (Path(temporary) / "pyodide").symlink_to(pyodide.resolve())
        with (serving(functools.partial(FileHandler, directory=str(site))) as ours,
              serving(functools.partial(FileHandler, directory=temporary)) as theirs, sync_playwright() as playwright):
            page = f"http://{ours}/index.html"
            if "start" in parts:
                print()
                start(playwright, page, f"http://{theirs}/index.html", rounds)
            if "lint" in parts:
                print()
                lint(playwright, page, [har(inputs, number) for number in megabytes], rounds)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--site", type=Path, metavar="DIRECTORY", help="the page, built by tools/playground")
    arguments.add_argument("--only", default=",".join(PARTS), help=f"with commas between them: {', '.join(PARTS)}")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--megabytes", default="10,100", help="sizes of what is linted")
    arguments.add_argument("--inputs", type=Path, metavar="DIRECTORY", help="where inputs are kept for later")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        inputs = given.inputs or Path(temporary)
        inputs.mkdir(parents=True, exist_ok=True)
        site = given.site
        if site is None:
            site = Path(temporary) / "site"
            subprocess.run([sys.executable, str(BUILD), str(site)], check=True, stdout=subprocess.DEVNULL)
        measure(site, inputs, given.only.split(","), given.rounds, [int(one) for one in given.megabytes.split(",")])


if __name__ == "__main__":
    main()

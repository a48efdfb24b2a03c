"""The worker of the page that lints in a browser: its life, and what it is given to read."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("packaged")]

DRIVER = """
import { Linter } from "./linter.mjs";

/** A worker, all that was told of it, and what waits until something is. */
const begin = () => {
  const heard = [], met = new Set();
  const linter = new Linter((told) => { heard.push(told); for (const one of met) one(); });
  const until = async (name, times = 1) => {
    while (heard.filter((told) => name in told).length < times)
      await new Promise((on) => met.add(on));
  };
  return { linter, heard, until, names: () => heard.map((told) => Object.keys(told)[0]) };
};
let shared;
globalThis.driver = {
  begin,
  get shared() { return shared ??= begin(); },
  failure: (promise) => promise.then(() => "", (error) => `${error.name}: ${error.message}`),
  run: async (argv, files, results, progress) => {
    const answer = await driver.shared.linter.ask({ argv, results, files: Object.entries(files).map(([name, data]) =>
      ({ name, data: data instanceof Blob ? data : new Blob([data]) })) }, progress);
    for (const [name, data] of Object.entries(answer.files)) answer.files[name] = await data.text();
    return answer;
  },
};
"""
"""Stands in the place of app.mjs: nothing is started before a test asks for it."""

RESPONSE = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
CHECK = ["check", "--isolated", "--output-format", "concise", "--"]


def driven(browser: Any, address: str) -> Any:
    """A page that does nothing but what a test has it do."""
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.route("**/app.mjs", lambda route: route.fulfill(content_type="text/javascript", body=DRIVER))
    page.goto(address)
    return page


@pytest.fixture(scope="module")
def page(browser: Any, playground: str) -> Iterator[Any]:
    """One whose worker all tests share that do not end it."""
    page = driven(browser, playground)
    yield page
    page.close()


def run(page: Any, argv: list[str], files: dict[str, str], results: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a command answers in the page."""
    answer: dict[str, Any] = page.evaluate("([argv, files, results]) => driver.run(argv, files, results)",
                                           [argv, files, [*results]])
    return answer


def native(directory: Path, argv: list[str], files: dict[str, str]) -> tuple[int, str, str]:
    """What the same command answers on the command line."""
    for name, text in files.items():
        (directory / name).write_bytes(text.encode("utf-8"))
    done = subprocess.run([sys.executable, "-m", "httplint", *argv], cwd=directory, capture_output=True,
                          encoding="utf-8", check=False)
    return done.returncode, done.stdout, done.stderr


def long_har() -> list[str]:
    """The pieces of a HAR that takes long: 15 MB."""
    har = json.loads((FIXTURES / "har" / "mitmproxy-application-violating-4xx-5xx.har").read_text("utf-8"))
    entries = json.dumps(har["log"]["entries"])[1:-1]
    har["log"]["entries"] = []
    head, tail = json.dumps(har).split('"entries": []')
    return [head, '"entries": [', *[entries, ","] * 200, entries, "]", tail]


def test_a_command_says_what_it_says_on_the_command_line(page: Any, tmp_path: Path) -> None:
    files = {"a.txt": RESPONSE, "ä b%20.txt": RESPONSE.replace("405", "401"), "empty": "",
             "own.toml": "[[rule]]\nid = 1\n"}
    for argv in ([*CHECK, "a.txt", "ä b%20.txt"], [*CHECK, "empty"],
                 ["check", "a.txt", "ä b%20.txt", "--isolated", "--jobs", "2"],   # a browser has no processes
                 ["check", "a.txt", "--isolated", "--profile", "none"],
                 ["explain", "405.allow-missing"], ["rules", "test", "own.toml"], ["check", "absent", "--isolated"],
                 ["check", "a.txt", "--selct", "x"], ["rules", "new", "x-mine.some-rule"]):
        answer = run(page, argv, files)
        assert (answer["status"], answer["out"], answer["err"]) == native(tmp_path, argv, files), argv


def test_runs_leave_nothing_to_the_next(page: Any) -> None:
    argv = ["check", "a.txt", "--isolated", "--output", "json:/out/r"]
    first = run(page, argv, {"a.txt": RESPONSE}, ("r", "other"))
    assert [*first["files"]] == ["r"]
    refused = run(page, [*argv, "--output", "html:/out/absent/r"], {"a.txt": RESPONSE}, ("r",))
    assert (refused["status"], refused["files"]) == (2, {})
    assert "/out/absent/r" in refused["err"]
    run(page, argv, {"a.txt": RESPONSE})                   # what it has written is not asked for
    assert run(page, [*CHECK, "a.txt"], {"a.txt": RESPONSE}, ("r",))["files"] == {}
    assert run(page, [*CHECK, "b.txt"], {"a.txt": RESPONSE})["status"] == 2
    again = run(page, argv, {"a.txt": RESPONSE}, ("r",))
    assert again["files"] == first["files"]


def test_names_are_those_that_the_files_have(page: Any) -> None:
    names = ["a b.har", "ä%20.har", "%2e%2e", "...", "report.html", "n" * 200 + ".har", "'\"&<>.txt"]
    answer = run(page, [*CHECK, *names], dict.fromkeys(names, RESPONSE))
    assert (answer["status"], answer["err"]) == (1, "")
    assert answer["out"].count("405.allow-missing") == len(names)


def test_what_cannot_be_read_any_more_is_told(page: Any, tmp_path: Path) -> None:
    chosen = tmp_path / "chosen.txt"
    chosen.write_text(RESPONSE, "ascii")
    page.evaluate("() => { const box = document.createElement('input'); box.type = 'file'; box.id = 'chosen'; "
                  "document.body.append(box); }")
    page.set_input_files("#chosen", chosen)
    assert page.evaluate("() => document.querySelector('#chosen').files[0].size") == len(RESPONSE)
    chosen.write_text(2 * RESPONSE, "ascii")
    os.utime(chosen, (2_000_000_000, 2_000_000_000))
    answer = page.evaluate("(argv) => driver.run(argv, "
                           "{ 'chosen.txt': document.querySelector('#chosen').files[0] }, [])",
                           [*CHECK, "chosen.txt"])
    assert answer["status"] == 2
    assert "httplint: chosen.txt: it was changed or removed since it was chosen" in answer["err"]
    chosen.unlink()
    answer = page.evaluate("(argv) => driver.run(argv, "
                           "{ 'chosen.txt': document.querySelector('#chosen').files[0] }, [])",
                           [*CHECK, "chosen.txt"])
    assert answer["status"] == 2
    assert "httplint: chosen.txt: it was changed or removed since it was chosen" in answer["err"]
    assert run(page, [*CHECK, "a.txt"], {"a.txt": RESPONSE})["status"] == 1


def test_what_takes_long_tells_its_progress_and_can_be_cancelled(page: Any) -> None:
    told = page.evaluate("""async ([argv, text]) => {
      const { linter, until, names } = driver.begin();
      const early = driver.failure(linter.ask({ argv, files: [] }));
      linter.cancel();                                     // before it is ready: it is loaded all the same
      let share;
      const shown = new Promise((on) => { share = on; });
      const files = [{ name: "long.har", data: new Blob(text) }];
      const long = driver.failure(linter.ask({ argv, files }, (...said) => share(said)));
      const behind = driver.failure(linter.ask({ example: "405.allow-missing" }));
      const [part, said] = await shown;
      const busy = linter.state;
      linter.cancel();
      await until("ready", 2);
      const after = (await linter.ask({ example: "405.allow-missing" })).text;
      linter.cancel();                                     // nothing to cancel
      return { part, said, busy, early: await early, long: await long, behind: await behind, after, names: names(),
               state: linter.state };
    }""", [[*CHECK, "long.har"], long_har()])
    assert 0 <= told["part"] <= 1
    assert "long.har" in told["said"]
    assert told["early"] == told["long"] == told["behind"] == "AbortError: it was cancelled"
    assert "405" in told["after"]
    assert told["names"] == ["ready", "replaced", "ready"]
    assert (told["busy"], told["state"]) == ("busy", "ready")


ALTERED = """
import ctypes
linted = command
def command(argv, tell):
    if argv == ["count"]:
        return len(gc.get_objects()), "", ""
    if argv == ["starve"]:
        raise MemoryError
    return linted(argv, tell) if argv != ["fall"] else ctypes.string_at(0xfffffff0, 64)
"""
"""Makes of some commands others: to count what Python holds, to have no memory, and to die."""


@pytest.fixture(scope="module")
def altered(browser: Any, playground: str, playground_site: Path) -> Iterator[Any]:
    """A page whose glue has these."""
    glue = next(playground_site.rglob("play.py")).read_text("utf-8")
    page = driven(browser, playground)
    page.route("**/play.py", lambda route: route.fulfill(content_type="text/plain", body=glue + ALTERED))
    yield page
    page.close()


def test_runs_do_not_fill_the_memory(altered: Any) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            run(altered, ["check", "a.txt", "--isolated"], {"a.txt": RESPONSE})
        counts.append(run(altered, ["count"], {})["status"])
    assert counts[1] < counts[0] + 100                     # each run leaves hundreds in cycles, or thousands


def test_a_worker_that_dies_is_replaced_and_what_waits_is_done(altered: Any) -> None:
    told = altered.evaluate("""async () => {
      const { linter, heard, names } = driver.shared;
      const [fall, starve] = ["fall", "starve"].map((word) => driver.failure(linter.ask({ argv: [word] })));
      const behind = linter.ask({ example: "405.allow-missing" });
      return { fall: await fall, starve: await starve, behind: (await behind).text, names: names(),
               replaced: heard.flatMap(({ replaced }) => replaced ?? []) };
    }""")
    assert told["fall"] == "Error: httplint broke off at this input, which is a fault of it"
    assert told["starve"].startswith("Error: there is not enough memory in the browser for this input")
    assert "405" in told["behind"]
    assert told["names"] == ["ready", "replaced", "ready", "replaced", "ready"]
    assert told["replaced"] == ["died", "died"]


NOT_LOADED = "which the page needs, could not be loaded"
NOT_WHOLE = "which the page needs, is not whole, or not what belongs to this page"


@pytest.mark.parametrize(("name", "given", "expected"), [
    ("pyodide.asm.wasm", {"status": 404}, f"pyodide.asm.wasm, {NOT_LOADED} (the server answered 404)"),
    ("pyodide.asm.wasm", {"content_type": "application/wasm", "body": "no"}, f"pyodide.asm.wasm, {NOT_WHOLE}"),
    ("http_sf-*.whl", {"body": "no"}, NOT_WHOLE),
    ("worker.mjs", {"status": 404}, f"worker.mjs, {NOT_LOADED}"),
])
def test_what_is_missing_or_damaged_is_told(browser: Any, playground: str, name: str, given: dict[str, Any],
                                            expected: str) -> None:
    page = driven(browser, playground)
    page.route(f"**/{name}", lambda route: route.fulfill(**given))
    told = page.evaluate("""async () => {
      globalThis.tried = driver.begin();
      const asked = driver.failure(tried.linter.ask({ example: "x" }));
      await tried.until("broken");
      return [tried.heard.at(-1).broken, await asked, await driver.failure(tried.linter.ask({ example: "x" })),
              tried.linter.state];
    }""")
    assert expected in told[0]
    assert told[1:] == [f"Error: {told[0]}", f"Error: {told[0]}", "broken"]
    if name == "pyodide.asm.wasm":
        page.unroute(f"**/{name}")
        assert page.evaluate("""async () => {
          tried.linter.retry();
          await tried.until("ready");
          return tried.names();
        }""") == ["broken", "replaced", "ready"]
    page.close()

"""What is nested very deeply ends the interpreter of a browser, unless it is told before: neither captures nor rules,
results, configurations and descriptions may do that.
"""
from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from har_maker import entry, har_of
from reporting import rule

from httplint.cli.main import run
from httplint.model import nesting

pytestmark = pytest.mark.browser

ASK = """async ({ argv, files }) => {
  globalThis.linter ??= import(new URL("linter.mjs", document.querySelector("script[type=module]").src).href)
    .then(({ Linter }) => new Linter((heard) => { if (heard.replaced) globalThis.replaced = heard.replaced; }));
  const answer = await (await linter).ask({
    argv, files: files.map(([name, text]) => ({ name, data: new Blob([text]) })), results: [] });
  return [answer.status, answer.out, answer.err, globalThis.replaced ?? null];
}"""


class Answer(NamedTuple):
    """What a command ended with and wrote; `replaced`: why another worker had to take its place."""

    status: int
    out: str
    err: str
    replaced: str | None


class Commands:
    """Runs commands in a worker of the page, and here as if this were a browser."""

    def __init__(self, page: Any, directory: Path) -> None:
        self._page, self._directory = page, directory

    def there(self, *argv: str, **files: str) -> Answer:
        return Answer(*self._page.evaluate(ASK, {"argv": argv, "files": list(files.items())}))

    def here(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *argv: str,
             **files: str) -> Answer:
        for name, text in files.items():
            (self._directory / name).write_text(text, "utf-8")
        monkeypatch.chdir(self._directory)
        with patch.object(nesting, "bounded", True):
            status = run(list(argv))
        return Answer(status, *capsys.readouterr(), None)


@pytest.fixture(scope="module")
def commands(browser: Any, playground: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Commands]:
    page = browser.new_page()
    page.route("**/app.mjs", lambda route: route.fulfill(body="", content_type="text/javascript"))   # one worker is enough
    page.goto(playground)
    yield Commands(page, tmp_path_factory.mktemp("here"))
    page.close()


LEVELS = (390, 1_500, 100_000)


def deep(kind: str, levels: int) -> str:
    """A text of so many levels, of which nobody but a decoder knows the kind."""
    opened, closed = {"array": ("[", "]"), "object": ('{"a":', "}"), "both": ('{"a":[', "]}")}[kind]
    count = levels // 2 if kind == "both" else levels
    return opened * count + "1" + closed * count


def content(media_type: str, text: str, **more: Any) -> dict[str, Any]:
    return entry(("Content-Type", media_type), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"), text=text, **more)


def entries() -> Iterator[dict[str, Any] | str]:
    for levels in LEVELS:
        for kind in ("array", "object", "both"):
            text = deep(kind, levels)
            yield content("application/json", text)
            yield content("application/json", text[:-1])
            yield content("application/problem+json", text)
            yield content("application/json", json.dumps(text))
            yield content("application/json", '"' + text)
            yield json.dumps(entry())[:-1] + f', "_deep": {text}}}'
        yield content("application/json", "\ufeff" + "[" * levels)
        yield content("application/xml", "<a>" * levels + "</a>" * levels)
        yield content("text/html", "<b>" * levels)
        report_to = json.dumps({"group": "a", "max_age": 1, "endpoints": []})[:-1] + f', "b": {deep("array", levels)}}}'
        for name, value in (("Report-To", report_to), ("NEL", report_to), ("Cache-Status", "(" * levels),
                            ("Signature-Input", "a=" + "(" * levels), ("Cookie", "[" * levels),
                            ("Via", "1.1 a " + "(" * levels + ")" * levels),
                            ("Server", "a " + "(" * levels + ")" * levels)):
            yield entry((name, value), ("Date", "Sun, 01 Mar 2026 12:00:00 GMT"))
        yield content("text/plain", "a", request={
            "method": "QUERY", "headers": [{"name": "Content-Type", "value": "application/json"}],
            "postData": {"text": "[" * levels, "mimeType": "application/json"}})
    yield entry()


def capture(few: int | None = None) -> str:
    listed = [one if isinstance(one, str) else json.dumps(one) for one in entries()]
    return json.dumps(har_of("here")).replace('"here"', ",\n".join(listed[:few]))


def test_captures_nested_deeply_are_judged_as_here(commands: Commands, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    argv = ("check", "a.har", "--isolated", "--output-format", "json", "--show", "not-evaluated")
    there = commands.there(*argv, **{"a.har": capture()})
    assert there == commands.here(monkeypatch, capsys, *argv, **{"a.har": capture()})
    told = json.loads(there.out)
    print(there.status, there.err[:500], list(told), told["summary"] if "summary" in told else "")
    print(there.out.count("nested too deeply"), len(there.out))
    assert 0

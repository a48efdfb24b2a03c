"""The page that lints in a browser: all that a person can do with it."""
from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from httplint.engine.rule import PROFILES
from httplint.model.severity import SEVERITIES
from httplint.report.formats import FORMATS

ROOT = Path(__file__).parents[2]
VIOLATING = ROOT / "fixtures" / "har" / "mitmproxy-application-violating-4xx-5xx.har"
CAPTURES = ROOT / "fixtures" / "captures"
IDLE = "html[data-worker=ready]:not([data-run=busy])"
LONG = 60_000
RESPONSE = "HTTP/1.1 405 Method Not Allowed\nContent-Type: text/plain\n"

ENDS = """
import time

_run = run
def run(argv):
    if "slow.har" in argv:
        while True:
            sys.stderr.write("\\r\\033[K###  34%  1,234 entries  slow.har")
            time.sleep(0.1)
    if "deadly.har" in argv:
        import ctypes
        ctypes.memset(0, 0, 1 << 24)
        ctypes.string_at(1 << 31)
    return _run(argv)
"""
"""The glue of the page, with a capture that never ends, and one that ends the interpreter."""

NOT_KEPT = "Object.defineProperty(navigator, 'serviceWorker', { value: undefined })"
"""So that no part comes from what an earlier worker has kept."""

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("packaged")]


def file(name: str, octets: bytes) -> dict[str, Any]:
    """A file to choose."""
    return {"name": name, "mimeType": "", "buffer": octets}


class Page:
    """The page, as a person has it before them."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.report = page.frame_locator("#report")
        self.errors: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def said(self) -> str:
        """What the page says when nothing is being done."""
        self.page.wait_for_selector(IDLE, state="attached", timeout=LONG)
        return str(self.page.inner_text("#state"))

    def chosen(self, *files: Any) -> str:
        """What it says when files were chosen."""
        self.page.set_input_files("#file", list(files))
        return self.said()

    def text(self, selector: str) -> str:
        """The text of an element."""
        return str(self.page.inner_text(selector))

    def opened(self, *sections: str) -> None:
        """Opens what can be folded."""
        for section in sections:
            if self.page.get_attribute(section, "open") is None:
                self.page.click(f"{section} > summary")

    def happens(self, kind: str, field: str, *files: tuple[str, str], text: str = "", on: str = "body") -> None:
        """Has the browser tell the page of files, or of text, that were dropped or pasted."""
        self.page.evaluate("""([kind, field, files, text, on]) => {
            const data = new DataTransfer();
            for (const [name, content] of files) data.items.add(new File([content], name));
            if (text) data.setData("text/plain", text);
            const Made = kind === "paste" ? ClipboardEvent : DragEvent;
            const told = { bubbles: true, cancelable: true, [field]: data };
            document.querySelector(on).dispatchEvent(new Made(kind, told));
        }""", [kind, field, list(files), text, on])


@pytest.fixture(scope="module")
def shared(browser: Any, playground: str) -> Iterator[Page]:
    """A page that has begun, for all tests."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce",
                                  permissions=["clipboard-read", "clipboard-write"])
    context.add_init_script(NOT_KEPT)
    made = Page(context.new_page())
    made.page.route("**/play.py", lambda route: route.fulfill(
        body=(ROOT / "playground" / "play.py").read_text("utf-8") + ENDS, content_type="text/x-python"))
    made.page.goto(playground)
    made.page.focus("#choose")
    made.page.wait_for_selector("html[data-run=done]", state="attached", timeout=LONG)
    yield made
    context.close()
    assert made.errors == []


@pytest.fixture
def at(shared: Page, playground: str) -> Page:
    """The page with all options as they are at first."""
    shared.opened("#options", "#own")
    shared.page.fill("#rules", "")
    shared.page.locator("#rules").blur()                   # else the box would change in the midst of the test
    shared.page.evaluate("location.hash = 'sample=conforming'")
    shared.page.wait_for_selector("#result-title:has-text('sample without faults')")
    shared.said()
    return shared


@pytest.fixture(scope="module")
def held(browser: Any, playground: str) -> Iterator[Page]:
    """A page whose parts do not come."""
    context = browser.new_context()
    context.add_init_script(NOT_KEPT)
    made = Page(context.new_page())
    made.page.route("**/pyodide/*", lambda route: None)
    made.page.goto(playground)
    yield made
    context.close()


# --- before httplint has loaded ---------------------------------------------------------------------------------------

def test_a_finding_is_there_before_httplint_is(held: Page) -> None:
    assert held.page.get_attribute("html", "data-worker") == "loading"
    assert 'realm="never ends' in held.text("#first pre")
    assert held.text("#first").startswith("MUST NOT: malformed WWW-Authenticate")
    assert held.page.get_attribute("#first p a", "href") == "../rules/www-authenticate.malformed.html"


def test_what_can_be_chosen_is_what_the_command_takes(held: Page) -> None:
    for choices, wanted in (("#profile option", PROFILES), ("#severity option", SEVERITIES),
                            ("#formats button", FORMATS)):
        values = [one.get_attribute("value") or one.text_content() for one in held.page.locator(choices).all()]
        assert sorted(values) == sorted(wanted)


def test_what_is_asked_for_early_waits_and_can_be_cancelled(held: Page) -> None:
    held.page.set_input_files("#file", VIOLATING)
    assert held.text("#state") == f"Linting {VIOLATING.name} begins as soon as httplint has loaded."
    held.page.focus("#cancel")
    held.page.keyboard.press("Enter")
    assert held.text("#state") == f"Cancelled: Linting {VIOLATING.name}."
    assert held.page.evaluate("document.activeElement.id") == "state"
    assert not held.page.is_visible("#cancel")


def test_what_could_not_be_loaded_is_said(browser: Any, playground: str) -> None:
    context = browser.new_context()
    context.add_init_script(NOT_KEPT)
    page = Page(context.new_page())
    page.page.route("**/pyodide/pyodide.mjs", lambda route: route.abort())
    page.page.goto(playground)
    page.page.wait_for_selector("html[data-worker=broken]", state="attached")
    assert page.text("#state").startswith("httplint could not be started:")
    page.page.set_input_files("#file", VIOLATING)
    page.page.wait_for_selector("html[data-run=failed]", state="attached")
    assert page.text("#state").startswith("httplint could not be started:")
    page.page.unroute("**/pyodide/pyodide.mjs")
    page.page.focus("#again")
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "state"
    page.page.wait_for_selector("html[data-run=done]", state="attached", timeout=LONG)
    assert page.said().startswith(f"{VIOLATING.name}: 15 errors")
    context.close()


def test_a_link_holds_though_an_option_is_changed_early(browser: Any, playground: str) -> None:
    context = browser.new_context()
    context.add_init_script(NOT_KEPT)
    page = Page(context.new_page())
    asked: list[Any] = []
    page.page.route("**/play.py", lambda route: asked.append(route))
    with page.page.expect_request("**/play.py"):
        page.page.goto(f"{playground}#sample=405.allow-missing")
    page.opened("#options")
    page.page.select_option("#severity", "error")
    assert page.page.evaluate("location.hash") == "#sample=405.allow-missing&severity=error"
    asked[0].continue_()
    page.page.wait_for_selector("html[data-run=done]", state="attached", timeout=LONG)
    assert page.text("#command") == "httplint check 405.allow-missing.txt --severity error"
    context.close()


# --- what is linted ---------------------------------------------------------------------------------------------------

def test_at_first_the_sample_is_linted_and_the_focus_stays(shared: Page) -> None:
    if shared.page.evaluate("location.hash"):
        pytest.skip("another test came first")
    assert shared.said() == "The sample with faults: 15 errors, 10 warnings, 4 info in 32 entries."
    shared.report.locator("h1").filter(has_text="29 findings in 32 exchanges").wait_for()
    assert shared.page.evaluate("document.activeElement.id") == "choose"
    assert shared.page.evaluate("scrollY") == 0


def test_files_are_chosen_whatever_they_are_called(at: Page) -> None:
    content = VIOLATING.read_bytes()
    files = [{"name": name, "mimeType": "", "buffer": content} for name in (
        "--profile", "same.har", "same.har", "-", "..", "a'b $(c).har", "mine.toml", f"{'long' * 100}.har")]
    assert at.chosen(*files).startswith("8 files: 120 errors")
    assert at.text("#command") == (
        "httplint check ./--profile same.har same-2.har ./- capture 'a'\\''b $(c).har' mine-2.toml "
        f"{'long' * 29}.har")
    assert "from 8 files, by" in at.text("#outcome")
    assert at.text("#outcome").endswith("Exit status 1: there are errors.")


def test_files_are_dropped_anywhere(at: Page) -> None:
    at.happens("drop", "dataTransfer", ("dropped.txt", RESPONSE), on="footer")
    assert at.said() == "dropped.txt: 1 error in 1 entry."
    at.report.locator("#findings, body").filter(has_text="405.allow-missing").first.wait_for()
    at.happens("drop", "dataTransfer", text=RESPONSE)
    assert at.said() == "The pasted text: 1 error in 1 entry."


def test_files_and_text_are_pasted(at: Page) -> None:
    at.happens("paste", "clipboardData", ("pasted.txt", RESPONSE), on="#text")
    assert at.said() == "pasted.txt: 1 error in 1 entry."
    at.happens("paste", "clipboardData", text="HTTP/1.1 200 OK\n")
    assert at.said() == "The pasted text: no findings in 1 entry."
    assert at.page.input_value("#text") == "HTTP/1.1 200 OK\n"
    at.page.fill("#text", "$ curl -v http://example.com/\n< HTTP/1.1 405 Method Not Allowed\n<\n")
    at.page.press("#go", "Enter")
    assert at.said() == "The pasted text: 1 error in 1 entry."
    assert at.text("#command") == "httplint check pasted.txt"


def test_what_cannot_be_read_here_is_said(at: Page) -> None:
    said = at.chosen(*(CAPTURES / name for name in ("wacz.wacz", "vcrpy.yaml", "newman.json")))
    assert said.startswith("3 files: 19 errors")
    assert "a WARC file is read with fastwarc" in at.text("#said")
    assert "YAML needs PyYAML" in at.text("#said")
    assert "nothing can be installed" in at.text("#elsewhere")
    assert "Exit status 2: not all could be read." in at.text("#outcome")
    assert at.chosen(file("junk.txt", b"<script>alert(1)</script>\x1b[31m")) == "junk.txt: it could not be read."
    assert "junk.txt" in at.text("#said")
    assert not at.page.is_visible("#elsewhere")
    assert at.text("#outcome") == "Exit status 2: it could not be read."


def test_what_needs_a_package_in_the_report_is_for_the_command_line(at: Page) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n"
    at.chosen(file("br.bin", head + b"\x0b\x01\x80a\x03"))
    assert not at.page.is_visible("#problems")
    assert "nothing can be installed" in at.text("#elsewhere")


def test_header_lines_alone_need_their_status_line(at: Page) -> None:
    at.page.fill("#text", "Content-Type: text/html\nCache-Control: no-store\n")
    at.page.click("#go")
    assert at.said() == "The pasted text: it could not be read."
    assert "put the status line of the response before them" in at.text("#said")


def test_a_configuration_is_applied_to_the_captures_beside_it(at: Page) -> None:
    ignoring = file("httplint.toml", b'ignore = ["405.allow-missing"]\n')
    assert at.chosen(ignoring, file("site.txt", RESPONSE.encode())) == "site.txt: no findings in 1 entry."
    assert at.text("#command") == "httplint check site.txt"
    assert at.text("#outcome").endswith("Exit status 0: no errors.")
    assert at.chosen(ignoring).startswith("There is no capture among these files: ")


def test_the_later_of_two_runs_wins(at: Page) -> None:
    at.page.evaluate("""([text]) => {
        for (const name of ["one.txt", "two.txt", "three.txt"]) {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([text], name));
            document.dispatchEvent(new DragEvent("drop", { cancelable: true, dataTransfer }));
        }
    }""", [RESPONSE])
    assert at.said() == "three.txt: 1 error in 1 entry."
    assert at.text("#result-title") == "Report of three.txt"


def test_a_sample_that_comes_late_takes_the_place_of_nothing(at: Page) -> None:
    at.page.route("**/samples/violating.har", lambda route: None)
    button = "[data-sample=violating] >> nth=0"
    with at.page.expect_request("**/samples/violating.har"):
        at.page.click(button)
    file = {"name": "site.txt", "mimeType": "", "buffer": RESPONSE.encode()}
    assert at.chosen(file) == "site.txt: 1 error in 1 entry."
    assert at.text("#result-title") == "Report of site.txt"
    with at.page.expect_request("**/samples/violating.har"):
        at.page.click(button)
    assert at.text("#state") == "Fetching the sample with faults …"
    at.page.click("#cancel")
    assert at.said() == "Cancelled: The sample."
    at.page.unroute("**/samples/violating.har")
    assert at.text("#result-title") == "Report of site.txt"


# --- how --------------------------------------------------------------------------------------------------------------

def test_options_hold_at_once_and_stand_in_a_link(at: Page, playground: str) -> None:
    at.page.click("[data-sample=violating] >> nth=0")
    assert at.said().startswith("The sample with faults: 15 errors")
    at.page.select_option("#severity", "error")
    at.page.fill("#select", "www-authenticate, 401")
    at.page.press("#select", "Enter")
    at.page.wait_for_selector("#command:has-text('--select')")
    at.said()
    assert at.text("#command") == "httplint check violating.har --severity error --select www-authenticate,401"
    at.page.click("#copy-command")
    assert at.page.evaluate("navigator.clipboard.readText()") == at.text("#command")
    at.page.click("#copy-link")
    link = at.page.evaluate("navigator.clipboard.readText()")
    assert link == f"{playground}#sample=violating&severity=error&select=www-authenticate,401"
    at.said()
    outcome = at.text("#outcome")
    at.page.evaluate("location.hash = 'sample=conforming'")
    at.page.wait_for_selector("#result-title:has-text('without')")
    at.page.evaluate("hash => { location.hash = hash; }", urlsplit(link).fragment)
    at.page.wait_for_selector("#result-title:has-text('with faults')")
    at.said()
    assert at.text("#outcome") == outcome
    assert at.page.input_value("#select") == "www-authenticate,401"


def test_a_link_tells_nothing_of_what_is_linted(at: Page, playground: str) -> None:
    at.page.fill("#rules", "# secret-rule\n")
    at.chosen({"name": "secret-name.txt", "mimeType": "", "buffer": f"{RESPONSE}X-Secret: content\n".encode()})
    at.page.click("#copy-link")
    assert at.page.evaluate("navigator.clipboard.readText()") == playground
    assert at.page.title() == "Try httplint"


def test_a_link_is_taken_only_as_far_as_it_could_have_been_made(at: Page) -> None:
    at.page.evaluate("location.hash = 'sample=../../x&profile=nope&select=%3Cb%3E&ignore=--show-secrets+x&"
                     "severity=error&rules=x'")
    at.page.wait_for_selector("#command:has-text('--severity error')")
    at.said()
    assert at.text("#command") == "httplint check conforming.har --severity error"
    assert at.page.input_value("#profile") == "default"
    assert at.page.input_value("#select") == at.page.input_value("#ignore") == ""


def test_the_example_of_a_rule_is_filled_in_and_linted(at: Page) -> None:
    at.page.evaluate("location.hash = 'sample=405.allow-missing&select=405.allow-missing'")
    at.page.wait_for_selector("#result-title:has-text('the example of 405.allow-missing')")
    assert at.said() == "The example of 405.allow-missing: 1 error in 1 entry."
    assert "HTTP/1.1 405 Method Not Allowed" in at.page.input_value("#text")
    at.page.evaluate("location.hash = 'sample=405.no-such-rule'")
    at.page.wait_for_selector("html[data-run=failed]", state="attached")
    assert at.text("#state") == "There is no rule 405.no-such-rule. All rules"
    assert at.page.get_attribute("#state a", "href") == "../rules/index.html"


def test_what_is_wrong_with_the_options_stands_there(at: Page) -> None:
    at.page.fill("#ignore", "405, allow-missin")
    at.page.press("#ignore", "Enter")
    at.page.wait_for_selector("html[data-run=failed]", state="attached")
    assert at.said() == "Not linted: see what is said of the options."
    assert at.text("#options-said").startswith("httplint: no rule's id begins with 'allow-missin'")
    assert at.page.get_attribute("#ignore", "aria-invalid") == "true"
    assert at.page.get_attribute("#select", "aria-invalid") is None
    assert at.text("#stale").startswith("This is an earlier report")
    at.page.fill("#ignore", "")
    at.page.press("#ignore", "Enter")
    at.page.wait_for_selector("html[data-run=done]", state="attached")
    assert not at.page.is_visible("#options-said")
    assert not at.page.is_visible("#stale")


def test_rules_of_ones_own_are_tested_and_used(at: Page) -> None:
    at.page.click("#skeleton")
    at.said()
    at.page.click("#test-rules")
    assert at.said() == "The test of your rules is all well."
    assert at.text("#rules-said") == "1 rule, 2 examples, 2 mutants: all well"
    assert at.text("#own-brief") == "not in the report yet"
    at.page.click("#lint-rules")
    at.said()
    assert at.text("#command") == "httplint check conforming.har --rules mine.toml"
    assert at.text("#own-brief") == "in use"
    at.report.locator("body").filter(has_text="mine.example").wait_for()
    rules = at.page.input_value("#rules")
    at.page.fill("#rules", rules.replace("'Field-Name' in response", "'Field-Name' in respons"))
    at.page.click("#lint-rules")
    assert at.said() == "Not linted: see what is said of your rules."
    assert "mine.toml:7: mine.example: unknown name 'respons'; did you mean" in at.text("#rules-said")
    assert at.page.is_visible("#stale")
    at.page.fill("#rules", "")
    at.page.press("#rules", "Tab")
    assert at.said().startswith("The sample without faults: ")
    assert at.text("#command") == "httplint check conforming.har"
    assert not at.page.is_visible("#rules-said")
    assert not at.page.is_visible("#stale")
    at.page.fill("#rules", rules.replace("< Field-Name: value", "< Field-Nam: value"))
    at.page.click("#test-rules")
    assert at.said() == "The test of your rules found faults."
    assert "mine.example" in at.text("#rules-said")


def test_what_is_pressed_twice_is_done_once_or_twice_and_ends(at: Page) -> None:
    at.page.dblclick("#skeleton")
    at.page.wait_for_selector("#state:has-text('A rule to start from is in the box.')")
    assert at.page.input_value("#rules").count("[[rule]]") == 1
    with at.page.expect_download(), at.page.expect_download():
        at.page.dblclick("[data-format=csv]")
    assert at.said() == "conforming-httplint.csv is downloaded."


# --- what comes of it -------------------------------------------------------------------------------------------------

SUFFIXES = {"html": ".html", "json": ".json", "jsonl": ".jsonl", "text": ".txt", "concise": ".concise.txt",
            "markdown": ".md", "csv": ".csv", "sarif": ".sarif", "junit": ".junit.xml", "github": ".github.txt",
            "gitlab": ".gitlab.json"}


def test_each_format_has_the_octets_of_the_command_line(at: Page, tmp_path: Path) -> None:
    (tmp_path / "site.har").write_bytes(VIOLATING.read_bytes())
    at.chosen(tmp_path / "site.har")
    assert at.page.locator("#formats button").all_inner_texts() == list(SUFFIXES)
    subprocess.run([sys.executable, "-m", "httplint", *at.text("#command").split()[1:],
                    *(word for name in SUFFIXES for word in ("--output", f"{name}:{name}"))],
                   cwd=tmp_path, capture_output=True, check=False)
    for name, suffix in SUFFIXES.items():
        with at.page.expect_download() as got:
            at.page.click(f"[data-format={name}]")
        assert got.value.suggested_filename == f"site-httplint{suffix}"
        assert Path(got.value.path()).read_bytes() == (tmp_path / name).read_bytes(), name
    assert at.text("#downloaded").endswith("httplint check site.har --output gitlab:site-httplint.gitlab.json")


def test_a_file_that_changed_is_not_read_as_if_it_had_not(at: Page, tmp_path: Path) -> None:
    file = tmp_path / "site.har"
    file.write_bytes(VIOLATING.read_bytes())
    at.chosen(file)
    file.unlink()
    at.page.click("[data-format=csv]")
    assert at.said() == "site.har has changed or vanished since you chose it: choose it again."


def test_the_report_is_a_page_without_an_origin(at: Page) -> None:
    at.chosen(VIOLATING)
    sandbox = at.page.get_attribute("#report", "sandbox")
    assert sandbox is not None
    assert "allow-same-origin" not in sandbox
    frame = at.page.query_selector("#report").content_frame()
    frame.wait_for_selector("h1")
    assert frame.evaluate("origin") == "null"
    frame.click("text=405.allow-missing >> nth=0")
    frame.select_option("#theme", "dark")
    assert frame.get_attribute("html", "data-theme") == "dark"
    frame.click("text=405, but no Allow")
    frame.click("button:has-text('Copy waiver') >> nth=0")
    frame.wait_for_selector("#said:has-text('Copied')")
    assert at.page.evaluate("navigator.clipboard.readText()").startswith("[[waiver]]\nrule = \"405.allow-missing\"\n")
    assert frame.query_selector("button:has-text('Copy link')") is None      # the address of a blob is nobody else's
    links = frame.locator("a[href^=http]").evaluate_all("links => links.map(({ target, rel }) => `${target} ${rel}`)")
    assert set(links) == {"_blank noreferrer noopener"}


# --- when it takes too long, or ends ----------------------------------------------------------------------------------

def test_a_long_run_tells_its_progress_and_is_cancelled(at: Page) -> None:
    at.page.set_input_files("#file", {"name": "slow.har", "mimeType": "", "buffer": b"{}"})
    at.page.wait_for_selector("#amount:has-text('34 %, 1,234 entries')")
    assert at.page.evaluate("document.getElementById('progress').value") == 0.34
    at.page.click("#cancel")
    at.page.wait_for_selector("html[data-run=cancelled]", state="attached")
    assert at.said() == "Cancelled: Linting slow.har. httplint is ready again."
    assert at.chosen(VIOLATING).startswith(VIOLATING.name)


def test_a_worker_that_dies_is_replaced(at: Page) -> None:
    at.page.set_input_files("#file", {"name": "deadly.har", "mimeType": "", "buffer": b"{}"})
    at.page.wait_for_selector("html[data-run=failed]", state="attached")
    assert at.text("#state").startswith("Linting deadly.har failed: ")
    assert "httplint is loaded anew." in at.said()
    assert at.chosen(VIOLATING).startswith(VIOLATING.name)
    at.errors.clear()                                      # the browser says, too, that a worker ended


# --- for everybody ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_are_no_barriers(at: Page, barriers: Callable[[Any], list[str]], scheme: str) -> None:
    at.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    at.opened("#missing")
    at.chosen(VIOLATING, CAPTURES / "wacz.wacz")
    at.page.fill("#rules", "x")
    at.page.click("#lint-rules")
    at.said()
    at.page.fill("#rules", "")
    at.page.fill("#select", "nope")
    at.page.press("#select", "Enter")
    at.said()
    assert barriers(at.page) == []
    for width in (320, 390, 1280):
        at.page.set_viewport_size({"width": width, "height": 900})
        assert at.page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_focus_does_not_vanish(at: Page) -> None:
    file = {"name": "site.txt", "mimeType": "", "buffer": RESPONSE.encode()}
    at.report.locator("a").first.focus()
    at.chosen(file)
    assert at.page.evaluate("document.activeElement.id") == "result-title"
    at.page.focus("#to-report")
    at.chosen(file)
    assert at.page.evaluate("document.activeElement.id") == "state"


def test_the_keyboard_is_enough(at: Page) -> None:
    at.page.evaluate("document.activeElement.blur()")
    at.page.focus("#skip")
    at.page.keyboard.press("Enter")
    passed = []
    while "csv" not in passed and len(passed) < 60:
        at.page.keyboard.press("Tab")
        passed.append(at.page.evaluate("document.activeElement.dataset.format || document.activeElement.id"))
    stops = ["choose", "text", "go", "profile", "select", "rules", "test-rules", "copy-command", "html", "csv"]
    assert [one for one in passed if one in stops] == [*stops[:-1], "text", "csv"]    # the format text, too
    with at.page.expect_download() as got:
        at.page.keyboard.press("Enter")
    assert got.value.suggested_filename == "conforming-httplint.csv"


def test_the_bar_does_not_hide_what_has_the_focus(at: Page) -> None:
    at.page.set_viewport_size({"width": 390, "height": 700})
    at.page.evaluate("document.getElementById('state').textContent = 'a long text '.repeat(40)")
    at.page.evaluate("scrollTo(0, 0)")
    at.page.focus("#choose")
    hidden = []
    for _ in range(25):
        at.page.keyboard.press("Tab")
        hidden += at.page.evaluate("""() => {
            const { activeElement: has } = document, bar = document.getElementById("bar");
            const covered = has.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
            return covered && !bar.contains(has) && !has.matches("textarea, iframe") ? [has.id || has.textContent] : [];
        }""")
    at.page.set_viewport_size({"width": 1280, "height": 900})
    assert hidden == []

"""The pytest plugin, in a run of pytest for each test."""
from __future__ import annotations

import importlib
import json
import subprocess
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import Any

import pytest

from httplint.library import Linter, built_in_rules

pytest_plugins = ["pytester"]

importlib.import_module("http.cookiejar")                  # clients look at its classes, which no run may make anew

APP = """
import pytest
from wsgiref.util import setup_testing_defaults

def app(environ, start_response):
    status = {"/405": "405 No", "/401": "401 No", "/info": "200 OK"}.get(environ["PATH_INFO"], "200 OK")
    headers = [("Content-Type", "text/plain"), ("Content-Length", "2")]
    if environ["PATH_INFO"] == "/warn":
        status, headers = "405 No", [("Content-Type", "text/plain"), ("Content-Length", "0"), ("Allow", "PUT")]
        start_response(status, headers)
        return [b""]
    start_response(status, headers)
    return [b"ok"]

import werkzeug.test
client = werkzeug.test.Client(app)
"""


def needs(*modules: str) -> None:
    """Imports them here: what a run within this process imports is gone after it, and may not fit what has stayed."""
    for module in modules:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
        importlib.import_module(module)


def werkzeug() -> None:
    needs("werkzeug", "werkzeug.test")


def installed() -> bool:
    return any(one.value == "httplint.pytest_plugin" for one in entry_points(group="pytest11"))


def run(pytester: pytest.Pytester, *arguments: str, fresh: bool = False) -> pytest.RunResult:
    """Runs pytest on what was made, within this process or, `fresh`, in one of its own."""
    plugin = () if installed() else ("-p", "httplint.pytest_plugin")
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\naddopts = ['--strict-markers', '--strict-config']\n"
                               "filterwarnings = ['error']\n")
    start = pytester.runpytest_subprocess if fresh else pytester.runpytest_inprocess
    # hypothesis, which takes long to import, has nothing to do here
    return start(*plugin, "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *arguments)


@pytest.fixture
def werkzeug_tests(pytester: pytest.Pytester) -> pytest.Pytester:
    werkzeug()
    pytester.makepyfile(
        app=APP,
        test_app="""
        import pytest
        from app import client

        def test_good():
            assert client.get("/").status_code == 200

        def test_bad():
            assert client.get("/405").status_code == 405

        @pytest.mark.httplint(ignore="405.allow-missing")
        def test_ignored():
            client.get("/405")

        @pytest.mark.httplint(fail_on="never")
        def test_never():
            client.get("/405")

        def test_warning():
            client.get("/warn").get_data()

        @pytest.mark.xfail(strict=True)
        def test_expected():
            client.get("/405")
        """)
    return pytester


@pytest.fixture(scope="session", autouse=True)
def rules_once() -> None:
    """The runs within this process find the rules read."""
    built_in_rules()


# -- off


def test_it_costs_nothing_unless_it_is_asked_for() -> None:
    code = ("import pytest, sys; before = set(sys.modules); import httplint.pytest_plugin; "
            "print(sorted(set(sys.modules) - before))")
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8").stdout
    assert out.strip() == "['httplint', 'httplint.model', 'httplint.model.severity', 'httplint.pytest_plugin']"


def test_without_the_option_nothing_is_watched(werkzeug_tests: pytest.Pytester) -> None:
    werkzeug_tests.makepyfile(test_modules="""
        import sys

        def test_modules():
            assert not {"httplint.library", "httplint.testing"} & set(sys.modules)
        """)
    result = run(werkzeug_tests, fresh=True)
    result.assert_outcomes(passed=6, failed=1)             # the test that is expected to fail does not
    assert "httplint" not in result.stdout.str().replace("httplint-", "").partition("test session starts")[2].replace(
        "plugins: ", "").split("collected")[1].split("FAILURES")[0]


def test_the_marker_is_known_and_the_help_tells(pytester: pytest.Pytester) -> None:
    run(pytester, "--markers").stdout.fnmatch_lines(["@pytest.mark.httplint(select, ignore, fail_on): *"])
    run(pytester, "--help").stdout.fnmatch_lines(["*--httplint-fail-on=SEVERITY*", "*--httplint-output=FORMAT:FILE*"])


# -- findings and levels


def test_errors_fail_the_test_with_the_findings_text(werkzeug_tests: pytest.Pytester) -> None:
    result = run(werkzeug_tests, "--httplint")
    result.assert_outcomes(passed=4, failed=1, xfailed=1)
    result.stdout.fnmatch_lines([
        "*_ test_bad _*",
        "httplint: 1 error in the traffic of the test",
        "error[[]405.allow-missing] 405, but no Allow lists the methods that would do",
        "  --> test_app.py::test_bad (entry 0) GET http://localhost/405",
        "*fix: Send Allow*",
        "*MUST: RFC 9110 §15.5.6*",
    ])
    result.stdout.fnmatch_lines([
        "*= httplint =*", "3 errors, 1 warning in 6 responses, by * rules",
        "  error[[]405.allow-missing] ×3  test_app.py::test_bad and 2 other tests",
        "  warning[[]4xx.explanation-missing] ×1  test_app.py::test_warning",
        "  not evaluated: * checks lacked evidence",
    ])


@pytest.mark.parametrize(("level", "passed", "failed"), [("warning", 3, 2), ("info", 3, 2), ("never", 5, 0)])
def test_the_level(werkzeug_tests: pytest.Pytester, level: str, passed: int, failed: int) -> None:
    result = run(werkzeug_tests, "--httplint", f"--httplint-fail-on={level}", "--deselect",
                 "test_app.py::test_expected")
    result.assert_outcomes(passed=passed, failed=failed, deselected=1)
    assert result.ret == (1 if failed else 0)


def test_findings_below_the_level_are_a_section(werkzeug_tests: pytest.Pytester) -> None:
    result = run(werkzeug_tests, "--httplint", "-rP", "-k", "warning")
    result.assert_outcomes(passed=1, deselected=5)
    result.stdout.fnmatch_lines(["*Captured httplint call*", "warning[[]4xx.explanation-missing]*"])


def test_select_and_ignore(werkzeug_tests: pytest.Pytester) -> None:
    run(werkzeug_tests, "--httplint", "--httplint-ignore=405", "-k", "bad").assert_outcomes(passed=1, deselected=5)
    run(werkzeug_tests, "--httplint", "--httplint-select=401,412", "-k", "bad").assert_outcomes(passed=1, deselected=5)
    run(werkzeug_tests, "--httplint", "--httplint-select=405", "-k", "bad").assert_outcomes(failed=1, deselected=5)
    run(werkzeug_tests, "--httplint", "--httplint-select=405", "-k", "ignored").assert_outcomes(passed=1, deselected=5)
    result = run(werkzeug_tests, "--httplint", "--httplint-select=450")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*no rule's id begins with '450'*"])


def test_rules_of_your_own(werkzeug_tests: pytest.Pytester) -> None:
    werkzeug_tests.mkdir("mine").joinpath("mine.toml").write_text('''
[[rule]]
id = "mine.no-text"
title = "text"
level = "SHOULD NOT"
spec = "RFC 9110 §8.3"
status = 200
require = "'Content-Type' not in response"
message = "Content-Type was sent"
why = "x"
fix = "x"
bad = ["< HTTP/1.1 200 OK\\n< Content-Type: text/plain"]
good = ["< HTTP/1.1 200 OK"]
''', "utf-8")
    result = run(werkzeug_tests, "--httplint", "--httplint-rules=mine", "--httplint-fail-on=warning", "-k", "good")
    result.assert_outcomes(failed=1, deselected=5)
    result.stdout.fnmatch_lines(["warning[[]mine.no-text] Content-Type was sent"])


def test_the_tests_own_fault_comes_first_and_the_findings_are_a_section(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        from app import client
        def test_it():
            assert client.get("/405").status_code == 200
        """)
    result = run(pytester, "--httplint")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert 405 == 200", "*Captured httplint call*", "error[[]405.allow-missing]*"])


def test_traffic_of_fixtures(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        import pytest
        from app import client
        client.get("/405")

        @pytest.fixture
        def early():
            client.get("/401")

        @pytest.fixture
        def late():
            yield
            client.get("/401")

        @pytest.fixture
        def broken():
            client.get("/401")
            raise ZeroDivisionError

        def test_early(early): pass
        def test_late(late): pass
        def test_broken(broken): pass
        def test_none(): pass
        """)
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=2, failed=1, errors=2)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_late*", "httplint: 1 error*",
                                 "*ERROR at setup of test_broken*", "*Captured httplint setup*",
                                 "*_ test_early _*", "httplint: 1 error*",
                                 "*error[[]405.allow-missing] ×1  (outside of tests)"])


@pytest.mark.parametrize(("marker", "message"), [
    ("ignor='405'", "has no argument 'ignor'"), ("'405'", "takes its arguments by name only"),
    ("fail_on='bad'", "expected one of error, warning, info, never"),
    ("ignore='450'", "no rule's id begins with '450'")])
def test_a_marker_that_cannot_be(pytester: pytest.Pytester, marker: str, message: str) -> None:
    pytester.makepyfile(f"import pytest\n@pytest.mark.httplint({marker})\ndef test_it(): pass")
    result = run(pytester, "--httplint")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{message}*"])


def test_the_nearest_marker_has_the_last_word(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        import pytest
        from app import client
        pytestmark = pytest.mark.httplint(ignore=["405"], fail_on="never")

        def test_module(): client.get("/405")

        @pytest.mark.httplint(fail_on="error")
        class TestClass:
            def test_class(self): client.get("/405")

            @pytest.mark.httplint(select="405.allow-missing")
            def test_method(self): client.get("/405")

            @pytest.mark.httplint(select="405.allow-missing", ignore="401", fail_on="never")
            def test_off(self): client.get("/405")
        """)
    result = run(pytester, "--httplint", "--httplint-ignore=412", "-rA")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_it.py::TestClass::test_method*"])


# -- the fixture


def test_the_fixture_works_with_and_without_the_option(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        import pytest
        from httplint import Exchange, Response
        from app import client

        def test_check(httplint):
            response = client.get("/405")
            with pytest.raises(AssertionError, match="405.allow-missing"):
                httplint.check(response)
            report = httplint.check(client.get("/"))
            assert report.findings == []
            assert [one.exchange.response.status for one in httplint.reports] == [405, 200]

        @pytest.mark.httplint(ignore="405")
        def test_marker(httplint):
            httplint.check(Exchange(Response(405)))

        @pytest.mark.httplint(fail_on="never")
        def test_never(httplint):
            assert httplint.check(Exchange(Response(405))).findings

        def test_type(httplint):
            with pytest.raises(TypeError, match="httpx"):
                httplint.check(405)

        def test_failing(httplint):
            httplint.check(Exchange(Response(405)))
        """)
    for arguments in ((), ("--httplint",)):
        result = run(pytester, *arguments)
        result.assert_outcomes(passed=4, failed=1)
        result.stdout.fnmatch_lines(["E *AssertionError: httplint: 1 error", "E *error[[]405.allow-missing] 405, but*"])
    result = run(pytester, "--httplint-ignore=450")
    result.stdout.fnmatch_lines(["*no rule's id begins with '450'*"])


def test_reports_have_the_watched_traffic(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        from app import client
        def test_it(httplint):
            for _ in range(3):
                client.get("/")
            assert len(httplint.reports) == 3
            client.get("/")
            assert len(httplint.reports) == 4
        """)
    run(pytester, "--httplint").assert_outcomes(passed=1)


# -- reports of the run


def findings(path: Any) -> list[tuple[str, str, int]]:
    data = json.loads(path.read_text("utf-8"))
    return [(one["rule"], one["location"]["path"], one["location"]["entry"]) for one in data["findings"]]


def test_output_files(werkzeug_tests: pytest.Pytester) -> None:
    result = run(werkzeug_tests, "--httplint", "--httplint-output=json:o.json", "--httplint-output=text:o.txt",
                 "--httplint-output=concise:o.concise")
    assert result.ret == 1
    expected = [("405.allow-missing", "test_app.py::test_bad", 0),
                ("405.allow-missing", "test_app.py::test_expected", 0),
                ("405.allow-missing", "test_app.py::test_never", 0),
                ("4xx.explanation-missing", "test_app.py::test_warning", 0)]
    assert findings(werkzeug_tests.path / "o.json") == expected
    summary = json.loads((werkzeug_tests.path / "o.json").read_text("utf-8"))["summary"]
    assert summary["findings"] == {"error": 3, "warning": 1, "info": 0}
    assert (summary["files"], summary["entries"]["linted"]) == (1, 6)
    assert summary["not_evaluated"]
    assert "error[405.allow-missing]  ×3" in (werkzeug_tests.path / "o.txt").read_text("utf-8")
    assert (werkzeug_tests.path / "o.concise").read_text("utf-8").startswith("test_app.py::test_bad:entry 0: error[")


@pytest.mark.parametrize("output", ["json", "xml:x.xml", "json:", "json:no/such/directory/x.json"])
def test_an_output_that_cannot_be(pytester: pytest.Pytester, output: str) -> None:
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester, "--httplint", f"--httplint-output={output}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--httplint-output {output}: *"])


def test_an_output_that_cannot_be_written_in_the_end(pytester: pytest.Pytester) -> None:
    pytester.mkdir("taken")
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester, "--httplint", "--httplint-output=json:taken")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["*taken cannot be written*"])


def test_coverage_of_requirements(werkzeug_tests: pytest.Pytester) -> None:
    result = run(werkzeug_tests, "--httplint", "--httplint-coverage", "-v")
    result.stdout.fnmatch_lines(["requirements that the traffic has exercised*", "  9110 *of * violated",
                                 "    violated:*9110-15.5.6-1*"])
    quiet = run(werkzeug_tests, "--httplint", "--httplint-coverage")
    quiet.stdout.fnmatch_lines(["  9110 *of * violated"])
    assert "9110-15.5.6-1" not in quiet.stdout.str()


def test_a_run_without_traffic_says_so(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")
    result = run(pytester, "--httplint")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["no response was seen, so nothing was linted"])


# -- xdist


SECRETS = ("Zq3kX9vLm3Tr7WpA", "tR5yHq2WnB8vKc4M", "Lm8pQ4sXv7Tz2RkB")


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "distributed"])
def test_no_secret_is_shown(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    werkzeug()
    if workers[0] == "-n":
        needs("xdist")
    query, cookie, password = SECRETS
    pytester.makepyfile(planted=f"""
        import werkzeug.test
        from httplint import Exchange, Request, Response

        def app(environ, start_response):
            start_response("405 No", [
                ("Content-Type", "text"), ("Location", environ["REQUEST_URI"] + " x"),
                ("Set-Cookie", "sid={cookie}; Expires=bad; SameSite={cookie}")])
            return [b"password={password}"]

        def ask():
            werkzeug.test.Client(app).get("/reset/{query}?token={query}",
                                          headers=dict(Authorization="Basic {password}")).get_data()

        OTHER = Exchange(Response(405, headers=[("Set-Cookie", "sid={cookie}; Expires={cookie}")]),
                         Request("GET", "https://u:{password}@a.example/reset/{query}"))
        """, test_it="""
        from planted import OTHER, ask

        def test_watched():
            ask()

        def test_reports(httplint):
            ask()
            assert httplint.reports == []

        def test_findings(httplint):
            ask()
            assert [one for report in httplint.reports for one in report.findings] == []

        def test_parts(httplint):
            ask()
            exchange = httplint.reports[0].exchange
            assert (exchange, exchange.response.fields, httplint.reports[0].findings[0].location) == ()

        def test_check(httplint):
            httplint.check(OTHER)
        """)
    distributed = workers[0] == "-n"
    if distributed:
        workers += ("-k", "watched or findings")
    result = run(pytester, "--httplint", "--httplint-output=json:a.json", "-vv", *workers, fresh=distributed)
    result.assert_outcomes(failed=2 if distributed else 5)
    told = result.stdout.str() + result.stderr.str() + (pytester.path / "a.json").read_text("utf-8")
    assert "[masked" in told
    assert [secret for secret in SECRETS if secret[:8] in told] == []


def test_a_distributed_run_comes_to_the_same(werkzeug_tests: pytest.Pytester) -> None:
    needs("xdist")
    werkzeug_tests.makepyfile(test_other="""
        from app import client
        def test_other():
            client.get("/401")
        """)
    arguments = ("--httplint", "--httplint-coverage", "-v")
    alone = run(werkzeug_tests, *arguments, "--httplint-output=json:a.json", "-p", "no:xdist", fresh=True)
    both = run(werkzeug_tests, *arguments, "--httplint-output=json:b.json", "-n", "2", fresh=True)
    for result in (alone, both):
        result.assert_outcomes(passed=4, failed=2, xfailed=1)
    both.stdout.fnmatch_lines(["httplint: 1 error in the traffic of the test"])

    def told(result: pytest.RunResult) -> str:
        return result.stdout.str().partition("= httplint =")[2].partition("short test summary")[0].strip("= ")

    assert told(both) == told(alone) != ""
    assert (werkzeug_tests.path / "a.json").read_text("utf-8") == (werkzeug_tests.path / "b.json").read_text("utf-8")


def test_a_worker_that_crashes_is_told(pytester: pytest.Pytester) -> None:
    needs("xdist")
    pytester.makepyfile("import os\ndef test_it(): os._exit(3)")
    result = run(pytester, "--httplint", "-n", "1", fresh=True)
    result.stdout.fnmatch_lines(["*1 worker crashed*"])


# -- which traffic is seen


SERVER = """
import contextlib, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        if self.path == "/to":
            self.send_response(302)
            self.send_header("Location", "/405")
            self.send_header("Content-Length", "0")
        else:
            self.send_response(405 if self.path == "/405" else 200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", "2")
        self.end_headers()
        if self.path != "/to":
            self.wfile.write(b"ok")
    def log_message(self, *arguments):
        pass

@contextlib.contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
"""

WAYS = {
    "httpx": ("import httpx", "with httpx.Client() as c: c.get(u, follow_redirects=True)"),
    "httpx2": ("import httpx2", "with httpx2.Client() as c: c.get(u, follow_redirects=True)"),
    "requests": ("import requests", "with requests.Session() as s: s.get(u)"),
    "urllib3": ("import urllib3", "with urllib3.PoolManager() as p: p.request('GET', u)"),
    "aiohttp": ("import aiohttp, asyncio", """
        async def get():
            async with aiohttp.ClientSession() as s, s.get(u) as r: await r.read()
        asyncio.run(get())"""),
    "async httpx": ("import httpx, asyncio", """
        async def get():
            async with httpx.AsyncClient(follow_redirects=True) as c: await c.get(u)
        asyncio.run(get())"""),
}


@pytest.mark.parametrize(("name", "late"), [*((name, False) for name in WAYS), ("httpx", True), ("requests", True),
                                            ("urllib3", True), ("aiohttp", True)])
def test_clients_are_watched_through_redirects(pytester: pytest.Pytester, name: str, late: bool) -> None:
    needs(name.removeprefix("async "))
    setup, code = WAYS[name]
    pytester.makepyfile(server=SERVER, test_it=f"""
{'' if late else setup}
from server import serving

def test_it(httplint):
    {setup if late else 'pass'}
    with serving() as base:
        u = base + "/to"
        {code}
    assert [(one.exchange.response.status, one.exchange.request.uri[len(base):]) for one in httplint.reports] == [
        (302, "/to"), (405, "/405")]
    assert all(one.exchange.evidence.knows("time") for one in httplint.reports)

def test_plain(httplint):
    {setup if late else 'pass'}
    with serving() as base:
        u = base + "/"
        {code}
    report, = httplint.reports
    assert not [one for one in report.findings if one.severity != "info"]
    assert report.exchange.response.content == b"ok"
""")
    result = run(pytester, "--httplint", fresh=late)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["httplint: 1 error*", "error[[]405.allow-missing]*",
                                 "  --> test_it.py::test_it (entry 1)*"])


def test_content_that_the_test_reads_later_is_judged(pytester: pytest.Pytester) -> None:
    needs("httpx", "requests")
    pytester.makepyfile(server=SERVER, test_it="""
        import httpx, requests
        from server import serving

        def test_it(httplint):
            with serving() as base:
                with httpx.stream("GET", base + "/") as one:
                    one.read()
                with requests.get(base + "/", stream=True) as two:
                    assert two.content == b"ok"
                with httpx.stream("GET", base + "/"):
                    pass
            assert [one.exchange.response.content for one in httplint.reports] == [b"ok", b"ok", None]
        """)
    run(pytester, "--httplint").assert_outcomes(passed=1)


def test_mocks_are_counted_and_not_judged(pytester: pytest.Pytester) -> None:
    needs("httpx")
    pytester.makepyfile("""
        import httpx
        def test_it(httplint):
            with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(405))) as client:
                client.get("http://a.example/")
            assert httplint.reports == []
        """)
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*not linted 1: a mock*"])


FRAMEWORKS = {
    "flask": """
        import flask
        app = flask.Flask("x")
        app.add_url_rule("/405", "bad", lambda: ("no", 405))
        app.add_url_rule("/to", "to", lambda: flask.redirect("/405"))
        def get(path):
            with app.test_client() as client:
                return client.get(path, follow_redirects=True)
        """,
    "starlette": """
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse, RedirectResponse
        from starlette.routing import Route
        from starlette.testclient import TestClient
        async def bad(request): return PlainTextResponse("no", 405)
        async def to(request): return RedirectResponse("/405")
        client = TestClient(Starlette(routes=[Route("/405", bad), Route("/to", to)]))
        get = client.get
        """,
    "fastapi": """
        import fastapi
        from fastapi.testclient import TestClient
        from fastapi.responses import PlainTextResponse, RedirectResponse
        app = fastapi.FastAPI()
        app.add_api_route("/405", lambda: PlainTextResponse("no", 405))
        app.add_api_route("/to", lambda: RedirectResponse("/405"))
        get = TestClient(app).get
        """,
    "django": """
        import sys, types, django
        from django.conf import settings
        settings.configure(ROOT_URLCONF="urls_of_test", ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True)
        django.setup()
        from django.http import HttpResponse, HttpResponseRedirect
        from django.urls import path as route
        urls = types.ModuleType("urls_of_test")
        urls.urlpatterns = [route("405", lambda request: HttpResponse("no", status=405)),
                            route("to", lambda request: HttpResponseRedirect("/405"))]
        sys.modules["urls_of_test"] = urls
        from django.test import Client
        def get(path):
            return Client().get(path, follow=True)
        """,
    "async django": """
        import asyncio, sys, types, django
        from django.conf import settings
        settings.configure(ROOT_URLCONF="urls_of_test", ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True)
        django.setup()
        from django.http import HttpResponse, HttpResponseRedirect
        from django.urls import path as route
        urls = types.ModuleType("urls_of_test")
        urls.urlpatterns = [route("405", lambda request: HttpResponse("no", status=405)),
                            route("to", lambda request: HttpResponseRedirect("/405"))]
        sys.modules["urls_of_test"] = urls
        from django.test import AsyncClient
        def get(path):
            return asyncio.run(AsyncClient().get(path, follow=True))
        """,
}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_test_clients_are_watched_through_redirects(pytester: pytest.Pytester, name: str) -> None:
    needs(name.removeprefix("async "))
    if name in ("starlette", "fastapi"):
        needs("httpx2")
    pytester.makepyfile(framework=FRAMEWORKS[name], test_it="""
        def test_it(httplint):
            from framework import get
            get("/to")
            first, second = httplint.reports
            assert first.exchange.response.status in (302, 307)
            assert second.exchange.response.status == 405
            assert second.exchange.response.content == b"no"
            assert not [one for one in first.findings if one.severity != "info"]
            assert [one.rule_id for one in second.findings if one.severity == "error"] == ["405.allow-missing"]
        """)
    result = run(pytester, "--httplint", "-W", "ignore", fresh="django" in name)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["httplint: 1 error*"])


def test_an_application_that_calls_others_is_seen_too(pytester: pytest.Pytester) -> None:
    needs("flask", "requests")
    pytester.makepyfile(server=SERVER, test_it="""
        import flask, requests
        from server import serving

        def test_it(httplint):
            with serving() as base:
                app = flask.Flask("x")
                app.add_url_rule("/", "home", lambda: requests.get(base + "/").text)
                assert app.test_client().get("/").text == "ok"
            assert len(httplint.reports) == 2
        """)
    run(pytester, "--httplint").assert_outcomes(passed=1)


def test_the_methods_are_put_back(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        def test_it():
            from app import client
            client.get("/")
        """, conftest="""
        import werkzeug.test
        before = werkzeug.test.Client.open
        def pytest_unconfigure(config):
            config.add_cleanup(lambda: None)
        """, runner="""
        import sys, pytest, werkzeug.test
        before = werkzeug.test.Client.open, list(sys.meta_path)
        arguments = sys.argv[1:]
        assert pytest.main(["-p", "no:cacheprovider", "--httplint", *arguments]) == 0
        assert werkzeug.test.Client.open is before[0]
        assert not [one for one in sys.meta_path if "httplint" in type(one).__module__]
        """)
    plugin = () if installed() else ("-p", "httplint.pytest_plugin")
    result = pytester.runpython_c(f"import sys; sys.argv[1:] = {list(plugin)!r}; exec(open('runner.py').read())")
    assert result.ret == 0, result.stderr.str()


def test_very_much_traffic_in_one_test(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_it="""
        from app import client
        def test_it(httplint):
            for number in range(1100):
                client.get("/")
            assert len(httplint.reports) == 1000
            assert httplint.reports[-1].exchange.source.entry == 1099
        """)
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["no findings in 1,100 responses*"])


# -- the configuration

@pytest.fixture
def refused_get(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two tests, of which one gets 405 without Allow."""
    werkzeug()
    pytester.makepyfile(app=APP, test_app="""
        from app import client

        def test_good():
            client.get("/")

        def test_bad():
            client.get("/405")
        """)
    return pytester


def configure(pytester: pytest.Pytester, text: str, name: str = "httplint.toml") -> None:
    pytester.path.joinpath(name).write_text(text, "utf-8")


def test_the_configuration_holds(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'fail-on = "never"\nselect = ["405.allow-missing"]\n')
    result = run(refused_get, "--httplint")
    result.assert_outcomes(passed=2)
    assert "by 1 rules" in result.stdout.str()
    run(refused_get, "--httplint", "--httplint-fail-on", "error").assert_outcomes(passed=1, failed=1)
    isolated = run(refused_get, "--httplint", "--httplint-isolated")
    assert "by 1 rules" not in isolated.stdout.str()
    isolated.assert_outcomes(passed=1, failed=1)


def test_which_configuration(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'fail-on = "nonsense"\n')
    assert run(refused_get, "--httplint").ret == pytest.ExitCode.USAGE_ERROR
    refused_get.mkdir("ci")
    configure(refused_get, 'fail-on = "never"\n', "ci/lint.toml")
    run(refused_get, "--httplint", "--httplint-config", "ci/lint.toml").assert_outcomes(passed=2)
    run(refused_get, "--httplint", "-o", "httplint_config=ci/lint.toml").assert_outcomes(passed=2)
    missing = run(refused_get, "--httplint", "--httplint-config", "missing.toml")
    assert missing.ret == pytest.ExitCode.USAGE_ERROR
    missing.stderr.fnmatch_lines("*missing.toml: cannot be read*")


def test_profiles(refused_get: pytest.Pytester) -> None:
    result = run(refused_get, "--httplint", "--httplint-profile", "nonsense")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines("*there is no profile 'nonsense'*")
    result = run(refused_get, "--httplint", "--httplint-profile", "strict")
    result.stdout.fnmatch_lines(f"*by {len(Linter(profile='strict').rules)} rules")


@pytest.mark.parametrize("distributed", [False, True])
def test_waivers_levels_and_overrides(refused_get: pytest.Pytester, distributed: bool) -> None:
    if distributed:
        needs("xdist")
    configure(refused_get, """
        select = ["405.allow-missing"]
        [level]
        405 = "warning"
        [[override]]
        path = "/nowhere"
        ignore = "all"
        [[waiver]]
        rule = "405"
        method = "GET"
        reason = "the gateway is replaced in May"
        [[waiver]]
        rule = "405"
        method = "PUT"
        reason = "later"
        """)
    result = run(refused_get, "--httplint", "--httplint-fail-on", "info", *(["-n2"] if distributed else []),
                 fresh=distributed)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["no findings in *", "*not counted: 1 waived", "*httplint.toml:12: the waiver of 405*"])
    result.stdout.no_fnmatch_line("*httplint.toml:8:*")


def test_third_parties_are_counted(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'first-party = ["shop.example"]\n')
    result = run(refused_get, "--httplint")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines("*not counted: * about hosts of third parties")


def test_a_baseline_counts_over_all_tests(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_app="""
        import pytest
        from app import client

        def test_first():
            client.get("/405")

        @pytest.mark.httplint(ignore="date")
        def test_second():
            client.get("/405")
        """)
    configure(pytester, 'select = ["405.allow-missing"]\nbaseline = "known.json"\n')
    missing = run(pytester, "--httplint")
    assert missing.ret == pytest.ExitCode.USAGE_ERROR
    missing.stderr.fnmatch_lines("*there is no baseline*")
    configure(pytester, '{"httplint-baseline": 1, "findings": [{"rule": "405.allow-missing", '
              '"host": "http://localhost", "path": "/{id}", "method": "GET", "field": "", "count": 1}]}', "known.json")
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines("*not counted: 1 in the baseline")


DISTRIBUTED = {name: f"""
    import pytest
    from app import client

    {mark}
    def test_{name}():
        client.get("/405")
    """ for name, mark in (("a", ""), ("b", ""), ("c", "@pytest.mark.httplint(fail_on='never')"))}


@pytest.mark.parametrize(("tests", "known", "failed"), [
    ("ab", 2, False), ("ab", 1, True), ("ac", 1, False), ("abc", 1, True), ("abc", 2, False)])
def test_a_baseline_counts_over_all_workers(pytester: pytest.Pytester, tests: str, known: int, failed: bool) -> None:
    needs("xdist")
    werkzeug()
    pytester.makepyfile(app=APP, **{f"test_{name}": DISTRIBUTED[name] for name in tests})
    configure(pytester, 'select = ["405.allow-missing"]\nbaseline = "known.json"\n')
    configure(pytester, '{"httplint-baseline": 1, "findings": [{"rule": "405.allow-missing", '
              f'"host": "http://localhost", "path": "/{{id}}", "method": "GET", "field": "", "count": {known}}}]}}',
              "known.json")
    result = run(pytester, "--httplint", "--httplint-output=json:o.json", "-n", str(len(tests)),
                 "--dist=loadfile", fresh=True)
    new = len(tests) - known
    result.assert_outcomes(passed=len(tests))              # each worker has seen one, which the baseline knows
    result.stdout.fnmatch_lines([f"*not counted: {known} in the baseline"])
    data = json.loads((pytester.path / "o.json").read_text("utf-8"))
    assert (len(data["findings"]), len(data["suppressed"])) == (new, known)
    assert data["summary"]["findings"]["error"] == new
    assert result.ret == (1 if failed else 0)
    if failed:
        result.stdout.fnmatch_lines(["1 error beyond the baseline, counted over all workers: the run fails",
                                     "error[[]405.allow-missing] 405, but*", f"{new} error* in * responses*"])


@pytest.mark.parametrize("distributed", [False, True])
def test_a_baseline_is_made_of_a_run(werkzeug_tests: pytest.Pytester, distributed: bool) -> None:
    spread = ("-n", "2") if distributed else ()
    if distributed:
        needs("xdist")
    arguments = ("--httplint", "--httplint-fail-on=info", "--deselect=test_app.py::test_expected", *spread)
    first = run(werkzeug_tests, *arguments, "--httplint-output=json:o.json", fresh=distributed)
    first.assert_outcomes(passed=3, failed=2, deselected=0 if distributed else 1)
    command = (sys.executable, "-m", "httplint", "baseline")
    assert werkzeug_tests.run(*command, "create", "--from", "o.json").ret == 0
    configure(werkzeug_tests, 'baseline = ".httplint-baseline.json"\n')
    again = run(werkzeug_tests, *arguments, "--httplint-output=jsonl:o.jsonl", fresh=distributed)
    again.assert_outcomes(passed=5, deselected=0 if distributed else 1)
    assert again.ret == 0
    again.stdout.fnmatch_lines(["no findings in 5 responses*", "*not counted: 3 in the baseline"])
    assert werkzeug_tests.run(*command, "check", "--from", "o.jsonl").ret == 0


def test_every_format(werkzeug_tests: pytest.Pytester) -> None:
    from httplint.report.formats import FORMATS
    result = run(werkzeug_tests, "--httplint", *(f"--httplint-output={name}:o.{name}" for name in FORMATS))
    assert result.ret == 1
    for name in FORMATS:
        text = (werkzeug_tests.path / f"o.{name}").read_text("utf-8")
        assert "405.allow-missing" in text
        assert "4xx.explanation-missing" in text


def test_a_marker_goes_on_from_the_configuration(pytester: pytest.Pytester) -> None:
    werkzeug()
    pytester.makepyfile(app=APP, test_app="""
        import pytest
        from app import client

        @pytest.mark.httplint(select="405.allow-missing")
        def test_on():
            client.get("/405")

        @pytest.mark.httplint(ignore="405")
        def test_off():
            client.get("/405")

        @pytest.mark.httplint(select="999")
        def test_wrong():
            client.get("/405")

        def test_fixture(httplint):
            assert [one.severity for one in httplint.check(client.get("/405")).findings] == []
        """)
    configure(pytester, 'ignore = ["405.allow-missing", "date"]\n[level]\n405.allow-missing = "error"\n')
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines("*no rule's id begins with '999'*")


def test_findings_below_the_severity_are_hidden(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'severity = "error"\nselect = ["405.allow-missing"]\n[level]\n405 = "info"\n')
    result = run(refused_get, "--httplint")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines("1 info in 2 responses (1 below the severity shown), by 1 rules")
    run(refused_get, "--httplint", "--httplint-fail-on", "info").assert_outcomes(passed=1, failed=1)


def test_a_fault_of_ours_breaks_no_test(werkzeug_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Any:
        raise ZeroDivisionError("x")

    werkzeug()
    needs("httplint.testing.session")
    with monkeypatch.context() as patch:
        patch.setattr("httplint.engine.linter.RuleLinter._judge", failing)
        result = run(werkzeug_tests, "--httplint", "--deselect", "test_app.py::test_expected")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["*not linted *: a fault of httplint itself, ZeroDivisionError in *; please report it"])
    with monkeypatch.context() as patch:
        patch.setattr("httplint.testing.session.told", failing)
        patch.setattr("httplint.testing.session.Session._summary", failing)
        patch.setattr("httplint.testing.session._place", failing)
        result = run(werkzeug_tests, "--httplint", "--httplint-fail-on=never", "--deselect",
                     "test_app.py::test_expected")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.no_fnmatch_line("*INTERNALERROR*")
    result.stdout.fnmatch_lines(["*a fault of httplint itself: ZeroDivisionError: x*"])

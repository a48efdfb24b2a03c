"""The pytest plugin, in a run of pytest for each test: of programs that are below programs/."""
from __future__ import annotations

import importlib
import json
import re
import runpy
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from httplint.library import Linter, built_in_rules

pytest_plugins = ["pytester"]

importlib.import_module("http.cookiejar")                  # clients look at its classes, which no run may make anew

pytestmark = pytest.mark.usefixtures("packaged")

PROGRAMS = Path(__file__).with_name("programs")


def needs(*modules: str) -> None:
    """Imports them here: what a run within this process imports is gone after it, and may not fit what has stayed."""
    for module in modules:
        if find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
        importlib.import_module(module)


def given(pytester: pytest.Pytester, *programs: str) -> pytest.Pytester:
    """Puts programs, or what is in a directory of them, where the run will be."""
    if "app.py" in programs:
        needs("werkzeug", "werkzeug.test")
    for name in programs:
        if (PROGRAMS / name).is_dir():
            shutil.copytree(PROGRAMS / name, pytester.path, ignore=shutil.ignore_patterns("__pycache__"),
                            dirs_exist_ok=True)
        else:
            shutil.copy(PROGRAMS / name, pytester.path)
    return pytester


def installed() -> bool:
    return any(one.value == "httplint.pytest_plugin" for one in entry_points(group="pytest11"))


def run(pytester: pytest.Pytester, *arguments: str, fresh: bool = False) -> pytest.RunResult:
    """Runs pytest on what was made, within this process or, `fresh`, in one of its own."""
    plugin = () if installed() else ("-p", "httplint.pytest_plugin")
    pytester.makepyprojecttoml("[tool.pytest.ini_options]\naddopts = ['--strict-markers', '--strict-config']\n"
                               "filterwarnings = ['error']\n")
    start = pytester.runpytest_subprocess if fresh else pytester.runpytest_inprocess
    # other plugins, which take long to import, have nothing to do here
    return start(*plugin, "-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:anyio", *arguments)


@pytest.fixture
def werkzeug_tests(pytester: pytest.Pytester) -> pytest.Pytester:
    return given(pytester, "app.py", "test_app.py")


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
    given(werkzeug_tests, "test_modules.py")
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
        "  not evaluated, as captures like these never show: *the octets of messages*",
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
    given(werkzeug_tests, "house")
    result = run(werkzeug_tests, "--httplint", "--httplint-rules=mine", "--httplint-fail-on=warning", "-k", "good")
    result.assert_outcomes(failed=1, deselected=5)
    result.stdout.fnmatch_lines(["warning[[]mine.no-text] Content-Type was sent"])


def test_the_tests_own_fault_comes_first_and_the_findings_are_a_section(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_fault.py")
    result = run(pytester, "--httplint")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E *assert 405 == 200", "*Captured httplint call*", "error[[]405.allow-missing]*"])


def test_traffic_of_fixtures(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_fixtures.py")
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=2, failed=1, errors=2)
    result.stdout.fnmatch_lines(["*ERROR at teardown of test_late*", "httplint: 1 error*",
                                 "*ERROR at setup of test_broken*", "*Captured httplint setup*",
                                 "*_ test_early _*", "httplint: 1 error*",
                                 "*error[[]405.allow-missing] ×1  (outside of tests)"])


@pytest.mark.parametrize(("name", "message"), [
    ("test_argument", "has no argument 'ignor'"), ("test_position", "takes its arguments by name only"),
    ("test_severity", "expected one of error, warning, info, never"),
    ("test_rule", "no rule's id begins with '450'")])
def test_a_marker_that_cannot_be(pytester: pytest.Pytester, name: str, message: str) -> None:
    given(pytester, "test_markers.py")
    result = run(pytester, "--httplint", f"test_markers.py::{name}")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"*{message}*"])


def test_the_nearest_marker_has_the_last_word(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_nearest.py")
    result = run(pytester, "--httplint", "--httplint-ignore=412", "-rA")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["FAILED test_nearest.py::TestClass::test_method*"])


# -- the fixture


def test_the_fixture_works_with_and_without_the_option(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_check.py")
    for arguments in ((), ("--httplint",)):
        result = run(pytester, *arguments)
        result.assert_outcomes(passed=4, failed=1)
        result.stdout.fnmatch_lines(["E *AssertionError: httplint: 1 error", "E *error[[]405.allow-missing] 405, but*"])
    result = run(pytester, "--httplint-ignore=450")
    result.stdout.fnmatch_lines(["*no rule's id begins with '450'*"])


def test_reports_have_the_watched_traffic(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_reports.py")
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
    assert "error[405.allow-missing] ×3" in (werkzeug_tests.path / "o.txt").read_text("utf-8")
    assert (werkzeug_tests.path / "o.concise").read_text("utf-8").startswith("test_app.py::test_bad:entry 0: error[")


@pytest.mark.parametrize("output", ["json", "xml:x.xml", "json:", "json:no/such/directory/x.json"])
def test_an_output_that_cannot_be(pytester: pytest.Pytester, output: str) -> None:
    given(pytester, "test_nothing.py")
    result = run(pytester, "--httplint", f"--httplint-output={output}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--httplint-output {output}: *"])


def test_an_output_that_cannot_be_written_in_the_end(pytester: pytest.Pytester) -> None:
    pytester.mkdir("taken")
    given(pytester, "test_nothing.py")
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


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "distributed"])
def test_what_the_tests_never_showed_of_an_api(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    needs("fastapi", "fastapi.testclient", *(["xdist"] if workers[0] == "-n" else []))
    given(pytester, "test_described.py")
    described = runpy.run_path(str(PROGRAMS / "test_described.py"))["app"].openapi()
    (pytester.path / "openapi.json").write_text(json.dumps(described), "utf-8")
    result = run(pytester, "--httplint", "--httplint-fail-on=never", "--httplint-api=openapi.json",
                 "--httplint-output=json:a.json", *workers, fresh=workers[0] == "-n")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([
        "  api: 1 of 2 documented operations exercised, 2 of 5 documented status codes seen",
        "    operations never exercised: 1", "      DELETE /fruits/{name}",
        "    status codes never seen: 1", "      GET /fruits/{name}: 422"])
    told = json.loads((pytester.path / "a.json").read_text("utf-8"))
    assert [one["seen"] for one in told["summary"]["operations"]] == [{"200": 2, "404": 1}, {}]


def test_a_description_that_cannot_be(pytester: pytest.Pytester) -> None:
    given(pytester, "test_nothing.py")
    result = run(pytester, "--httplint", "--httplint-api=none.yaml")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*httplint: none.yaml: cannot be read: No such file or directory"])


def test_a_run_without_traffic_says_so(pytester: pytest.Pytester) -> None:
    given(pytester, "test_nothing.py")
    result = run(pytester, "--httplint")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["no response was seen, so nothing was linted"])


# -- xdist


SECRETS = re.findall(r'^[A-Z]+ = "(\w{16})"$', (PROGRAMS / "planted.py").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "distributed"])
def test_no_secret_is_shown(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    needs("werkzeug", "werkzeug.test")
    if workers[0] == "-n":
        needs("xdist")
    given(pytester, "planted.py", "test_secrets.py")
    distributed = workers[0] == "-n"
    if distributed:
        workers += ("-k", "watched or findings")
    result = run(pytester, "--httplint", "--httplint-output=json:a.json", "-vv", *workers, fresh=distributed)
    result.assert_outcomes(failed=2 if distributed else 5)
    told = result.stdout.str() + result.stderr.str() + (pytester.path / "a.json").read_text("utf-8")
    assert "[masked" in told
    assert len(SECRETS) == 3
    assert [secret for secret in SECRETS if secret[:8] in told] == []


def test_a_distributed_run_comes_to_the_same(werkzeug_tests: pytest.Pytester) -> None:
    needs("xdist")
    given(werkzeug_tests, "test_other.py")
    arguments = ("--httplint", "--httplint-coverage", "-v")
    alone = run(werkzeug_tests, *arguments, "--httplint-output=json:a.json", "-p", "no:xdist", fresh=True)
    both = run(werkzeug_tests, *arguments, "--httplint-output=json:b.json", "-n", "2", fresh=True)
    for result in (alone, both):
        result.assert_outcomes(passed=4, failed=2, xfailed=1)
    both.stdout.fnmatch_lines(["httplint: 1 error in the traffic of the test"])

    def told(result: pytest.RunResult) -> str:
        return result.stdout.str().partition("= httplint =")[2].partition("short test summary")[0].strip("= ")

    assert told(both) == told(alone) != ""
    results = [re.subn(r'"started":[0-9.]+', "", (werkzeug_tests.path / name).read_text("utf-8"))   # each at its time
               for name in ("a.json", "b.json")]
    assert results[0] == results[1]
    assert results[0][1]


def test_a_worker_that_crashes_is_told(pytester: pytest.Pytester) -> None:
    needs("xdist")
    given(pytester, "test_crash.py")
    result = run(pytester, "--httplint", "-n", "1", fresh=True)
    result.stdout.fnmatch_lines(["*1 worker crashed*"])


# -- which traffic is seen


WAYS = ("httpx", "httpx2", "requests", "urllib3", "aiohttp", "async httpx")


@pytest.mark.parametrize(("name", "late"), [*((name, False) for name in WAYS), ("httpx", True), ("requests", True),
                                            ("urllib3", True), ("aiohttp", True)])
def test_clients_are_watched_through_redirects(pytester: pytest.Pytester, name: str, late: bool) -> None:
    needs(name.removeprefix("async "))
    given(pytester, "server.py", f"ways/{name.replace(' ', '_')}", "test_redirects.py")
    if not late:
        given(pytester, "test_early.py")
    result = run(pytester, "--httplint", fresh=late)
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["httplint: 1 error*", "error[[]405.allow-missing]*",
                                 "  --> test_redirects.py::test_it (entry 1)*"])


def test_content_that_the_test_reads_later_is_judged(pytester: pytest.Pytester) -> None:
    needs("httpx", "requests")
    given(pytester, "server.py", "test_contents.py")
    run(pytester, "--httplint").assert_outcomes(passed=1)


def test_mocks_are_counted_and_not_judged(pytester: pytest.Pytester) -> None:
    needs("httpx")
    given(pytester, "test_mock.py")
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*not linted 1: a mock*"])


FRAMEWORKS = {**{name: (f"frameworks/{name}",) for name in ("flask", "starlette", "fastapi", "django")},
              "async django": ("frameworks/django", "frameworks/async_django")}


@pytest.mark.parametrize("name", FRAMEWORKS)
def test_test_clients_are_watched_through_redirects(pytester: pytest.Pytester, name: str) -> None:
    needs(name.removeprefix("async "))
    if name in ("starlette", "fastapi"):
        needs("httpx2")
    given(pytester, *FRAMEWORKS[name], "test_frameworks.py")
    result = run(pytester, "--httplint", "-W", "ignore", fresh="django" in name)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["httplint: 1 error*"])


def test_an_application_that_calls_others_is_seen_too(pytester: pytest.Pytester) -> None:
    needs("flask", "requests")
    given(pytester, "server.py", "test_calls.py")
    run(pytester, "--httplint").assert_outcomes(passed=1)


def test_the_methods_are_put_back(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "put_back")
    plugin = () if installed() else ("-p", "httplint.pytest_plugin")
    result = pytester.runpython_c(f"import sys; sys.argv[1:] = {list(plugin)!r}; exec(open('runner.py').read())")
    assert result.ret == 0, result.stderr.str()


def test_very_much_traffic_in_one_test(pytester: pytest.Pytester) -> None:
    given(pytester, "app.py", "test_much.py")
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["no findings in 1,100 responses*"])


# -- the configuration

@pytest.fixture
def refused_get(pytester: pytest.Pytester) -> pytest.Pytester:
    """Two tests, of which one gets 405 without Allow."""
    return given(pytester, "app.py", "test_refused.py")


def configure(pytester: pytest.Pytester, text: str, name: str = "httplint.toml") -> None:
    pytester.path.joinpath(name).write_text(text, "utf-8")


def test_the_configuration_holds(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'fail-on = "never"\nselect = ["405.allow-missing"]\n')
    result = run(refused_get, "--httplint")
    result.assert_outcomes(passed=2)
    assert "by 1 rule\n" in result.stdout.str()
    run(refused_get, "--httplint", "--httplint-fail-on", "error").assert_outcomes(passed=1, failed=1)
    isolated = run(refused_get, "--httplint", "--httplint-isolated")
    assert "by 1 rule\n" not in isolated.stdout.str()
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
    given(pytester, "app.py", "test_counted.py")
    configure(pytester, 'select = ["405.allow-missing"]\nbaseline = "known.json"\n')
    missing = run(pytester, "--httplint")
    assert missing.ret == pytest.ExitCode.USAGE_ERROR
    missing.stderr.fnmatch_lines("*there is no baseline*")
    configure(pytester, '{"httplint-baseline": 1, "findings": [{"rule": "405.allow-missing", '
              '"host": "http://localhost", "path": "/{id}", "method": "GET", "field": "", "count": 1}]}', "known.json")
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines("*not counted: 1 in the baseline")


@pytest.mark.parametrize(("tests", "known", "failed"), [
    ("ab", 2, False), ("ab", 1, True), ("ac", 1, False), ("abc", 1, True), ("abc", 2, False)])
def test_a_baseline_counts_over_all_workers(pytester: pytest.Pytester, tests: str, known: int, failed: bool) -> None:
    needs("xdist")
    given(pytester, "app.py", *(f"spread/test_{name}.py" for name in tests))
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
    given(pytester, "app.py", "test_configured.py")
    configure(pytester, 'ignore = ["405.allow-missing", "date"]\n[level]\n405.allow-missing = "error"\n')
    result = run(pytester, "--httplint")
    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines("*no rule's id begins with '999'*")


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")], ids=["alone", "distributed"])
def test_a_marker_that_names_an_id_of_former_days_is_told_of_once(pytester: pytest.Pytester,
                                                                  workers: tuple[str, str]) -> None:
    if workers[0] == "-n":
        needs("xdist")
    given(pytester, "app.py", "test_former.py")
    text = run(pytester, "--httplint", "--httplint-ignore=405,4xx", *workers, fresh=True).stdout.str()
    assert text.count("json.malformed is now json.invalid, since 0.1: ") == 1
    assert text.count("location.without-meaning is now 2xx.location, since 0.1: ") == 1


def test_findings_below_the_severity_are_hidden(refused_get: pytest.Pytester) -> None:
    configure(refused_get, 'severity = "error"\nselect = ["405.allow-missing"]\n[level]\n405 = "info"\n')
    result = run(refused_get, "--httplint")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines("1 info in 2 responses (1 below the severity or confidence shown), by 1 rule")
    run(refused_get, "--httplint", "--httplint-fail-on", "info").assert_outcomes(passed=1, failed=1)


def test_a_fault_of_ours_breaks_no_test(werkzeug_tests: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Any:
        raise ZeroDivisionError("x")

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

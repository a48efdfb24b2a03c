"""`httplint explain` and `httplint rules`."""
from __future__ import annotations

import json
import re
import sys
import zipfile
from pathlib import Path

import pytest

from httplint.cli.main import run
from httplint.cli.tracing import spot
from httplint.grammar.table import FIELDS
from httplint.library import built_in_rules


def test_explain_prints_the_page_of_every_rule(
        capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)                            # where there is no configuration to be read
    for rule in built_in_rules():
        assert run(["explain", rule.id]) == 0
        page = capsys.readouterr().out
        for part in (rule.id, rule.title, rule.why, rule.fix, rule.spec, "bad", "good", rule.path):
            assert part in page


def test_explain_lists_the_rules_of_a_topic(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "405."]) == 0
    assert "405.allow-missing" in capsys.readouterr().out


def test_explain_of_a_place_points_to_the_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.har").write_text("{}", "utf-8")
    assert run(["explain", f"{tmp_path}/a.har:275:13"]) == 2
    assert capsys.readouterr().err.endswith("; to see why a rule speaks there: httplint explain RULE --trace PLACE\n")
    assert run(["explain", f"{tmp_path}/b.har:275:13"]) == 2
    assert "--trace" not in capsys.readouterr().err


def test_explain_suggests(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "405.alow-missing"]) == 2
    assert "did you mean 405.allow-missing" in capsys.readouterr().err
    said = "; for one of your own, say where it stands: --rules PATH"
    for name, told in ("house.id-missing", True), ("405.id-missing", False), ("house", False):
        assert run(["explain", name]) == 2
        assert (said in capsys.readouterr().err) is told


def test_explain_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--field", "cache-control"]) == 0
    page = capsys.readouterr().out
    for part in ("Cache-Control", "permanent", "RFC 9111 §5.2", "#section-5.2", "quoted-string",
                 "requests and responses",
                 "a list", "cache-control.malformed", "304.metadata-dropped"):
        assert part in page
    assert run(["explain", "--field", "TRANSFER-ENCODING"]) == 0
    assert "this connection only" in capsys.readouterr().out


def test_explain_says_how_to_go_through_lines_that_do_not_combine(capsys: pytest.CaptureFixture[str]) -> None:
    said = "on several lines, it is not evaluated; go through them: foreach = "
    assert run(["explain", "--field", "Set-Cookie"]) == 0
    assert said + "\"line in set_cookies(response, 'Set-Cookie')\"\n" in capsys.readouterr().out
    for other in ("ETag", "Vary", "X-Powered-By"):
        assert run(["explain", "--field", other]) == 0
        assert said not in capsys.readouterr().out


def test_fields_are_found_by_a_part_of_their_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--field", "cache"]) == 0
    names = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert {"Cache-Control", "Cache-Status", "CDN-Cache-Control"} < set(names)
    assert all("cache" in name.lower() for name in names)
    assert [name.startswith("Cache") for name in names] == sorted(
        [name.startswith("Cache") for name in names], reverse=True)
    for spelt in ("cache control", "Cache_Control"):
        assert run(["explain", "--field", spelt]) == 0
        assert capsys.readouterr().out.startswith("Cache-Control  permanent\n")
    assert run(["explain", "--field", "powered"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("X-Powered-By  ")
    assert "no field 'powered'; this is X-Powered-By" in shown.err
    assert run(["explain", "--field", "age"]) == 0, "an exact name wins over Max-Age and the like"
    assert capsys.readouterr().out.startswith("Age  permanent\n")
    assert run(["explain", "--field", " "]) == 2


@pytest.mark.parametrize(("name", "told"), [
    ("Content-Type", ["response['Content-Type'] is MediaType", ".essence text Type and subtype, without parameters."]),
    ("Cache-Control", ["response['Cache-Control'] is CacheControl", ".max_age a number or None The seconds of max-age",
                       "CacheControlDirective: A directive", ".directives tuple of CacheControlDirective"]),
    ("Allow", ["response['Allow'] is tuple of text; any(… for NAME in response['Allow']) goes through it"]),
    ("Range", ["request['Range'] is Ranges", ".unit text In lower case."]),
    ("X-Powered-By", ["response['X-Powered-By'] is text"]),
])
def test_the_page_of_a_field_tells_what_conditions_have_of_it(
        name: str, told: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "--field", name]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for part in told:
        assert part in shown


def test_every_field_has_a_page(capsys: pytest.CaptureFixture[str]) -> None:
    for one in FIELDS.values():
        assert run(["explain", "--field", one.name]) == 0
        assert one.name in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "message"), [
    (["--field", "Cache-Controll"], "did you mean 'Cache-Control'?"), (["--field", "\x1b[31m"], "\\x1b"),
    ([], "wants the id of a rule"), (["405.allow-missing", "--field", "Allow"], "not both"),
])
def test_explain_says_what_it_wants(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", *arguments]) == 2
    assert message in capsys.readouterr().err


def test_trace_shows_each_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("> PATCH / HTTP/1.1\n< HTTP/1.1 405 No\n---\n> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n---\n"
                    "< HTTP/1.1 405 No\n< Allow: GET\n", "utf-8")
    assert run(["explain", "405.allow-missing", "--trace", str(path)]) == 0
    out = capsys.readouterr().out
    assert "405.allow-missing: violated" in out
    assert "405.allow-missing: holds" in out
    assert "entry 1" not in out
    assert "False" in out
    assert run(["explain", "405.allow-missing", "--trace", str(path), "--entry", "1"]) == 3
    assert run(["explain", "405.allow-missing", "--trace", str(tmp_path / "none")]) == 2


def test_trace_shows_the_message_as_reports_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("> GET / HTTP/1.1\n< HTTP/1.1 200 OK\n< Content-Length: 1x\n", "utf-8")
    assert run(["explain", "content-length.malformed", "--trace", str(path)]) == 0
    shown = capsys.readouterr().out
    run(["check", str(path), "--isolated", "--select", "content-length.malformed", "--output-format", "json"])
    finding, = json.loads(capsys.readouterr().out)["findings"]
    assert f"violated - {finding['message']}\n" in shown


def test_trace_knows_the_names_of_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, configuration = tmp_path / "a.txt", tmp_path / "httplint.toml"
    path.write_text("> FROB / HTTP/1.1\n< HTTP/1.1 405 No\n< Allow: GET, FROB\n", "utf-8")
    configuration.write_text('methods = ["FROB"]\n', "utf-8")
    for options, outcome in ((["--isolated"], "violated"), (["--config", str(configuration)], "holds")):
        assert run(["explain", "405.unknown-method", "--trace", str(path), *options]) == 0
        assert f": {outcome}" in capsys.readouterr().out


def test_trace_of_an_interim_response(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is known of its trailers and content: those of the exchange are the final response's."""
    path = tmp_path / "a.txt"
    path.write_text("> GET / HTTP/1.1\n> Host: a\n>\n< HTTP/1.1 103 Early Hints\n<\n"
                    "< HTTP/1.1 200 OK\n<\nok\n<<\n<< X: y\n", "utf-8")
    assert run(["explain", "trailer.without-chunked", "--trace", str(path)]) == 0
    shown = capsys.readouterr().out
    assert shown.count("not evaluated - the capture does not show trailers") == 1
    assert "violated" in shown


@pytest.mark.parametrize("rule", built_in_rules(), ids=lambda rule: rule.id)
def test_trace_works_on_every_rule(rule: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n---\n".join(text.strip("\n") for text in rule.bad[:1]), "utf-8")  # type: ignore[attr-defined]
    assert run(["explain", rule.id, "--trace", str(path)]) == 0  # type: ignore[attr-defined]
    shown = capsys.readouterr().out
    assert not re.search(r"<httplint| object at 0x", shown), shown
    assert ": violated" in shown


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "list"]) == 0
    assert f"{len(built_in_rules())} rules" in capsys.readouterr().out
    assert run(["rules", "list", "--json", "--select", "405"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert "405.allow-missing" in {rule["id"] for rule in listed}


def test_new_rules_pass_rules_test_once_filled_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "new", "418.teapot-missing"]) == 0
    skeleton = capsys.readouterr().out
    path = tmp_path / "new.toml"
    path.write_text(skeleton, "utf-8")
    assert run(["explain", "418.teapot-missing", "--rules", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].strip() == "new.toml:1"
    assert run(["rules", "test", str(path)]) == 0
    assert "1 rule, 2 examples, 2 mutants: all well" in capsys.readouterr().out
    path.write_text(skeleton.replace("'Field-Name' in response", "'Field-Name' in response or response.status == 1"),
                    "utf-8")
    assert run(["rules", "test", str(path)]) == 1
    shown = capsys.readouterr().out
    assert "no example notices" in shown
    assert "(add an example that comes out otherwise without that part" in shown
    path.write_text(skeleton.replace("Field-Name: value", "Field: value"), "utf-8")
    assert run(["rules", "test", str(path)]) == 1
    assert "found, though it is good" in capsys.readouterr().out
    assert run(["rules", "new", "405.allow-missing"]) == 2
    assert run(["rules", "new", "Bad Id"]) == 2


def test_coverage_per_document_and_status_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "coverage"]) == 0
    out = capsys.readouterr().out
    for code in (100, 101, 200, 202, 204, 205, 206, 300, 301, 304, 403, 404, 405, 412, 416, 426, 500, 505):
        assert str(code) in out
    assert len(out.splitlines()) > 200
    assert run(["rules", "coverage", "--status", "405"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any("9110-15.5.6-1" in line and "405.allow-missing" in line for line in lines)
    assert len(lines) > 5
    assert run(["rules", "coverage", "--document", "9110"]) == 0
    assert len(capsys.readouterr().out.splitlines()) > 200
    assert run(["rules", "coverage", "--open"]) == 0
    assert capsys.readouterr().out
    assert run(["rules", "coverage", "--document", "1234"]) == 2
    assert "1234" in capsys.readouterr().err


def test_functions_are_documented(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "functions"]) == 0
    out = capsys.readouterr().out.splitlines()
    has = out.index("  has(message: Message, name: text) -> a truth value")
    assert out[has + 1].startswith("      the rule language: Whether")
    fresh = next(number for number, line in enumerate(out) if line.startswith("  freshness(response: Response) -> "))
    assert out[fresh + 1].startswith("      RFC 9111 §4.2.1: The explicit freshness lifetime in seconds")
    assert [line for line in out[:fresh] if not line.startswith(" ")][-1].startswith("httplint.vocabulary.caching: ")


def test_functions_by_their_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "functions", "fresh", "len"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("(")[0] for line in lines if line.startswith("  ") and line[2] != " "] == [
        "  len", "  freshness", "  lengths_agree"]
    assert run(["rules", "functions", "none_begins_so"]) == 3
    assert capsys.readouterr().out == ""


def test_values_and_their_attributes_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "functions", "--values", "mediat", "Request"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "MediaType: A media type" in shown
    assert ".charset text or None The charset parameter in lower case." in shown
    assert ".uri text, and a TargetURI The target URI" in shown
    assert "Response:" not in shown
    assert run(["rules", "functions", "--values"]) == 0
    shown = capsys.readouterr().out
    for kind in ("CacheControl", "TargetURI", "Representation", "FieldLine", "Response", "Irregularity"):
        assert f"  {kind}: " in shown
    assert run(["rules", "functions", "--values", "nothing"]) == 3
    assert run(["rules", "functions"]) == 0
    assert "rules functions --values" in capsys.readouterr().out


HOUSE = """\
[[rule]]
id          = "house.request-id"
title       = "no X-Request-Id"
level       = "SHOULD"
spec        = "House §1"
host        = "api.example.com"
path        = "/items/{id}"
require     = "'X-Request-Id' in response and len(response['X-Request-Id']) == 4"
message     = "no X-Request-Id of four characters"
why         = "Logs cannot be joined."
fix         = "Send X-Request-Id."
bad         = ['''
> GET TARGET HTTP/1.1
> Host: HOST
< HTTP/1.1 200 OK
''', '''
> GET /items/7 HTTP/1.1
> Host: api.example.com
< HTTP/1.1 200 OK
< X-Request-Id: SHORT
''']
good        = ['''
> GET /items/7 HTTP/1.1
> Host: api.example.com
< HTTP/1.1 200 OK
< X-Request-Id: LONG
''']
"""


def _outcome(tmp_path: Path, capsys: pytest.CaptureFixture[str], **changes: str) -> tuple[int, str]:
    """Status and output, its whitespace as one space each, of testing the rule with those texts in it."""
    text = HOUSE
    for name, value in {"TARGET": "/items/7", "HOST": "api.example.com", "SHORT": "a", "LONG": "abcd",
                        **changes}.items():
        text = text.replace(name, value)
    path = tmp_path / "house.toml"
    path.write_text(text, "utf-8")
    code = run(["rules", "test", str(path)])
    return code, " ".join(capsys.readouterr().out.split())


def test_an_example_that_comes_out_otherwise_shows_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _outcome(tmp_path, capsys) == (0, "1 rule, 3 examples, 6 mutants: all well")
    code, shown = _outcome(tmp_path, capsys, SHORT="abcd")
    assert code == 1
    assert "house.request-id: a bad example is not found: > GET /items/7 HTTP/1.1" in shown
    assert "True len(response['X-Request-Id']) == 4 4 len(response['X-Request-Id'])" in shown
    assert "house.request-id: holds" in shown
    code, shown = _outcome(tmp_path, capsys, LONG="ab")
    assert code == 1
    assert "a good example is found, though it is good" in shown
    assert "False len(response['X-Request-Id']) == 4 2 len(response['X-Request-Id'])" in shown
    assert "house.request-id: violated - no X-Request-Id of four characters" in shown


@pytest.mark.parametrize(("changes", "why"), [
    ({"HOST": "b.example"}, "about host api.example.com and path /items/{id}, and this goes to host b.example, "),
    ({"TARGET": "/items"}, "and this goes to host api.example.com, path /items"),
    ({"HOST": ""}, "and this goes to a host that is not known (no Host in the request), path /items/7"),
    ({'host        = "api.example.com"': "status = 404"}, "the rule is about status 404, and this is 200"),
    ({'host        = "api.example.com"': 'method = ["PUT", "POST"]'}, "the rule is about POST, PUT, and this is GET"),
    ({'host        = "api.example.com"': 'version = "2"'}, "the rule is about HTTP/2, and this is HTTP/1.1"),
])
def test_an_example_that_the_rule_is_not_about_says_so(
        changes: dict[str, str], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, shown = _outcome(tmp_path, capsys, **changes)
    assert code == 1
    assert "house.request-id: does not apply - the rule is about " in shown
    assert why in shown


def test_a_rule_that_wants_a_package_which_is_not_installed_is_not_tested(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httplint.vocabulary.cookies._suffix_of", lambda: None)
    changes = {"'X-Request-Id' in response and ": "not for_everyone('co.uk', request) and "}
    code, shown = _outcome(tmp_path, capsys, **changes)
    assert code == 3, "nothing was tested"
    assert ("house.request-id: not tested: the list of public suffixes needs the Python package publicsuffixlist "
            "(extra psl)") in shown
    assert shown.endswith("1 rule, 3 examples, 0 mutants: all well, but 1 not tested for want of a package")
    (tmp_path / "other.toml").write_text(HOUSE.replace("request-id", "other").replace("TARGET", "/items/7").replace(
        "HOST", "api.example.com").replace("LONG", "abcd"), "utf-8")
    assert run(["rules", "test", str(tmp_path)]) == 0
    (tmp_path / "other.toml").write_text(HOUSE.replace("request-id", "other"), "utf-8")
    assert run(["rules", "test", str(tmp_path)]) == 1


def har_of(entries: int, indent: int | None) -> str:
    """A HAR with so many answers 405 with an ETag that is none, but for the third."""
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "test", "version": "1"}, "entries": [{
        "startedDateTime": "2026-01-01T00:00:00Z", "time": 1, "cache": {},
        "timings": {"send": 1, "wait": 1, "receive": 1},
        "request": {"method": "PATCH", "url": f"http://a.example/{number}", "httpVersion": "HTTP/1.1", "cookies": [],
                    "headers": [], "queryString": [], "headersSize": -1, "bodySize": 0},
        "response": {"status": 405 if number != 2 else 200, "statusText": "No", "httpVersion": "HTTP/1.1",
                     "cookies": [], "headers": [{"name": "ETag", "value": "bad"}] * (number != 2),
                     "content": {"size": 0, "mimeType": ""}, "redirectURL": "",
                     "headersSize": -1, "bodySize": 0}} for number in range(entries)]}}, indent=indent)


@pytest.mark.parametrize("indent", [None, 1], ids=["on one line", "on many lines"])
@pytest.mark.parametrize("name", ["a.har", "c:3.har", "a b.har"])
def test_a_trace_takes_the_place_that_check_prints(
        indent: int | None, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(har_of(4, indent), "utf-8")
    arguments = [name, "--isolated", "--select", "etag.malformed"]
    assert run(["check", *arguments, "--output-format", "concise"]) == 1
    places = [line.partition(": error")[0] for line in capsys.readouterr().out.splitlines() if ": error" in line]
    assert run(["check", *arguments, "--output-format", "json"]) == 1
    entries = [finding["location"]["entry"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert (len(places), entries) == (3, [0, 1, 3])
    for place, entry in zip(places, entries, strict=True):
        path, line, column = place.rsplit(":", 2)
        for spelt in (place, f"{place}:", f"--> {place} (entry {entry}) PATCH http://a.example/{entry}",
                      f"{path}:{line}:{int(column) + 1}", f"{path} (entry {entry})"):
            assert run(["explain", "etag.malformed", "--trace", spelt]) == 0, spelt
            shown = [text for text in capsys.readouterr().out.splitlines() if "→" in text]
            assert [text.rpartition("/")[2] for text in shown] == [f"{entry} → 405"]


def test_a_trace_takes_a_place_in_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A member is no file, and what is called so in it stands at the same place in another one."""
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("one/a.har", har_of(4, 1))
        made.writestr("a.har", har_of(2, 1))
    assert run(["check", str(archive), "--isolated", "--select", "etag.malformed", "--output-format", "json"]) == 1
    places = [finding["location"] for finding in json.loads(capsys.readouterr().out)["findings"]]
    assert len(places) == 5
    for place in places:
        at = f"{place['path']}:{place['line']}"
        for spelt in (at, f"{at}:{place['column']}", f"{at}:{place['column']} (entry {place['entry']}) PATCH http://a/"):
            assert run(["explain", "etag.malformed", "--trace", spelt]) == 0, spelt
            (shown,) = [text for text in capsys.readouterr().out.splitlines() if "→" in text]
            assert shown.startswith(f"{at} entry {place['entry']}  "), spelt
    for place, code, told in ((archive / "b.har", 3, "no exchange"), (tmp_path / "none" / "a.har", 2, "no such file")):
        assert run(["explain", "etag.malformed", "--trace", f"{place}:1"]) == code
        said = capsys.readouterr()
        assert told in said.out + said.err


def test_a_trace_of_a_place_that_is_of_no_use_says_why(
        tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.har").write_text(har_of(4, 1), "utf-8")
    one = json.loads(har_of(3, 1))
    del one["log"]["entries"][:2]
    Path("one.har").write_text(json.dumps(one), "utf-8")
    for place, code, told in (("a.har:1", 3, "no exchange stands there"), ("a.har (entry 9)", 3, "no exchange stands"),
                              ("a.har (entry 2)", 3, "the rule is about status 405, and this is 200"),
                              ("one.har", 3, "no exchange that the rule is about; the first one: the rule is about "
                               "status 405, and this is 200"),
                              ("b.har:3:1", 2, "b.har: no such file"), ("a.har:3:x", 2, "a.har:3:x: no such file")):
        assert run(["explain", "405.allow-missing", "--trace", place]) == code
        shown = capsys.readouterr()
        assert told in shown.out + shown.err


@pytest.mark.parametrize(("text", "expected"), [
    ("a.har", ("a.har", None, None)), ("a.har:3:7", ("a.har", None, (3, 7))),
    ("a.har:3", ("a.har", None, (3, sys.maxsize))),
    (r"C:\x\a.har", (r"C:\x\a.har", None, None)), (r"C:\x\a.har:3:7 (entry 2)", (r"C:\x\a.har", 2, (3, 7))),
    ("a:b:c.har:3:7:", ("a:b:c.har", None, (3, 7))), ("-", ("-", None, None)),
    ("--> a b.har (entry 12)  GET http://a/ (entry 3)", ("a b.har", 12, None)),
    ("a.har:" + "9" * 30, ("a.har:" + "9" * 30, None, None)),
])
def test_places_are_told_from_paths(text: str, expected: tuple[object, ...]) -> None:
    assert tuple(spot(text)) == (*expected, None)
    assert spot(text, 5).entry == 5


def test_rules_are_found_by_a_part_of_their_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "405"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split()[:2] == ["405.allow-missing", "MUST"]
    assert shown[-1] == f"{len(shown) - 1} rules; httplint explain RULE tells of one"
    assert run(["explain", "cookie"]) == 0
    shown = capsys.readouterr()
    assert "no rule's id begins with 'cookie'; it is in these" in shown.err
    assert "set-cookie.malformed" in shown.out
    assert run(["explain", "ALLOW-MISSING"]) == 0
    assert "405.allow-missing" in capsys.readouterr().out
    assert run(["explain", "X-Powered-By"]) == 2
    assert "X-Powered-By is a field: httplint explain --field X-Powered-By" in capsys.readouterr().err

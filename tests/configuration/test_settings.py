"""What a configuration may say, and what is said of a wrong one."""
from __future__ import annotations

import datetime
import json
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.configuration import ConfigurationError, schema
from httplint.configuration.settings import KEYS, OVERRIDE, WAIVER, Settings, load

EVERYTHING = """\
extends = "shared.toml"
profile = ["api", "security"]
select = "304, 405"
ignore = ["405.allow-differs"]
severity = "warning"
fail-on = "never"
show = ["not-evaluated"]
rules = ["house", "/srv/rules"]
api = "docs/openapi.yaml"
outputs = ["json:out/result.json", "sarif:/tmp/x.sarif", "markdown:-"]
hosts = { App = ["127.0.0.1", "app:8000"] }
first-party = ["shop.example", "*.shop.example"]
fields = ["X-Shop"]
methods = ["FROB"]
schemes = ["Shop"]
baseline = "known.json"
allow-silencing-field = "X-Lint"
confidence = "medium"

[level]
304 = "info"
405.allow-missing = "off"

[[override]]
host = "*.test"
path = ["/api/**", "/v1/**"]
method = "GET"
status = [404, "5xx"]
content-type = "text/*"
select = ["all"]
ignore = ["304"]
level = { 503 = "off" }

[[waiver]]
rule = "405"
field = "Allow"
host = "shop.example"
reason = "the gateway is replaced in May"
expires = 2030-05-31
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    Path("shared.toml").write_text("", "utf-8")

    def make(text: str, name: str = "httplint.toml") -> Settings:
        Path(name).write_text(text, "utf-8")
        return load(name)
    return make


def test_every_key(write: Any, tmp_path: Path) -> None:
    found = write(EVERYTHING)
    assert found.profile == ("api", "security")
    assert found.select == ("304", "405")
    assert found.ignore == ("405.allow-differs",)
    assert (found.severity, found.confidence) == ("warning", "medium")
    assert (found.fail_on, found.show) == ("never", ("not-evaluated",))
    assert found.rules == (str(tmp_path / "house"), "/srv/rules")
    assert found.api == (str(tmp_path / "docs" / "openapi.yaml"),)
    assert found.outputs == (f"json:{tmp_path}/out/result.json", "sarif:/tmp/x.sarif", "markdown:-")
    assert found.hosts == {"app": ("127.0.0.1", "app:8000")}
    assert found.extends == (str(tmp_path / "shared.toml"),)
    assert found.first_party == ("shop.example", "*.shop.example")
    assert (found.fields, found.methods, found.schemes) == (("X-Shop",), ("FROB",), ("Shop",))
    assert found.baseline == str(tmp_path / "known.json")
    assert found.allow_silencing_field == "X-Lint"
    assert found.level == {"304": "info", "405.allow-missing": "off"}
    override, = found.overrides
    assert override.where.keys == {"host": ("*.test",), "path": ("/api/**", "/v1/**"), "method": ("GET",),
                                   "status": ("404", "5xx"), "content-type": ("text/*",)}
    assert (override.select, override.ignore, override.level) == (("",), ("304",), {"503": "off"})
    waiver, = found.waivers
    assert (waiver.rule, waiver.reason) == ("405", "the gateway is replaced in May")
    assert waiver.expires == datetime.date(2030, 5, 31)
    assert waiver.where.keys == {"host": ("shop.example",), "field": ("Allow",)}
    assert found.path == str(tmp_path / "httplint.toml")
    assert {str(origin) for origin in found.origins.values()} == {
        f"httplint.toml:{line}" for line in (*range(1, 19), 20, 24, 34)}
    assert str(found.origins["fail-on"]) == "httplint.toml:6"
    assert (str(override.origin), str(waiver.origin)) == ("httplint.toml:24", "httplint.toml:34")


def test_the_defaults_and_their_types(write: Any) -> None:
    found = write("")
    assert (found.severity, found.fail_on, found.profile) == ("info", "error", ("default",))
    assert (found.select, found.level, found.baseline, found.overrides) == ((), {}, None, ())
    assert {str(origin) for origin in found.origins.values()} == {"default"}
    kinds = {name for name in get_type_hints(Settings) if not name.startswith("_")}
    assert kinds == {key.attribute for key in KEYS}


def test_what_a_configuration_extends_holds_where_it_says_nothing(write: Any, tmp_path: Path) -> None:
    (tmp_path / "org").mkdir()
    (tmp_path / "org" / "base.toml").write_text(
        'profile = "api"\nseverity = "warning"\nrules = "house"\nignore = ["304", "405"]\n'
        '[level]\n503 = "info"\n200 = "off"\n[hosts]\napp = "a.test"\n[[waiver]]\nrule = "405"\nreason = "all of us"',
        "utf-8")
    (tmp_path / "org" / "pyproject.toml").write_text('[tool.httplint]\nseverity = "error"\nfail-on = "info"\n', "utf-8")
    found = write('extends = ["org/base.toml", "org/pyproject.toml"]\nprofile = "security"\nselect = "405.allow, 405"\n'
                  '[level]\n503 = "error"\n[hosts]\ndb = "b.test"\n[[waiver]]\nrule = "503"\nreason = "ours"')
    assert (found.profile, found.severity, found.fail_on) == (("security",), "error", "info")
    assert found.rules == (str(tmp_path / "org" / "house"),)
    assert (found.select, found.ignore) == (("405.allow", "405"), ("304",))
    assert (found.level, found.hosts) == ({"503": "error", "200": "off"}, {"app": ("a.test",), "db": ("b.test",)})
    assert [(one.rule, one.reason, str(one.origin)) for one in found.waivers] == [
        ("405", "all of us", "org/base.toml:10"), ("503", "ours", "httplint.toml:8")]
    assert {name: str(found.origins[name]) for name in ("profile", "severity", "level")} == {
        "profile": "httplint.toml:2", "severity": "org/pyproject.toml:2", "level": "org/base.toml:5, httplint.toml:4"}


def test_configurations_that_extend_one_another_have_an_end(write: Any, tmp_path: Path) -> None:
    for name, extended in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{name}.toml").write_text(f"extends = '{extended}.toml'", "utf-8")
    with pytest.raises(ConfigurationError, match=r"c\.toml:1: extends: a\.toml: it extends this one, too"):
        write("extends = 'a.toml'")
    for number in range(30):
        (tmp_path / f"{number}.toml").write_text(f"extends = '{number + 1}.toml'", "utf-8")
    with pytest.raises(ConfigurationError, match=r"10\.toml:1: extends: 11\.toml: .* at most 10 deep"):
        write("extends = '1.toml'")
    (tmp_path / "leaf.toml").write_text("", "utf-8")
    assert write(f"extends = {['leaf.toml'] * 50}").extends == (str(tmp_path / "leaf.toml"),) * 50
    with pytest.raises(ConfigurationError, match="at most 50 files"):
        write(f"extends = {['leaf.toml'] * 51}")


def test_a_fault_of_what_is_extended_is_told_where_it_stands(write: Any, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("\nseverity = 'warn'", "utf-8")
    with pytest.raises(ConfigurationError, match=r"base\.toml:2: severity: expected error, warning or info"):
        write("extends = 'base.toml'")


def test_a_configuration_found_by_itself_writes_below_its_own_directory_whatever_it_extends(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base.toml").write_text("outputs = 'json:x.json'", "utf-8")
    (tmp_path / "project").mkdir()
    own = tmp_path / "project" / "httplint.toml"
    own.write_text("extends = '../base.toml'", "utf-8")
    assert load(own).outputs == (f"json:{tmp_path}/x.json",)
    with pytest.raises(ConfigurationError, match="is not below its directory"):
        load(own, found=True)


def test_the_table_of_pyproject(write: Any, tmp_path: Path) -> None:
    found = write('[project]\nname = "x"\n\n[tool.httplint]\nselect = ["405"]\n', "pyproject.toml")
    assert (found.select, str(found.origins["select"])) == (("405",), "pyproject.toml:5")
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml: there is no table \[tool\.httplint\]"):
        write("[tool.other]\n", "pyproject.toml")
    with pytest.raises(ConfigurationError, match=r"expected a table"):
        write("[tool]\nhttplint = 1\n", "pyproject.toml")


@pytest.mark.parametrize(("text", "message"), [
    ("x = 1\nslect = '405'", "2: unknown key 'slect'; did you mean 'select'?"),
    ("fail_on = 'error'", "1: unknown key 'fail_on'; did you mean 'fail-on'?"),
    ("quite-different = 1", "1: unknown key 'quite-different'; the keys are extends, profile"),
    ("select = 405", "1: select: expected a list of prefixes of rule ids, got a number"),
    ("select = [405]", "1: select: expected a list of prefixes of rule ids, got a number"),
    ("select = ['']", "1: select: expected a list of prefixes of rule ids, got an empty one"),
    ("select = true", "1: select: expected a list of prefixes of rule ids, got a truth value"),
    ("severity = 'warn'", "1: severity: expected error, warning or info, got 'warn'; did you mean 'warning'?"),
    ("fail-on = ['error']", "1: fail-on: expected a text, got a list"),
    ("profile = 'apis'", "1: profile: expected default, strict, api, browser or security, got 'apis'; did you"),
    ("show = 'all'", "1: show: expected not-evaluated or api, got 'all'"),
    ("rules = {}", "1: rules: expected a list of paths, got a table"),
    ("outputs = 'json'", "1: outputs: expected FORMAT:FILE, got 'json'"),
    ("baseline = []", "1: baseline: expected a path, got a list"),
    ("baseline = 'a\\u0000b'".replace("'", '"'), "1: baseline: a path has no NUL"),
    ("first-party = ['http://a/']", "1: first-party: 'http://a/': expected a host such as"),
    ("hosts = ['a']", "1: hosts: expected a table of names, each with its hosts, got a list"),
    ("[hosts]\napp = 1", "1: hosts: app: expected a list of hosts, got a number"),
    ("[hosts]\n'a/b' = 'c'", "1: hosts: 'a/b' cannot be the name of a host; letters, digits, -, _, . and : can"),
    ("[hosts]\na = ['c', 'e']\nb = ['d', 'E']", "1: hosts: 'E' is given to a, and to b, too"),
    ("[hosts]\na = 'c'\nA = 'd'", "1: hosts: 'A' is given twice, in large and in small letters"),
    ("[hosts]\na = 'http://c/'", "1: hosts: a: 'http://c/': expected a host such as"),
    ("extends = 'nothing.toml'", "1: extends: nothing.toml: there is no such file"),
    ("\nextends = ['httplint.toml']", "2: extends: httplint.toml: it extends this one, too"),
    ("fields = ['a b']", "1: fields: 'a b' has characters that are in no name"),
    ("allow-silencing-field = 1", "1: allow-silencing-field: expected a name, got a number"),
    ("level = 'error'", "1: level: expected a table of prefixes of rule ids, got a text"),
    ("\n[level]\n405.x = 'warn'", "2: level: 405.x: expected error, warning, info or off, got 'warn'; did you mean"),
    ("[level]\n" + "a." * 10 + "b" * 300 + "='off'", "1: level: no rule's id begins with"),
    ("override = 1", "1: override: write each as a table of its own, [[override]]"),
    ("[override]\nhost = 'a'", "1: override: write each as a table of its own, [[override]]"),
    ("[[override]]\nselect = '405'", "1: an override says where it holds: host, path, method, status, content-type"),
    ("[[override]]\nhost = 'a'", "1: an override says what holds there: select, ignore, level"),
    ("[[override]]\nhost = 'a'\nignore = '1'\n[[override]]\nhost = 'b'\npaths = '/'",
     "6: unknown key 'paths' of an override; did you mean 'path'?"),
    ("[[override]]\nignore = '405'\nfield = 'a'", "3: unknown key 'field' of an override"),
    ("[[override]]\nignore = '405'\npath = '*.js'", "3: path: '*.js': expected a path that begins with / or **"),
    ("[[override]]\nignore = '405'\nstatus = 4", "3: status: '4': expected a status code such as 404"),
    ("[[override]]\nignore = '405'\nstatus = true", "3: status of an override: expected a text or a list of texts"),
    ("[[waiver]]\nrule = '405'", "1: a waiver needs the key 'reason'"),
    ("[[waiver]]\nreason = 'x'", "1: a waiver needs the key 'rule'"),
    ("[[waiver]]\nrule = '405'\nreason = ' '", "3: reason of a waiver: expected a text that gives the reason, got"),
    ("[[waiver]]\nrule = '405,406'\nreason = 'x'", "2: rule of a waiver: expected one prefix of rule ids"),
    ("[[waiver]]\nrule = '405'\nreason = 'x'\nexpires = 'soon'", "4: expires of a waiver: expected a date such as"),
    ("[[waiver]]\nrule = '405'\nreason = 'x'\nexpires = 2030-01-01T00:00:00", "4: expires of a waiver: expected"),
    ("[[waiver]]\nrule = '405'\nreason = 'x'\nexpires = 20300101", "4: expires of a waiver: expected a date"),
    ("select = [1979-05-27]", "1: select: expected a list of prefixes of rule ids, got a date or time"),
])
def test_what_is_wrong_is_told_with_its_line(text: str, message: str, write: Any) -> None:
    text = text.replace("x = 1\n", "severity = 'info'\n", 1) if text.startswith("x = 1") else text
    with pytest.raises(ConfigurationError) as caught:
        write(text)
    assert str(caught.value).startswith(f"httplint.toml:{message}")


VALUES = st.recursive(
    st.one_of(st.text("a405.*/:-é\0,", max_size=6), st.integers(), st.booleans(), st.floats(), st.dates(),
              st.datetimes()),
    lambda inner: st.one_of(st.lists(inner, max_size=3),
                            st.dictionaries(st.sampled_from([key.name for key in (*OVERRIDE, *WAIVER)]), inner)))


@given(st.dictionaries(st.sampled_from([key.name for key in KEYS] + ["x"]), VALUES, max_size=3))
def test_no_value_breaks_the_reader(table: dict[str, Any]) -> None:
    from httplint.configuration import settings, toml
    try:
        settings._SettingsReader(toml.TomlFile("httplint.toml", table, {})).values()
    except ConfigurationError:
        pass


# -- with a command line

def test_the_command_line_wins(write: Any) -> None:
    found = write(EVERYTHING).with_options({
        "select": ["405.allow-differs,503"], "ignore": [], "profile": "strict", "severity": "error", "fail-on": None,
        "rules": ["more"], "outputs": ["html:x.html"], "show": [], "baseline": "other.json"})
    assert found.select == ("405.allow-differs", "503")
    assert found.ignore == ()                              # no more ignored, since it is selected
    assert found.profile == ("strict",)
    assert (found.severity, found.fail_on) == ("error", "never")
    assert found.rules[1:] == ("/srv/rules", "more")
    assert found.outputs[2:] == ("markdown:-", "html:x.html")
    assert found.baseline == "other.json"
    assert {name: str(found.origins[name]) for name in ("select", "ignore", "severity", "rules", "show")} == {
        "select": "command line", "ignore": "httplint.toml:4", "severity": "command line",
        "rules": "httplint.toml:8, command line", "show": "httplint.toml:7"}
    assert found.below is not None
    assert found.below.select == ("304", "405")


def test_a_command_line_that_says_nothing_changes_nothing(write: Any) -> None:
    found = write(EVERYTHING)
    again = found.with_options({"select": [], "severity": None, "outputs": ()})
    assert all(getattr(again, key.attribute) == getattr(found, key.attribute) for key in KEYS)
    assert (again.origins, again.below) == (found.origins, None)


def test_what_the_command_line_ignores_is_selected_no_more(write: Any) -> None:
    found = write("select = ['405', '503']").with_options({"ignore": "405"})
    assert (found.select, found.ignore) == (("503",), ("405",))
    assert write("select = ['405.allow-missing', '503']").with_options({"ignore": "405"}).select == ("503",)
    for ignored in ("405", "all"):
        found = write("select = ['405', '405.allow-missing']").with_options({"ignore": ignored})
        assert (found.select, found.ignore) == ((), ("all",))


# -- the schema for editors

def _plain(value: Any) -> Any:
    """What an editor hands to the schema: dates are texts."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def _schema() -> Any:
    return json.loads((files("httplint") / "configuration" / "schema.json").read_text("utf-8"))


def test_the_schema_in_the_package_is_that_of_the_table() -> None:
    """If not: httplint config schema > src/httplint/configuration/schema.json"""
    assert _schema() == schema.schema()
    jsonschema.Draft202012Validator.check_schema(_schema())


def test_the_schema_takes_everything() -> None:
    import tomllib
    jsonschema.validate(_plain(tomllib.loads(EVERYTHING)), _schema())
    jsonschema.validate({}, _schema())


@pytest.mark.parametrize("text", [
    "slect = '405'", "select = 405", "severity = 'warn'", "outputs = 'json'", "[level]\n405.x = 'warn'",
    "[[override]]\npaths = '/'", "[[waiver]]\nrule = '405'", "[[override]]\nstatus = '4'", "profile = ['apis']",
    "[[waiver]]\nrule = '405'\nreason = ' '", "[[waiver]]\nrule = '405'\nreason = 'x'\nexpires = 'soon'",
])
def test_the_schema_refuses_what_the_reader_refuses(text: str, write: Any) -> None:
    import tomllib
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(_plain(tomllib.loads(text)), _schema())
    with pytest.raises(ConfigurationError):
        write(text)

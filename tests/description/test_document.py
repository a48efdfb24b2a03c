"""The octets of a description: JSON and YAML, broken and hostile ones."""
from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from httplint.description import DescriptionError, document
from httplint.model import installation
from httplint.model import yaml as yaml_of_ours


def read(directory: Path, text: str | bytes, name: str = "api.yaml") -> Any:
    path = directory / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return document.read(str(path))


def refused(directory: Path, text: str | bytes, name: str = "api.yaml") -> str:
    with pytest.raises(DescriptionError) as caught:
        read(directory, text, name)
    return str(caught.value).removeprefix(f"{directory}/")


def test_a_scalar_is_a_text_whatever_it_looks_like(tmp_path: Path) -> None:
    assert read(tmp_path, "openapi: 3.10\n200: no\n'404': 2020-01-01\n0x1f: 1_000\nnull: x\nlist: [1, ~, '', y]\n") == {
        "openapi": "3.10", "200": "no", "404": "2020-01-01", "0x1f": "1_000", "list": ["1", None, "", "y"]}


def test_both_notations_come_to_the_same(tmp_path: Path) -> None:
    said = {"a": {"b": ["c", {"d": "e ü"}], "f": {}}, "g": []}
    assert read(tmp_path, json.dumps(said), "api.json") == said
    assert read(tmp_path, yaml.safe_dump(said)) == said
    assert read(tmp_path, json.dumps(said)) == said, "JSON is YAML"
    assert read(tmp_path, b"\xef\xbb\xbf" + json.dumps(said).encode(), "api") == said, "with a byte order mark"


DATA = st.recursive(
    st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=8).filter(
        lambda text: text not in yaml_of_ours.NULL),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc<'\": -", max_size=5).filter(
        lambda text: text not in yaml_of_ours.NULL), inner, max_size=4), max_leaves=12)


@given(DATA)
def test_what_yaml_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, said: Any) -> None:
    assert read(tmp_path_factory.getbasetemp(), yaml.safe_dump(said, allow_unicode=True)) == said


def test_what_is_named_by_an_alias_is_the_same(tmp_path: Path) -> None:
    said = read(tmp_path, "a: &a {x: &x 1}\nb: *a\nc: [*x, *a]\n*x : d\n")
    assert said["b"] is said["a"]
    assert said["c"] == ["1", {"x": "1"}]
    assert said["1"] == "d"


def test_a_merge_key_adds_what_is_not_said(tmp_path: Path) -> None:
    said = read(tmp_path, "common: &common {401: a, 500: b}\nmore: &more {500: c, 503: d}\n"
                          "one:\n  <<: *common\n  500: own\ntwo:\n  200: e\n  <<: [*common, *more]\n")
    assert said["one"] == {"401": "a", "500": "own"}
    assert said["two"] == {"200": "e", "401": "a", "500": "b", "503": "d"}


def test_an_object_within_itself_is_read(tmp_path: Path) -> None:
    said = read(tmp_path, "a: &a\n  b: *a\n  <<: *a\n")
    assert said["a"]["b"] is said["a"]


def test_keys_that_are_no_texts_are_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "[a, b]: 1\n{c: d}: 2\n? - e\n: 3\ng: 4\n") == {"g": "4"}


@pytest.mark.parametrize(("text", "told"), [
    ("a: 1\nb: [x}\nc: 2\n", "api.yaml:2: not YAML: "),
    ("a:\n\tb: 1\n", "api.yaml:2: not YAML: "),
    ("a: 1\nb: \x01\n", "api.yaml:2: not YAML: "),
    ("a: 1\nb: *c\n", "api.yaml:2: not YAML: *c names nothing that stands before it"),
    ("a: 1\nb: 2\na: 3\n", "api.yaml:3: not YAML: the key 'a' is there twice"),
    (b"a: 1\nb: \xff\n", "api.yaml:2: not UTF-8"),
], ids=["open", "tab", "control", "alias", "twice", "octets"])
def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert refused(tmp_path, text).startswith(told)


def test_what_is_no_json_is_told_with_its_line(tmp_path: Path) -> None:
    assert refused(tmp_path, '{"a": 1,\n"b": }', "api.json").startswith("api.json:2: not JSON: ")
    assert refused(tmp_path, '{"a": ' + "1" * 10_000 + "}", "api.json") == "api.json: not JSON: a number is too long"


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "[" * 700 + "]" * 700])
@pytest.mark.parametrize("name", ["api.json", "api.yaml"])
def test_what_is_nested_too_deep_is_refused(tmp_path: Path, text: str, name: str) -> None:
    if name == "api.json" and len(text) < 10_000:
        return                                             # which the reader of JSON takes
    assert any(word in refused(tmp_path, text, name) for word in ("nest", "deep"))


def test_aliases_do_not_multiply(tmp_path: Path) -> None:
    """What is known as billion laughs, with lists and with merge keys."""
    lines = ["a0: &a0 [x]"] + [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]"
                               for number in range(1, 60)]
    assert len(read(tmp_path, "\n".join(lines))) == 60
    merging = ["a0: &a0 {x: y}"] + [
        f"a{number}: &a{number} {{<<: [{', '.join([f'*a{number - 1}'] * 9)}], k{number}: z}}"
        for number in range(1, 60)]
    assert len(read(tmp_path, "\n".join(merging))["a59"]) == 60


def test_merge_keys_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MOST_VALUES", 1000)
    many = "a: &a {" + ", ".join(f"k{number}: 1" for number in range(100)) + "}\n"
    assert refused(tmp_path, many + "b: {<<: [" + "*a, " * 20 + "]}\n") == "api.yaml: it holds more than 1,000 values"


def test_without_the_package_json_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert read(tmp_path, "{}", "api.json") == {}
    assert refused(tmp_path, "a: 1\n") == (
        f"api.yaml: YAML needs PyYAML: {installation.command('api')}; or say it in JSON")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DescriptionError, match="cannot be read: No such file"):
        document.read(str(tmp_path / "none.yaml"))

"""What tests, CI and builds install is pinned, for each Python that the project runs on."""
from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
PYTHONS = [found[1] for one in PROJECT["project"]["classifiers"] if (found := re.fullmatch(r".* (3\.\d+)", one))]
APART = {"mitmproxy": {"mitmproxy", "test-guides", "test-mitmproxy"}, "archive": {"gcs", "s3", "test-archive"},
         "beam": {"beam", "test-beam"}, "moto": {"test-moto"}}
"""Which constraints -> the extras that have an environment, and these constraints, of their own."""


def pins(name: str, python: str) -> dict[str, str]:
    """The versions by package that a file of tools/ pins for that Python on Linux."""
    found: dict[str, str] = {}
    for line in (ROOT / "tools" / name).read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        one = Requirement(line)
        if one.marker is None or one.marker.evaluate(environment(python)):
            only, = one.specifier
            assert only.operator == "=="
            assert found.setdefault(canonicalize_name(one.name), only.version) == only.version
    return found


def environment(python: str) -> dict[str, str]:
    return {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux", "os_name": "posix",
            "platform_system": "Linux", "implementation_name": "cpython", "extra": "",
            "platform_python_implementation": "CPython"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("extra", [*EXTRAS, None])
def test_what_an_extra_needs_is_pinned(extra: str | None, python: str) -> None:
    apart, = [f"-{name}" for name, extras in APART.items() if extra in extras] or [""]
    pinned = pins(f"constraints{apart}.txt", python)
    needed = [*PROJECT["build-system"]["requires"], "pip", "uv", "editables", *PROJECT["project"]["dependencies"],
              *EXTRAS.get(extra, ())]
    for one in map(Requirement, needed):
        if one.name != PROJECT["project"]["name"] and (
                one.marker is None or one.marker.evaluate(environment(python))):
            version = pinned.get(canonicalize_name(one.name))
            assert version is not None, f"{one.name} is not pinned for Python {python}: run tools/pin"
            assert one.specifier.contains(version, prereleases=True), f"{one} against {version}: run tools/pin"


def test_the_playground_has_what_the_tests_have_and_by_hash() -> None:
    lines = (ROOT / "playground" / "requirements.txt").read_text("utf-8").splitlines()
    found = [re.fullmatch(r"([\w.-]+)==(\S+) --hash=sha256:[0-9a-f]{64}", line) for line in lines if line[0] != "#"]
    pinned = pins("constraints.txt", "3.14")
    assert all(found)
    versions = {canonicalize_name(one[1]): one[2] for one in found if one}
    assert versions.keys() >= {canonicalize_name(Requirement(one).name) for one in PROJECT["project"]["dependencies"]}
    assert versions == {name: pinned[name] for name in versions}, "run tools/pin"


def test_what_npm_brings_is_pinned_by_digest_and_from_no_registry_in_particular() -> None:
    wanted = json.loads((ROOT / "playground" / "package.json").read_text("utf-8"))
    locked = json.loads((ROOT / "playground" / "package-lock.json").read_text("utf-8"))["packages"]
    assert wanted["dependencies"].keys() == {"pyodide"}
    for kind in ("dependencies", "devDependencies"):
        assert wanted.get(kind, {}) == locked[""].get(kind, {}), "run tools/playground --pin"
        for name, version in wanted.get(kind, {}).items():
            assert locked[f"node_modules/{name}"]["version"] == version
    for name, one in locked.items():
        assert not name or one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, name


def test_a_user_gets_no_pins() -> None:
    """Exact versions in what is published would keep others from installing it beside anything else."""
    for one in PROJECT["project"]["dependencies"] + [one for extra in EXTRAS.values() for one in extra]:
        assert not any(only.operator in ("==", "===") for only in Requirement(one).specifier)

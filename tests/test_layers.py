"""The layering: who may import whom."""
from __future__ import annotations

import ast
from pathlib import Path

import httplint

PACKAGE = Path(httplint.__file__).parent

ALLOWED = {
    "model": {"model"},
    "grammar": {"model", "grammar"},
    "vocabulary": {"model", "grammar", "vocabulary"},
    "engine": {"model", "grammar", "vocabulary", "engine"},
    "capture": {"model", "capture"},
    "description": {"model", "description"},
    "report": {"", "model", "capture.har_writing", "description", "grammar.table", "engine.report", "engine.rule",
               "report"},
    "selection": {"model", "engine"},
    "configuration": {"model", "description", "grammar.registry.own", "engine", "selection", "report.escape",
                      "report.kind", "report.masker", "report.template", "configuration"},
    "clients": {"model", "capture"},
    "library": {"model", "description", "engine", "capture", "selection", "configuration", "clients"},
    "layout": {"model", "engine"},
    "adequacy": {"model", "engine", "capture"},
    "coverage": {"engine", "capture.kinds"},
    "documentation": {"engine", "grammar", "report", "configuration", "coverage", "selection", "probe.reach"},
    "run": {"model", "engine.report", "report", "configuration"},
    "jobs": {"model", "engine", "capture", "report", "jobs"},
    "archive": {"", "model", "description.document", "engine", "capture", "report", "configuration", "library",
                "jobs.workers", "run", "archive"},
    "probe": {"", "model", "grammar", "capture", "description", "engine.linter", "engine.report", "engine.rule",
              "report.kind", "report.matrix", "coverage", "probe"},
    "testing": {"", "model", "engine", "report", "selection", "configuration", "library", "clients", "coverage", "run",
                "testing"},
    "pytest_plugin": {"model.severity", "testing"},
    "middleware": {"model", "engine.report", "report", "library", "capture.har_quirks", "capture.held",
                   "clients"},
    "mitm": {"model", "engine", "capture", "jobs.travelling", "report", "configuration", "run", "mitm"},
    "addon": {"", "model", "engine", "capture", "report", "selection", "configuration", "library", "run",
              "mitm"},
    "mitmproxy_script": {"addon"},
    "cli": {"", "model", "vocabulary", "engine", "capture", "report", "selection", "configuration", "library",
            "adequacy", "layout", "coverage", "grammar", "documentation", "run", "jobs", "archive", "probe", "cli"},
    "__init__": {"model", "engine", "capture", "selection", "configuration", "library"},
    "__main__": {"cli"},
}
"""Room -> the rooms (or modules) that it may import."""
HEAVY = {"apache_beam", "backports", "brotli", "duckdb", "fsspec", "h11", "http_sf", "mitmproxy", "msgspec", "pyarrow"}


def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, wherever in it the import stands."""
    out = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            if node.module == "httplint":
                out |= {alias.name if (PACKAGE / alias.name).exists() else "" for alias in node.names}
            elif node.module and node.module.startswith("httplint."):
                out.add(node.module.removeprefix("httplint."))
        elif isinstance(node, ast.Import):
            out |= {alias.name.removeprefix("httplint").lstrip(".") for alias in node.names
                    if alias.name.split(".")[0] == "httplint"}
    return out


def test_every_import_goes_down() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for module in imports(path):
            allowed = ALLOWED[room]
            if not any(module == name or (name and module.startswith(name + ".")) for name in allowed):
                wrong.append(f"{path.relative_to(PACKAGE)} imports {module}")
    assert wrong == []


def modules() -> dict[str, set[str]]:
    """Module -> the modules of the package that it names in its imports; those around it are not counted."""
    paths = {}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        paths["" if name == "__init__" else name.removesuffix(".__init__")] = path
    out = {}
    for module, path in paths.items():
        named = set()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("httplint."):
                home = (node.module or "").removeprefix("httplint").lstrip(".")
                within = {alias.name: f"{home}.{alias.name}".lstrip(".") for alias in node.names}
                named |= {found if (found := within[name]) in paths else home for name in within}
            elif isinstance(node, ast.Import):
                named |= {alias.name.removeprefix("httplint").lstrip(".") for alias in node.names
                          if f"{alias.name}.".startswith("httplint.")}
        out[module] = named - {module}
    return out


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """A circle for each set of modules that reach one another, as a way that ends where it begins."""
    def reached(start: str) -> dict[str, str]:
        """Each module that is reached from one, and the one before it on the shortest way."""
        before: dict[str, str] = {}
        waiting = [start]
        for module in waiting:
            for other in sorted(graph.get(module, ())):
                if other not in before:
                    before[other] = module
                    waiting.append(other)
        return before

    out: list[list[str]] = []
    for module in sorted(graph):
        before = reached(module)
        if module in before and not any(module in reached(circle[0]) and circle[0] in before for circle in out):
            way = [module]
            while (place := before[way[-1]]) != module:
                way.append(place)
            out.append([module, *reversed(way)])
    return out


def test_a_circle_is_named() -> None:
    graph = {"a": {"b", "x"}, "b": {"c"}, "c": {"a", "b"}, "d": {"e"}, "e": {"d", "a"}, "x": set()}
    assert circles(graph) == [["a", "b", "c", "a"], ["d", "e", "d"]]
    assert circles({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_modules_import_one_another() -> None:
    graph = modules()
    assert len(graph) > 200
    assert "engine.rule" in graph["engine.catalogue"]
    assert "capture.curl" in graph["capture.octets"], "imports within functions count"
    assert "configuration.policy" in graph["library"], "imports for types alone count"
    assert circles(graph) == []


def test_heavy_packages_are_imported_where_they_are_used_only() -> None:
    tops = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            for name in names:
                if name.split(".")[0] in HEAVY:
                    tops[str(path.relative_to(PACKAGE))] = name
    assert set(tops) <= {"archive/arrow.py", "archive/beam/reading.py", "archive/beam/transforms.py",
                         "archive/beam/writing.py", "capture/har_typed.py", "grammar/structured.py",
                         "addon.py", "mitm/beside.py", "mitm/console.py", "mitm/details.py", "mitm/log.py",
                         "mitm/marks.py", "mitm/options.py", "mitm/outputs.py", "mitm/terminal.py", "mitm/web.py",
                         "report/form.py", "report/html.py", "report/json_report.py", "report/result.py"}

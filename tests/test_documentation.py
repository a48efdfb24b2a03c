"""The documentation that is made from the catalogue."""
from __future__ import annotations

import html
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from httplint.cli.main import run
from httplint.documentation import pages, text
from httplint.engine import catalogue
from httplint.grammar.registry import status_codes
from httplint.grammar.table import FIELDS
from httplint.library import built_in_rules

PAGES = dict(pages(built_in_rules()))
ROOT = Path(__file__).parents[1]


def test_each_rule_has_a_page_with_all_that_explain_tells() -> None:
    for rule in built_in_rules():
        page = PAGES[f"rules/{rule.id}.md"]
        for part in (rule.title, rule.why, rule.fix, rule.spec):
            assert text(part) in page
        assert page.count("<!-- next -->") == len(rule.bad) + len(rule.good)
        assert f"[{text(rule.id)}](rules/{rule.id}.md)" in PAGES["sections.md"]


def test_each_status_code_has_a_page_with_its_rules() -> None:
    assert sum(path.startswith("status/") for path in PAGES) == 1 + sum(
        not one.name.startswith("(") for one in status_codes().values())
    assert "rules/405.allow-missing.md" in PAGES["status/405.md"]
    assert "9110-15.5.6-1" in PAGES["status/405.md"]
    assert "rules/4xx.explanation-missing.md" in PAGES["status/404.md"]


def test_fields_and_documents_have_pages() -> None:
    for name, one in FIELDS.items():
        assert not one.parser or f"fields/{name}.md" in PAGES
    assert "rules/cache-control.malformed.md" in PAGES["fields/cache-control.md"]
    assert "9110-15.5.6-1" in PAGES["coverage/9110.md"]
    assert "first-party" in PAGES["configuration.md"]


def test_every_link_leads_to_a_page() -> None:
    links = [(path, target) for path, page in PAGES.items() for target in re.findall(r"\]\(([^)]+)\)", page)
             if not target.startswith("https://")]
    assert len(links) > len(PAGES)
    for path, target in links:
        assert posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) in PAGES, (path, target)


def test_rules_of_strangers_cannot_write_markup(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script> [x](javascript:1) | **b** `c` \u202e"
    (tmp_path / "a.toml").write_text(
        f'[[rule]]\nid="a.b"\ntitle="{evil}"\nlevel="MUST"\nspec="RFC 9110 §1"\n'
        f'require="response.status == 200"\nmessage="m"\nwhy="{evil}"\nfix="{evil}"\n'
        f'bad=["< HTTP/1.1 404 No\\n< X: {evil}"]\ngood=["< HTTP/1.1 200 OK"]\n',
        "utf-8")
    made = dict(pages(catalogue.load(tmp_path)))
    assert "rules/a.b.md" in made
    for path, page in made.items():
        assert "\u202e" not in page
        for line in page.split("\n"):
            if not line.startswith("    "):                # in a block of code nothing is markup
                assert "<script" not in line.replace("\\<", ""), path
                assert "](javascript" not in line.replace("\\]", ""), path


def test_the_site_can_be_built_and_shows_texts_as_they_are(package: Path, tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("tools/docs needs bash")
    environment = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONPATH": str(package)}
    done = subprocess.run([bash, ROOT / "tools" / "docs", tmp_path / "site"], capture_output=True, encoding="utf-8",
                          check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "site" / "rules" / "405.allow-missing.html").read_text("utf-8")
    rule = next(rule for rule in built_in_rules() if rule.id == "405.allow-missing")
    assert rule.why in html.unescape(page)
    assert "&lt; HTTP/1.1 405" in page
    assert (tmp_path / "site" / "guides" / "ci.html").exists()


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "docs", str(tmp_path / "new" / "docs")]) == 0
    assert f"{len(PAGES)} pages" in capsys.readouterr().out
    assert (tmp_path / "new" / "docs" / "rules" / "index.md").exists()
    (tmp_path / "file").write_text("", "utf-8")
    assert run(["rules", "docs", str(tmp_path / "file" / "docs")]) == 2

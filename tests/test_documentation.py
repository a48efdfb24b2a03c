"""The documentation that is made from the catalogue."""
from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

import pytest

from httplint.cli.main import run
from httplint.documentation import pages, text
from httplint.engine import catalogue
from httplint.engine.rule import PROFILES
from httplint.grammar.registry import status_codes
from httplint.grammar.table import FIELDS
from httplint.library import built_in_rules
from httplint.selection import select

ROOT = Path(__file__).parents[1]
PAGES = dict(pages(built_in_rules()))


def test_each_rule_has_a_page_with_all_that_explain_tells() -> None:
    for rule in built_in_rules():
        page = PAGES[f"rules/{rule.id}.md"]
        for part in (rule.title, rule.why, rule.fix, rule.spec):
            assert text(part) in page
        assert page.count('<div class="bad">') == len(rule.bad)
        assert page.count('<div class="good">') == len(rule.good)
        assert f"httplint explain {rule.id}\n" in page
        (section,) = re.findall(r"\.\./(sections/[\w-]+\.md)", page)
        assert f"[{text(rule.id)}](../rules/{rule.id}.md)" in PAGES[section].partition(f"## {text(rule.spec)}\n")[2]


def test_a_rule_leads_to_its_fields_status_codes_and_profiles() -> None:
    page = PAGES["rules/405.allow-missing.md"]
    assert "[Allow](../fields/allow.md)" in page
    assert "[405](../status/405.md)" in page
    assert "- profiles: all" in page
    assert "[security](../profiles/security.md)" in PAGES["rules/security.opener-missing.md"]
    assert "rules/etag.shared-by-contents.md" in PAGES["fields/etag.md"]


def test_ids_that_are_no_more_have_pages_which_say_where_they_went() -> None:
    rules = built_in_rules()
    ids = {rule.id for rule in rules}
    assert rules.obsolete
    for one in rules.obsolete.values():
        if one.id in ids:
            continue
        page = PAGES[f"rules/{one.id}.md"]
        assert text(one.why) in page
        assert f"[{text(one.id)}](../rules/{one.id}.md)" in PAGES["rules/former.md"]
        for name in one.now:
            assert f"[{text(name)}](../rules/{name}.md)" in page
            assert f"- `{one.id}` (since {one.since}): {text(one.why)}" in PAGES[f"rules/{name}.md"]


def test_ids_that_are_no_more_of_a_strangers_pack(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[[rule]]\nid="a.b"\ntitle="t"\nlevel="MUST"\nspec="RFC 9110 §1"\nrequire="response.status == 200"\n'
        'message="m"\nwhy="w"\nfix="f"\nbad=["< HTTP/1.1 404 No"]\ngood=["< HTTP/1.1 200 OK"]\n', "utf-8")
    (tmp_path / "obsolete.toml").write_text(
        '[[obsolete]]\nid="a.old"\nnow="a.b"\nsince="2"\nwhy="<b>why"\n'
        '[[obsolete]]\nid="a.gone"\nsince="3"\nwhy="no use"\n', "utf-8")
    made = dict(pages(catalogue.load(tmp_path)))
    assert "now [a&#46;b]" in made["rules/a.old.md"].replace("[a.b]", "[a&#46;b]")
    assert "<b>" not in made["rules/a.old.md"] + made["rules/former.md"] + made["rules/a.b.md"]
    assert "Since 3: removed." in made["rules/a.gone.md"]


def test_profiles_have_pages_with_what_they_add_and_leave_out() -> None:
    for name in PROFILES:
        assert f"[{name}]({name}.md)" in PAGES["profiles/index.md"]
        assert f"--profile {name}" in PAGES[f"profiles/{name}.md"]
    added = PAGES["profiles/security.md"].partition("beyond the default")[2]
    assert "rules/security.opener-missing.md" in added
    usual, some = built_in_rules(), {rule.id for rule in select(built_in_rules(), profile="api")}
    left_out = PAGES["profiles/api.md"].partition("leaves out")[2]
    gone = {rule.id for rule in select(usual)} - some
    assert gone
    assert all(f"rules/{name}.md" in left_out for name in gone)


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


@pytest.mark.parametrize("index", ["index.md", "guides/index.md"])
def test_each_page_that_is_written_by_hand_has_its_place_on_the_site(index: str) -> None:
    page = ROOT / "docs" / index
    listed = re.findall(r"^[^|\n]+ <([\w/]+\.md)>$", page.read_text("utf-8"), re.MULTILINE)
    beside = {path.name for path in page.parent.glob("*.md")} - {"index.md"}
    assert len(listed) == len(set(listed))
    assert beside == {name for name in listed if "/" not in name and (page.parent / name).is_file()}
    assert all((page.parent / name).is_file() or name in PAGES for name in listed)


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


def test_a_rule_of_ours_can_be_tried_where_it_is_told() -> None:
    tried = dict(pages(built_in_rules(), "../play?a&b/index.html"))
    assert ('<a class="try" href="../play?a&amp;b/index.html#sample=405.allow-missing">'
            in tried["rules/405.allow-missing.md"])
    assert tried.keys() == PAGES.keys()
    assert not any('class="try"' in page for page in PAGES.values())
    off = {rule.id for rule in built_in_rules()} - {rule.id for rule in select(built_in_rules())}
    assert off
    for rule in built_in_rules():
        selected = f"&amp;select={rule.id}" if rule.id in off else ""
        assert tried[f"rules/{rule.id}.md"].count(f'#sample={rule.id}{selected}"') == 1


def test_what_a_rule_is_tried_with_violates_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first bad example, as text, with the options that its page names."""
    monkeypatch.chdir(tmp_path)
    on = {rule.id for rule in select(built_in_rules())}
    for rule in built_in_rules():
        directory = tmp_path / ("on" if rule.id in on else "off")
        directory.mkdir(exist_ok=True)
        (directory / f"{rule.id}.txt").write_text(rule.bad[0].strip("\n") + "\n", "utf-8")
    selected = ",".join(sorted({rule.id for rule in built_in_rules()} - on))
    for name, options in (("on", []), ("off", ["--select", selected])):
        names = sorted(path.name for path in (tmp_path / name).iterdir())
        assert run(["check", *(f"{name}/{one}" for one in names), "--isolated", "--quiet", "--no-progress",
                    "--fail-on", "never", "--output", f"json:{name}.json", *options]) == 0
        found = json.loads((tmp_path / f"{name}.json").read_text("utf-8"))["findings"]
        fired = {(Path(one["location"]["path"]).name, one["rule"]) for one in found}
        assert [one for one in names if (one, one.removesuffix(".txt")) not in fired] == []


def test_a_rule_of_a_stranger_cannot_be_tried(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        '[[rule]]\nid="a.b"\ntitle="t"\nlevel="MUST"\nspec="RFC 9110 §1"\nrequire="response.status == 200"\n'
        'message="m"\nwhy="w"\nfix="f"\nbad=["< HTTP/1.1 404 No"]\ngood=["< HTTP/1.1 200 OK"]\n', "utf-8")
    assert "sample=" not in dict(pages(catalogue.load(tmp_path), "playground"))["rules/a.b.md"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rules", "docs", str(tmp_path / "new" / "docs")]) == 0
    assert f"{len(PAGES)} pages" in capsys.readouterr().out
    assert (tmp_path / "new" / "docs" / "rules" / "index.md").exists()
    assert run(["rules", "docs", str(tmp_path / "tried"), "--try", "../page.html"]) == 0
    page = (tmp_path / "tried" / "rules" / "405.allow-missing.md").read_text("utf-8")
    assert 'href="../page.html#sample=405.allow-missing"' in page
    (tmp_path / "file").write_text("", "utf-8")
    assert run(["rules", "docs", str(tmp_path / "file" / "docs")]) == 2

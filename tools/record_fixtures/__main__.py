"""Records fixtures/har: `python tools/record_fixtures`.

Starts nginx, Apache and two small applications on loopback, asks them for what the tables in `answers.py` and
`visits.py` list, records the traffic with Chromium (Playwright) and with mitmproxy (driven by curl), and writes every
HAR with its expected findings beside it. Nobody needs to be root, and nothing outside a temporary directory, the
directory of the recordings and the Python environments it makes is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from answers import BEHIND, CONFORMING, VIOLATING
from fields_conforming import CONFORMING_FIELDS
from fields_violating import VIOLATING_FIELDS
from servers import MITMPROXY, environment, running, started
from table import HOST, NAMES, PORTS, Flaw, Visit, url
from visits import recordings

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"nginx": "nginx-light", "apache2": "apache2", "chromium": "chromium", "curl": "curl", "openssl": "openssl"}
PLAYWRIGHT = "playwright>=1.60"

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--host-resolver-rules=" + ", ".join(f"MAP {name} {HOST}" for name in NAMES.values())]

STARTING_PAGES = {"application": "/conforming/page", "application-tls": "/conforming/page",
                  "application-h2": "/conforming/200-over-h2"}


def check_programs() -> None:
    """Stop, with the packages to install, if a program is missing."""
    os.environ["PATH"] += os.pathsep + "/usr/sbin"
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if missing:
        sys.exit(f"Missing: {', '.join(missing)}. On Debian: apt-get install {' '.join(missing)}")


def versions(tools: dict[str, Path]) -> dict[str, str]:
    """What recorded and what answered, by name."""
    commands: dict[str, list[str | Path]] = {
        "nginx": ["nginx", "-v"], "Apache": ["apache2", "-v"], "curl": ["curl", "--version"],
        "mitmproxy": [tools["mitmproxy"] / "mitmdump", "--version"],
        "Chromium": ["chromium", "--version", "--no-sandbox"],
        "Playwright": [tools["playwright"] / "playwright", "--version"],
    }
    found = {}
    for name, command in commands.items():
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        number = re.search(r"\d+(\.\d+)+", done.stdout or done.stderr)
        found[name] = number.group() if number else "unknown"
    return found


def curl(visit: Visit) -> None:
    """One visit with curl through mitmproxy."""
    ask = visit.ask
    proxy = PORTS["mitmproxy-upstream" if ask.proxy else "mitmproxy"]
    command = ["curl", "--silent", "--show-error", "--insecure", "--max-time", "3", "--output", "/dev/null",
               "--path-as-is", "--noproxy", "", "--proxy", f"http://{HOST}:{proxy}", "--header", "Proxy-Connection:"]
    command += ["--http2" if visit.origin in ("nginx-tls", "application-h2") else f"--http{ask.version}"]
    command += [part for origin, name in NAMES.items()
                for part in ("--connect-to", f"{name}:{PORTS[origin]}:{HOST}:{PORTS[origin]}")]
    for line in ask.fields:
        command += ["--header", line]
    if ask.content is not None:
        command += ["--data", ask.content]
    if ask.method == "HEAD":
        command += ["--head"]
    elif ask.method != "POST" and ask.method != "GET":
        command += ["--request", ask.method]
    if ask.follow:
        command += ["--location", "--max-redirs", str(ask.follow)]
    origin = "apache" if ask.proxy else visit.origin
    done = subprocess.run([*command, url(origin, visit.path)], capture_output=True, encoding="utf-8", check=False, env={
        "PATH": os.environ["PATH"], "HOME": "/nonexistent"})
    if done.returncode:
        print(f"  curl {ask.method} {visit.path}: {done.stderr.strip()}", file=sys.stderr)


@contextlib.contextmanager
def mitmdump(bin_directory: Path, work: Path, har: Path) -> Iterator[None]:
    """mitmproxy that writes a HAR at its end."""
    command: list[str | Path] = [
        bin_directory / "mitmdump", "--quiet", "--set", f"confdir={work / 'mitmproxy'}", "--set", f"hardump={har}",
        "--set", "validate_inbound_headers=false", "--set", "ssl_insecure=true", "--set", "connection_strategy=lazy",
        "--mode", f"regular@{HOST}:{PORTS['mitmproxy']}",
        "--mode", f"upstream:http://{HOST}:{PORTS['apache-proxy']}@{HOST}:{PORTS['mitmproxy-upstream']}",
    ]
    with started(command, PORTS["mitmproxy"], PORTS["mitmproxy-upstream"], log=work / "mitmproxy.log"):
        yield


def record_with_mitmproxy(name: str, visits: tuple[Visit, ...], bin_directory: Path, work: Path) -> Path | None:
    """A HAR of mitmproxy's, driven by curl."""
    chosen = [visit for visit in visits if visit.ask.curl for _ in range(visit.ask.times)]
    if not chosen:
        return None
    har = work / f"mitmproxy-{name}.har"
    with mitmdump(bin_directory, work, har):
        for visit in chosen:
            curl(visit)
    return har


def record_with_chromium(chosen: dict[str, tuple[Visit, ...]], bin_directory: Path, work: Path) -> list[Path]:
    """The HARs of Chromium's, driven by Playwright."""
    job: dict[str, Any] = {"chromium": shutil.which("chromium"), "arguments": CHROMIUM, "recordings": []}
    for name, visits in chosen.items():
        steps = []
        for visit in visits:
            ask = visit.ask
            home = "application" if ask.foreign else visit.origin
            if ask.browser and not (ask.browser == "goto" and visit.path == STARTING_PAGES.get(visit.origin)):
                pairs = [line.partition(":") for line in ask.fields]
                fields = [(key, value.strip()) for key, _, value in pairs if key != "Accept-Encoding"]
                steps += [{
                    "how": ask.browser, "method": ask.method, "url": url(visit.origin, visit.path), "fields": fields,
                    "content": ask.content, "follow": ask.follow,
                    "page": url(home, STARTING_PAGES.get(home, "/page.html")),
                }] * ask.times
        if steps:
            job["recordings"].append({"har": str(work / f"chromium-{name}.har"), "steps": steps})
    subprocess.run(
        [bin_directory / "python", Path(__file__).with_name("browser.py")], input=json.dumps(job), encoding="utf-8",
        check=True, stdout=subprocess.DEVNULL, timeout=300,
    )
    return [Path(each["har"]) for each in job["recordings"]]


def reviewed() -> dict[tuple[str, str], list[tuple[str, set[int], tuple[Flaw, ...]]]]:
    """By origin and path: method, the statuses that an entry may show, and the flaws stated by hand."""
    known: dict[tuple[str, str], list[tuple[str, set[int], tuple[Flaw, ...]]]] = {}
    for each in (*CONFORMING, *CONFORMING_FIELDS, *VIOLATING, *VIOLATING_FIELDS, *BEHIND):
        interim = {int(code) for code in re.findall(rb"HTTP/1.1 (\d+)", each.interim)}
        known.setdefault((each.origin, each.path), []).append((each.ask.method, {each.code} | interim, each.flaws))
    for visits in recordings().values():
        for visit in visits:
            if not visit.origin.startswith("application") or visit.origin == "application-h2":
                origin = "apache" if visit.ask.proxy else visit.origin
                known.setdefault((origin, visit.path), []).append((visit.ask.method, {visit.status}, visit.flaws))
    for origin in ("nginx", "nginx-tls", "apache", "application"):
        for path in ("/directory/", "/page.html"):
            known.setdefault((origin, path), []).append(("GET", {200}, ()))
    known.setdefault(("application-tls", STARTING_PAGES["application-tls"]), []).append(("GET", {200}, ()))
    return known


def expected(har: Path) -> list[dict[str, Any]]:
    """What a linter should say of each entry, from the tables alone; an entry that nobody reviewed is an error."""
    producer = har.name.partition("-")[0]
    known, origins = reviewed(), {port: origin for origin, port in PORTS.items()}
    visits: Counter[tuple[str, str]] = Counter()
    entries = []
    log = json.loads(har.read_text(encoding="utf-8", errors="surrogatepass"))["log"]
    for index, entry in enumerate(log["entries"]):
        request, response = entry["request"], entry["response"]
        where = urlsplit(request["url"])
        path = where.path + (f"?{where.query}" if where.query else "")
        key, method, status = (origins[where.port or 0], path), request["method"], response["status"]
        visits[key] += 1
        lost = status <= 0
        found = [each for each in known.get(key, []) if status in each[1] or lost]
        found = [each for each in found if each[0] == method] or found
        if not found and not lost:
            raise RuntimeError(f"{har.name}: entry {index} {method} {request['url']} {status} is in no table")
        violations = []
        for flaw in found[0][2] if found else ():
            if flaw.visit not in (0, visits[key]):
                continue
            why = flaw.hidden.get(producer) or flaw.hidden.get("*")
            if lost:
                why = f"the producer recorded no response: {response.get('_error') or response.get('_failureText')}"
            violations.append({
                "flaw": flaw.flaw, "spec": flaw.spec, "level": flaw.level,
                "basis": "implied" if flaw.implied else "explicit", "visible": not why, "rule": flaw.rule,
                **({"why": why} if why else {}), **({"note": flaw.note} if flaw.note else {}),
            })
        entries.append({"entry": index, "request": f"{method} {path}", "status": status, "violations": violations})
    return entries


def beside(har: Path) -> Path:
    """The file of a HAR's expected findings."""
    return har.with_name(har.name.removesuffix(".har") + ".expected.json")


def origin_of(har: Path, known: dict[str, str]) -> dict[str, Any]:
    """Who recorded a HAR, what answered, and when."""
    driver = {"mitmproxy": "curl", "chromium": "Playwright"}[har.name.partition("-")[0]]
    producer = {"mitmproxy": "mitmproxy", "chromium": "Chromium"}[har.name.partition("-")[0]]
    names = ["nginx", "Apache"]
    return {
        "by": f"{producer} {known[producer]}, driven by {driver} {known[driver]}",
        "servers": {name: known[name] for name in names if name.lower() in har.name or "servers" in har.name}
        or {"application": "tools/record_fixtures"},
        "date": datetime.now(timezone.utc).date().isoformat(),
    }


def publish(har: Path, recorded: dict[str, Any]) -> None:
    """Write the expected findings beside a HAR: one line an entry, so that a change is easy to read."""
    report = {"recorded": recorded, "entries": expected(har)}
    lines = ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in report["entries"])
    text = f'{{\n "recorded": {json.dumps(recorded, ensure_ascii=False)},\n "entries": [\n{lines}\n ]\n}}\n'
    beside(har).write_text(text, encoding="utf-8")
    flaws = [flaw for entry in report["entries"] for flaw in entry["violations"]]
    print(f"{har.name}: {len(report['entries'])} entries, {har.stat().st_size // 1000} kB, {len(flaws)} violations, "
          f"{sum(flaw['visible'] for flaw in flaws)} visible")


def main() -> None:
    """Record everything."""
    parser = argparse.ArgumentParser(prog="tools/record_fixtures", description="Record fixtures/har from real servers.")
    parser.add_argument("--out", type=Path, default=ROOT / "fixtures" / "har", help="where the HARs go")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "httplint-recording",
                        help="where the Python environments of mitmproxy and Playwright are made and kept")
    parser.add_argument("--keep", action="store_true", help="keep the working directory, to look at it")
    parser.add_argument("--expected-only", action="store_true",
                        help="record nothing; write the expected findings of the HARs there again, from the tables")
    parser.add_argument("--only", default="", metavar="WORD", help="only the recordings whose name holds this word")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    if options.expected_only:
        for har in sorted(options.out.glob("*.har")):
            publish(har, json.loads(beside(har).read_text(encoding="utf-8"))["recorded"])
        return
    check_programs()
    tools = {
        "mitmproxy": environment(options.environments / "mitmproxy", (MITMPROXY,), "mitmdump"),
        "playwright": environment(options.environments / "playwright", (PLAYWRIGHT,), "playwright"),
    }
    known = versions(tools)
    chosen = {name: visits for name, visits in recordings().items() if options.only in name}
    work = Path(tempfile.mkdtemp(prefix="httplint-recording-"))
    try:
        hars = []
        with running(work, tools["mitmproxy"] / "python"):
            for name, visits in chosen.items():
                print(f"mitmproxy-{name}", file=sys.stderr)
                if har := record_with_mitmproxy(name, visits, tools["mitmproxy"], work):
                    hars.append(har)
            hars += record_with_chromium(chosen, tools["playwright"], work)
        options.out.mkdir(parents=True, exist_ok=True)
        for har in sorted(hars):
            kept = options.out / har.name
            shutil.copyfile(har, kept)
            publish(kept, origin_of(kept, known))
    finally:
        if options.keep:
            print(f"kept {work}", file=sys.stderr)
        else:
            shutil.rmtree(work)


if __name__ == "__main__":
    main()

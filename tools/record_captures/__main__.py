"""Records fixtures/captures: `python tools/record_captures NAME…`.

Runs on loopback the application of `tools/record_fixtures` behind a mitmdump that writes down what passes, has each
recorder ask the same requests through it, and writes what the recorder kept (`NAME.<suffix>`) beside what mitmproxy saw
(`NAME.mitmproxy.har`). So the one can be held against the other.

A recorder is a module `of_….py` here, with

    RECORDINGS = {"name": ".suffix", …}
    def record(job: Job) -> None: ...                      # asks job.asks at job.base, writes job.out

and perhaps a program in `clients/`, which runs in an environment of its own.
"""
from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).parents[1] / "record_fixtures"))

from asks import asked
from recorder import Job
from servers import MITMPROXY, environment, started
from table import HOST

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "fixtures" / "captures"


def recorders() -> dict[str, ModuleType]:
    """The module of each recording."""
    modules = [importlib.import_module(path.stem) for path in sorted(HERE.glob("of_*.py"))]
    return {name: module for module in modules for name in module.RECORDINGS}


def record(name: str, module: ModuleType, port: int, out: Path, environments: Path) -> None:
    """One capture, and what mitmproxy saw of it."""
    mitmdump = environment(environments / "mitmproxy", (MITMPROXY,), "mitmdump") / "mitmdump"
    work = Path(tempfile.mkdtemp(prefix="httplint-recording-"))
    har, capture = work / "seen.har", work / f"{name}{module.RECORDINGS[name]}"
    try:
        with started([sys.executable, HERE / "serving.py", str(port)], port, log=work / "application.log"), started(
                [mitmdump, "--quiet", "--set", f"confdir={work / 'mitmproxy'}", "--set", f"hardump={har}",
                 "--set", "validate_inbound_headers=false", "--set", "keep_host_header=true", "--set",
                 "connection_strategy=lazy", "--mode", f"reverse:http://{HOST}:{port}@{HOST}:{port + 1}"],
                port + 1, log=work / "mitmproxy.log"):
            module.record(Job(name, f"http://{HOST}:{port + 1}", asked(), capture, work, environments))
        out.mkdir(parents=True, exist_ok=True)
        for kept in work.glob(f"{name}.*"):                # the recorder may write it in several notations
            shutil.copyfile(kept, out / kept.name)
        shutil.copyfile(har, out / f"{name}.mitmproxy.har")
    finally:
        shutil.rmtree(work)
    print(f"{capture.name}: {(out / capture.name).stat().st_size // 1000} kB")


def main() -> None:
    """Record what is named, or everything."""
    known = recorders()
    parser = argparse.ArgumentParser(prog="tools/record_captures", description="Record fixtures/captures.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(known)}; all without any")
    parser.add_argument("--out", type=Path, default=OUT, help="where the captures go")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "httplint-recording",
                        help="where the environments of the recorders are made and kept")
    parser.add_argument("--port", type=int, default=28581, help="the application's; that of mitmproxy is the next one")
    options = parser.parse_args()
    if strange := set(options.names) - set(known):
        parser.error(f"no recording is called {', '.join(sorted(strange))}; there are {', '.join(known)}")
    for name in options.names or known:
        record(name, known[name], options.port, options.out, options.environments)


if __name__ == "__main__":
    main()

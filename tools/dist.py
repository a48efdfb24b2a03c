"""Builds the sdist and the wheel of what git tracks, and checks that anyone else would get the same octets.

    python tools/dist.py DIRECTORY          # with hatchling and http-sf installed, as tools/environment does

Both are built twice, the wheel once from the sdist and once from the tree; in another directory, with other file times,
umask, time zone, locale, home and hash seed, and with litter around. Their time is that of the last commit. The sdist
must hold each tracked file and PKG-INFO; the wheel the package, the built rules, the coverage tables and its metadata.
"""
from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LITTER = (".venv/lib/notes.md", ".venv/src/httplint/a.py", ".env", "login.har", "httplint.toml", "dist/a.whl",
          ".hypothesis/x", "src/httplint/__pycache__/a.cpython-311.pyc", "tests/__pycache__/a.pyc", ".mypy_cache/a.md")
"""What lies around in checkouts, and must stay there."""
UNLIKE = {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONHASHSEED": "7", "HOME": "/nonexistent", "COLUMNS": "40"}


def sources() -> tuple[list[str], str]:
    """The names of the files of the project, and the second of its last commit; without git, of what is not ignored."""
    if (ROOT / ".git").exists():
        listed, last = (
            subprocess.run(["git", "-C", ROOT, *arguments], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            for arguments in (("ls-files", "-z"), ("log", "-1", "--format=%ct")))
        return [name for name in listed.split("\0") if name and (ROOT / name).exists()], last.strip()
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()] + ["PKG-INFO"]
    names = [path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file()]
    return ([name.as_posix() for name in names
             if not any(fnmatch.fnmatchcase(part, pattern) for part in name.parts for pattern in ignored)],
            os.environ.get("SOURCE_DATE_EPOCH", "1580601600"))


def copy(names: list[str], target: Path, mode: int) -> None:
    """The tracked files, as they are in this tree now, with other rights."""
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
        (target / name).chmod(mode | (mode >> 2 & 0o111 if os.access(ROOT / name, os.X_OK) else 0))


def build(tree: Path, target: Path, *kinds: str, mask: int, environment: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", "build", "--no-isolation", *kinds, "--outdir", target, tree],
                          env=os.environ | environment, umask=mask, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}")


def compare(what: str, expected: set[str], found: list[str]) -> None:
    if len(found) != len(set(found)):
        sys.exit(f"{what} holds a file twice")
    if expected != set(found):
        sys.exit(f"{what} lacks {sorted(expected - set(found))} and has {sorted(set(found) - expected)} besides")


def main(directory: str) -> None:
    tracked, last = sources()
    epoch = {"SOURCE_DATE_EPOCH": last}
    with tempfile.TemporaryDirectory() as temporary:
        one, other = Path(temporary, "one"), Path(temporary, "the other")
        copy(tracked, one, 0o644)
        copy(tracked, other, 0o600)
        for name in LITTER:
            (other / name).parent.mkdir(parents=True, exist_ok=True)
            (other / name).write_text("password = 'hunter2'\n", "utf-8")
        for path in other.rglob("*"):
            os.utime(path, (1e9, 1e9))
        build(one, one / "dist", mask=0o022, environment=epoch)
        build(other, other / "dist2", "--sdist", "--wheel", mask=0o077, environment=epoch | UNLIKE)
        names = sorted(path.name for path in (one / "dist").iterdir())
        for name in names:
            if (one / "dist" / name).read_bytes() != (other / "dist2" / name).read_bytes():
                sys.exit(f"{name} is not the same when it is built elsewhere")
        sdist, wheel = (next((one / "dist").glob(f"*{kind}")) for kind in (".tar.gz", ".whl"))
        with tarfile.open(sdist) as packed:
            compare(sdist.name, {*tracked, "PKG-INFO"}, [name.partition("/")[2] for name in packed.getnames()])
        with zipfile.ZipFile(wheel) as packed_wheel:
            compare(wheel.name, in_wheel(tracked, wheel.name), packed_wheel.namelist())
        Path(directory).mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copy(one / "dist" / name, directory)
            print(hashlib.sha256(Path(directory, name).read_bytes()).hexdigest(), "", Path(directory, name))


def in_wheel(tracked: list[str], name: str) -> set[str]:
    """The names of the files that a wheel with that file name must hold."""
    sys.path.insert(0, str(ROOT / "src"))
    from httplint.engine.catalogue import build as index

    info = "-".join(name.split("-")[:2]) + ".dist-info"
    return ({path.removeprefix("src/") for path in tracked if path.startswith("src/httplint/")}
            | {f"httplint/coverage_data/{path.removeprefix('rules/coverage/')}" for path in tracked
               if path.startswith("rules/coverage/")}
            | {f"httplint/{path}" for path in index(ROOT / "rules")}
            | {f"{info}/{path}" for path in ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

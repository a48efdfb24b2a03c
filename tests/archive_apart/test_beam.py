"""Archives on Apache Beam: the rows of the same captures without it. The runner is one of this process, by its name."""
from __future__ import annotations

import gzip
import io
import os
import pickle
import re
import shlex
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

beam = pytest.importorskip("apache_beam", reason="Apache Beam is not installed: tools/test_archive")

from apache_beam.io import fileio  # noqa: E402
from apache_beam.io.filesystem import BeamIOError, FileMetadata, FileSystem  # noqa: E402
from apache_beam.metrics import MetricsFilter  # noqa: E402
from apache_beam.options.pipeline_options import PipelineOptions  # noqa: E402
from apache_beam.runners.portability.fn_api_runner.fn_runner import FnApiRunner  # noqa: E402
from archive_reading import file_of, section  # noqa: E402
from pyarrow import parquet  # noqa: E402
from reporting import house  # noqa: E402

from httplint.archive.asking import ask  # noqa: E402
from httplint.archive.beam import LintCaptures, program, writing  # noqa: E402
from httplint.archive.beam.program import _parser, run  # noqa: E402
from httplint.archive.rows import Recipe  # noqa: E402
from httplint.archive.tables import TABLES  # noqa: E402
from httplint.capture import reading  # noqa: E402
from httplint.cli.main import run as command  # noqa: E402
from httplint.configuration.settings import load  # noqa: E402

FIXTURES = Path(__file__).parents[2] / "fixtures"
HAR = FIXTURES / "har" / "chromium-application-violating-messages.har"
OTHER = FIXTURES / "har" / "chromium-servers-quirks.har"
TIMES = {name: [number for number, column in enumerate(table.columns) if column.name == "cpu"]
         for name, table in TABLES.items()}
"""Columns that are different each time."""

RULE = 1 + TABLES["findings"].names.index("rule")
"""Where a row of findings has its rule, behind the name of its table."""

Found = Counter[tuple[Any, ...]]


class GoneError(Exception):
    """What a file system raises that has exceptions of its own."""


class Breaking(io.BytesIO):
    """An object of which the connection breaks after some octets."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 4000:
            raise GoneError("the connection was reset")
        return super().read(size)

    read1 = read


class Shelf(FileSystem):
    """Keeps objects by their names as S3 and Google Cloud Storage do: without directories, and a rename is a copy."""

    objects: dict[str, bytes] = {}  # noqa: RUF012 - there is one shelf
    breaks: set[str] = set()  # noqa: RUF012
    renames = 1 << 30
    """How many more renames succeed."""
    CHUNK_SIZE = 3

    @classmethod
    def scheme(cls) -> str:
        return "shelf"

    def join(self, base: str, *names: str) -> str:
        return "/".join((base.rstrip("/"), *names))

    def split(self, path: str) -> tuple[str, str]:
        base, _, name = path.rpartition("/")
        return base, name

    def has_dirs(self) -> bool:
        return False

    def mkdirs(self, path: str) -> None:
        raise AssertionError("there are none")

    def _list(self, begin: str) -> Iterator[FileMetadata]:
        for name in sorted(self.objects):
            if name.startswith(begin):
                yield self.metadata(name)

    def create(self, path: str, mime_type: str = "", compression_type: str = "auto") -> Any:
        shelf = self.objects

        class Written(io.BytesIO):
            def close(self) -> None:
                if not self.closed:
                    shelf[path] = self.getvalue()
                super().close()

        return Written()

    def open(self, path: str, mime_type: str = "", compression_type: str = "auto") -> Any:
        if path not in self.objects:
            raise GoneError("404: no such object")
        return (Breaking if path in self.breaks else io.BytesIO)(self.objects[path])

    def copy(self, sources: list[str], targets: list[str]) -> None:
        raise AssertionError("nothing is copied")

    def rename(self, sources: list[str], targets: list[str]) -> None:
        assert len(sources) <= self.CHUNK_SIZE
        for source, target in zip(sources, targets, strict=True):
            if not Shelf.renames:
                raise BeamIOError("the quota is used up")
            Shelf.renames -= 1
            self.objects[target] = self.objects.pop(source)

    def exists(self, path: str) -> bool:
        return path in self.objects

    def size(self, path: str) -> int:
        return len(self.objects[path])

    def last_updated(self, path: str) -> float:
        return 0.0

    def checksum(self, path: str) -> str:
        return str(len(self.objects[path]))

    def metadata(self, path: str) -> FileMetadata:
        return FileMetadata(path, len(self.objects[path]))

    def delete(self, paths: list[str]) -> None:
        for path in paths:
            del self.objects[path]


@pytest.fixture
def shelf() -> Iterator[dict[str, bytes]]:
    yield Shelf.objects
    Shelf.objects.clear()
    Shelf.breaks.clear()
    Shelf.renames = 1 << 30


def counted(rows: Iterable[tuple[str, Iterable[Any]]]) -> Found:
    """Rows, with the names of their tables, in any order; but for what differs each time. Times have milliseconds."""
    return Counter((name, *(
        value.replace(microsecond=value.microsecond // 1000 * 1000) if isinstance(value, datetime) else value
        for number, value in enumerate(row) if number not in TIMES[name])) for name, row in rows)


def expected(captures: Iterable[Path], recipe: Recipe | None = None, called: str = "{}") -> Found:
    """The rows of captures without any engine. `called`: what a path is called."""
    mapper = (recipe or Recipe()).mapper()
    found: Found = Counter()
    for path in captures:
        name = called.format(path)
        with path.open("rb") as stream:
            found += counted(mapper.rows(name, reading.read(stream, path=name), path.stat().st_size))
    return found


def count(found: Found, table: str) -> int:
    """The rows of a table."""
    return sum(times for row, times in found.items() if row[0] == table)


def responses(found: Found) -> int:
    """How many responses were linted."""
    at = TABLES["responses"].names.index("count") + 1
    return sum(row[at] * times for row, times in found.items() if row[0] == "responses")


def keep(rows: Any, path: Path) -> None:
    """Has a pipeline keep the rows of all tables in a file."""
    target = str(path)

    def kept(found: list[Any]) -> None:
        Path(target).write_bytes(pickle.dumps(found))

    named = [rows[name] | name >> beam.Map(lambda row, name=name: (name, row)) for name in TABLES]
    _ = named | "all" >> beam.Flatten() | beam.combiners.ToList() | beam.Map(kept)


def kept(path: Path) -> Found:
    rows = pickle.loads(path.read_bytes())
    for name, row in rows:
        assert tuple(row) == TABLES[name].names
    return counted((name, row.values()) for name, row in rows)


def written(files: Iterable[tuple[str, Any]]) -> Found:
    """The rows of files of an archive, each with its name."""
    found: Found = Counter()
    for name, file in files:
        table = re.split(r"[-.]", name)[0]
        found += counted((table, row.values()) for row in parquet.read_table(file).to_pylist())
    return found


def here(directory: Path) -> list[tuple[str, Any]]:
    """The files of an archive on this machine."""
    return [(path.name, path) for path in sorted(directory.glob("parts/*/*.parquet"))]


def there(objects: dict[str, bytes]) -> list[tuple[str, Any]]:
    """The files of the archive shelf://out."""
    return [(name.rpartition("/")[2], io.BytesIO(octets)) for name, octets in sorted(objects.items())
            if name.startswith("shelf://out/parts/")]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captures of each kind that crawls and tests leave behind, and some that are broken."""
    top = tmp_path_factory.mktemp("place")
    for path in sorted((FIXTURES / "captures").iterdir()):
        if path.suffix not in {".md", ".har"}:             # the HARs are of the same traffic
            (top / path.name).write_bytes(path.read_bytes())
    (top / "one.har").write_bytes(HAR.read_bytes())
    (top / "packed.har.gz").write_bytes(gzip.compress(OTHER.read_bytes()))
    with zipfile.ZipFile(top / "packed.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(HAR, "one.har")
        packed.write(OTHER, "within/two.har")
    (top / "broken.har").write_bytes(HAR.read_bytes()[:-20_000])
    (top / "broken.har.gz").write_bytes(gzip.compress(OTHER.read_bytes())[:-4000])
    (top / "empty.har").touch()
    return top


def test_rows_are_those_without_an_engine_and_dead_letters_have_a_tag(place: Path, tmp_path: Path) -> None:
    paths = sorted(place.iterdir())
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        named = pipeline | beam.Create([str(path) for path in paths[::3]])
        met = pipeline | "b" >> beam.Create([str(path) for path in paths[1::3]]) | fileio.MatchAll()
        opened = (pipeline | "c" >> beam.Create([str(path) for path in paths[2::3]]) | "m" >> fileio.MatchAll()
                  | fileio.ReadMatches())
        rows = (named, met, opened) | beam.Flatten() | LintCaptures()
        keep(rows, tmp_path / "rows")
        _ = rows.dead_letters | beam.Map(lambda row: row["capture"]) | beam.io.WriteToText(
            str(tmp_path / "dead"), shard_name_template="")
    wanted = expected(paths)
    assert kept(tmp_path / "rows") == wanted
    dead = (tmp_path / "dead").read_text("utf-8").split()
    assert {Path(name).name for name in dead} >= {"broken.har", "broken.har.gz", "empty.har"}
    counters = {one.key.metric.name: one.committed for one in pipeline.result.metrics().query(
        MetricsFilter().with_namespace("httplint"))["counters"]}
    assert counters["captures"] == len(paths)
    assert counters["responses"] == responses(wanted)
    assert counters["dead_letters"] == count(wanted, "dead_letters")
    assert counters["findings"] == count(wanted, "findings")


def test_captures_elsewhere_are_read_as_here(place: Path, shelf: dict[str, bytes], tmp_path: Path) -> None:
    paths = [place / name for name in ("one.har", "packed.har.gz", "packed.zip", "wacz.wacz", "broken.har.gz")]
    for path in paths:
        shelf[f"shelf://in/{path.name}"] = path.read_bytes()
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        keep(pipeline | beam.Create(list(shelf)) | LintCaptures(), tmp_path / "rows")
    assert kept(tmp_path / "rows") == expected(paths, called="shelf://in/{0.name}")


def test_what_fails_elsewhere_is_a_dead_letter(shelf: dict[str, bytes], tmp_path: Path) -> None:
    shelf["shelf://in/breaks.har"] = HAR.read_bytes()
    Shelf.breaks.add("shelf://in/breaks.har")
    names = ["shelf://in/breaks.har", "shelf://in/gone.har", "nowhere://in/a.har", str(tmp_path / "none.har")]
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        keep(pipeline | beam.Create(names) | LintCaptures(), tmp_path / "rows")
    found = kept(tmp_path / "rows")
    letters = {row[1]: dict(zip(TABLES["dead_letters"].names, row[1:], strict=True))
               for row in found if row[0] == "dead_letters"}
    assert set(letters) == set(names)
    assert "the connection was reset" in letters[names[0]]["cause"]
    assert letters[names[1]]["cause"] == "cannot be read: 404: no such object"
    assert "nowhere://in/a.har" in letters[names[2]]["cause"]
    assert [letters[name]["kind"] for name in names[1:]] == ["unreadable"] * 3
    assert count(found, "captures") == 4


def test_what_may_never_end_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.har")
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        keep(pipeline | fileio.MatchFiles(f"{tmp_path}/*.har") | LintCaptures(), tmp_path / "rows")
    letter, = (row for row in kept(tmp_path / "rows") if row[0] == "dead_letters")
    assert any("pipe" in str(value) for value in letter)


def test_what_names_no_capture_is_told() -> None:
    with pytest.raises(Exception, match=r"expected the URI or path of a capture, .*got int"), beam.Pipeline(
            runner=FnApiRunner()) as pipeline:
        _ = pipeline | beam.Create([5]) | LintCaptures()


def test_rules_and_settings_travel(tmp_path: Path) -> None:
    (tmp_path / "httplint.toml").write_text('rules = ["house"]\n\n[level]\n"house.note" = "error"\n', "utf-8")
    house(tmp_path)
    for recipe in (Recipe(select=("house",), rules=(str(tmp_path / "house"),), shows=True),
                   Recipe(config=load(tmp_path / "httplint.toml"))):
        with beam.Pipeline(runner=FnApiRunner()) as pipeline:
            keep(pipeline | beam.Create([str(HAR)]) | LintCaptures(recipe), tmp_path / "rows")
        found = kept(tmp_path / "rows")
        assert found == expected([HAR], recipe)
        assert any("house.request-id" in row for row in found)


def test_the_program_writes_what_archive_report_reads(
        place: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    named = [str(place), f"{place}/*.json", f"{place}/*.yaml", f"{place}/./packed.zip"]    # some of them twice
    done = subprocess.run([sys.executable, "-m", "httplint.archive.beam", "--input", *named, "--output", str(out)],
                          capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    taken = [path for path in place.iterdir() if str(path) in captures_of(out)]
    assert {"one.har", "packed.har.gz", "packed.zip", "empty.har", "vcrpy.yaml"} <= {path.name for path in taken}
    wanted = expected(taken)
    assert written(here(out)) == wanted
    assert sorted(path.name for path in out.iterdir()) == ["archive.json", "lock", "parts", "unfinished"]
    assert list((out / "unfinished").iterdir()) == []
    assert done.stdout == (
        f"{len(taken)} captures: {responses(wanted):,} responses linted, {count(wanted, 'findings'):,} findings\n"
        f"could not be read or judged: {count(wanted, 'dead_letters')} (the table dead_letters says why)\n"
        f"the tables are there; next: httplint archive report {out}\n")
    answer = ask(str(out), ["rules"]).answers[0]
    found = Counter(row[RULE] for row in wanted.elements() if row[0] == "findings")
    assert dict(zip(answer.values("rule"), answer.values("findings"), strict=True)) == found
    assert run(["--input", *named, str(HAR), "--output", str(out)]) == 0
    assert capfd.readouterr().out.startswith("1 capture: ")
    assert command(["archive", str(HAR), "--out", str(out)]) == 0
    assert capfd.readouterr().out.startswith("passed over, for their rows are there: 1 capture\n")
    assert written(here(out)) == wanted + expected([HAR])


def captures_of(directory: Path) -> set[str]:
    """The captures that an archive has."""
    return {name for path in directory.glob("parts/*/captures-*.parquet")
            for name in parquet.read_table(path, columns=["capture"]).column(0).to_pylist()}


def test_the_program_writes_where_there_are_no_directories(
        place: Path, shelf: dict[str, bytes], capfd: pytest.CaptureFixture[str]) -> None:
    paths = [place / "one.har", place / "packed.har.gz"]
    for path in paths:
        shelf[f"shelf://in/deep/{path.name}"] = path.read_bytes()
    shelf["shelf://in/readme.txt"] = b""
    arguments = ["--input", "shelf://in", "--output", "shelf://out"]
    assert run(arguments) == 0
    wanted = expected(paths, called="shelf://in/deep/{0.name}")
    assert capfd.readouterr() == (
        f"2 captures: {responses(wanted)} responses linted, {count(wanted, 'findings')} findings\n"
        "the tables are there; copy shelf://out to this machine, and ask them with httplint archive report\n", "")
    assert written(there(shelf)) == wanted
    assert [name for name in shelf if name.startswith("shelf://out/unfinished")] == []
    assert run(arguments) == 0
    assert "passed over, for their rows are there: 2 captures\n" in capfd.readouterr().out
    assert written(there(shelf)) == wanted
    assert run([*arguments, "--select", "405"]) == 2
    assert capfd.readouterr().err == ("httplint.archive.beam: shelf://out has rows that were made with other rules; "
                                      "run with the same, or name another directory\n")


def test_a_bundle_that_is_done_anew_does_not_double_its_rows(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(["--input", str(HAR), "--output", str(out), "--direct_runner_bundle_repeat=2"]) == 0
    assert written(here(out)) == expected([HAR])
    assert list((out / "unfinished").iterdir()) == []


def bundle(job: writing.ArchiveJob, fails: bool) -> list[writing.Written]:
    """What a bundle of a worker hands on, of which the disk is full, or not."""
    lints = writing._WriteTables(Recipe(), job)
    lints.setup()
    lints.start_bundle()
    lints.process(str(HAR))
    if fails:
        lints._bundle.files.finish()
        return []
    handed, = lints.finish_bundle()
    return handed.value[1]


@pytest.mark.parametrize("directories", [True, False])
def test_a_step_that_is_done_anew_loses_and_doubles_nothing(
        directories: bool, shelf: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = str(tmp_path / "out") if directories else "shelf://out"
    job = writing.ArchiveJob(out, "job", b"key")
    assert bundle(job, fails=True) == []
    element = None, [bundle(job, fails=False), bundle(job, fails=False)]
    if directories:
        renamed = os.rename
        left = iter(range(5))

        def rename(source: str, target: str) -> None:
            if next(left, None) is None:
                raise OSError(28, "No space left on device")
            renamed(source, target)

        monkeypatch.setattr(os, "rename", rename)
    Shelf.renames = 5
    with pytest.raises(BeamIOError):
        list(writing._Commit(job).process(element))
    monkeypatch.undo()
    files = [name for name, _ in (here(Path(out)) if directories else there(shelf))]
    assert not any(name.startswith("captures") for name in files), "which say what is done"
    Shelf.renames = 1 << 30
    for _ in range(2):
        assert [str(path).rpartition("/")[2] for path in writing._Commit(job).process(element)] == ["job"]
        once = expected([HAR])
        assert written(here(Path(out)) if directories else there(shelf)) == once + once
    if not directories:
        assert [name for name in shelf if "/unfinished/" in name] == []


def test_a_capture_that_is_called_otherwise_in_its_rows_is_known_again(
        tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    names = ["AKIAIOSFODNN7EXAMPLE.har", "AKIAIOSFODNN7EXAMPLX.har", os.fsdecode(b"\xff.har")]
    paths = [tmp_path / "in" / name for name in names]
    for path, har in zip(paths, (HAR, OTHER, HAR), strict=True):
        path.write_bytes(har.read_bytes())
    out = tmp_path / "out"
    assert run(["--input", str(paths[0]), "--output", str(out)]) == 0
    for passed in ("1 capture", "3 captures"):
        capfd.readouterr()
        assert run(["--input", str(tmp_path / "in"), "--output", str(out)]) == 0
        assert f"passed over, for their rows are there: {passed}\n" in capfd.readouterr().out
    assert written(here(out)) == expected([HAR, OTHER], called=f"{tmp_path}/in/[masked 1].har") + expected(paths[2:])


@pytest.mark.parametrize(("arguments", "told"), [
    (["--output", "out"], "the following arguments are required: --input"),
    (["--input", "none.har", "--output", "out"], "none.har: no such file or directory"),
    (["--input", "shelf://in/none.har", "--output", "out"], "shelf://in/none.har: there is no such object"),
    (["--input", "s3://in/none.har", "--output", "out"], "s3://in/none.har: Missing boto3 requirement\n"),
    (["--input", "nowhere://in", "--output", "out"], "nowhere://in: "),
    (["--input", "a.har", "--output", "out", "--runner", "NoRunner"], "--runner NoRunner: Unexpected pipeline runner"),
    (["--input", "a.har", "--output", "out", "--slect", "405"], "there is no option --slect"),
    (["--input", "a.har", "--output", "out", "--select", "nothing"], "nothing"),
    (["--input", "a.har", "--output", "out", "--config", "none.toml"], "none.toml"),
    (["--input", "a.har", "--output", "out", "--direct_num_workers", "x"], "direct_num_workers"),
    (["--input", "a.har", "--output", "."], ". holds other files, and no archive.json"),
    (["--input", "a.har", "--output", "out[1]"], "--output: out[1] has one of * ? [ in it"),
    (["--input", "a.har", "--output", "nowhere://out"], "nowhere://out cannot be written"),
    (["--input", "a.har", "--output", "s3://out"], "s3://out cannot be written: Missing boto3 requirement\n"),
    (["--input", "a.har", "--output", "out", "--runner", "DataflowRunner"], "out is on this machine"),
])
def test_wrong_usage_is_told_in_plain_words(arguments: list[str], told: str, tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.har").write_bytes(b"{}")
    monkeypatch.chdir(tmp_path)
    assert run(arguments) == 2
    shown = capfd.readouterr()
    assert told in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err
    assert "Error" not in shown.err
    assert not (tmp_path / "out").exists()


def test_a_directory_without_captures_is_nothing_to_lint(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "readme.txt").touch()
    assert run(["--input", f"{tmp_path}/in", "--output", f"{tmp_path}/out"]) == 3
    assert "there are no captures there" in capfd.readouterr().err


def test_a_disk_that_is_full_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str],
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing.FileSystems, "create", full)
    assert run(["--input", str(HAR), "--output", f"{tmp_path}/out"]) == 2
    assert capfd.readouterr().err == "httplint.archive.beam: the pipeline failed: No space left on device\n"
    assert here(tmp_path / "out") == []


def blocks(kind: str) -> str:
    """The blocks of that kind of the guide's section."""
    return "\n".join(re.findall(rf"^```{kind}\n(.*?)^```$", section("Many machines"), re.MULTILINE | re.DOTALL))


def test_the_pipeline_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "har").mkdir()
    (tmp_path / "har" / "a.har").write_bytes(HAR.read_bytes())
    (tmp_path / "har" / "empty.har").touch()
    monkeypatch.setattr(sys, "argv", ["pipeline.py", f"{tmp_path}/har/*.har", str(tmp_path), "--runner=FnApiRunner"])
    exec(compile(file_of("pipeline.py"), "pipeline.py", "exec"), {})
    lines = "".join(path.read_text("utf-8") for path in tmp_path.glob("rules-*")).splitlines()
    found = expected([tmp_path / "har" / "a.har"], Recipe(profile=("security",)))
    assert Counter({line.split()[0]: int(line.split()[1]) for line in lines}) == Counter(
        row[RULE] for row in found.elements() if row[0] == "findings")
    dead, = tmp_path.glob("dead_letters-*")
    assert dead.read_text("utf-8") == f"{tmp_path}/har/empty.har: the file is empty\n"


def test_the_command_of_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "har").mkdir()
    (tmp_path / "har" / "a.har").write_bytes(HAR.read_bytes())
    monkeypatch.chdir(tmp_path)
    options, = re.findall(r"^python -m httplint\.archive\.beam (--input.*)$", blocks("sh"), re.MULTILINE)
    assert run(options.split()) == 0
    assert written(here(tmp_path / "findings")) == expected([Path("har/a.har")])


def test_the_options_of_the_guide_are_known() -> None:
    commands = [line for line in blocks("sh").replace("\\\n", " ").splitlines() if "httplint.archive.beam" in line]
    assert len(commands) == 4
    for text in commands:
        words = shlex.split(text)[3:]
        arguments, others = _parser().parse_known_args(words)
        assert "://" in "".join(arguments.input) or arguments.runner == "FnApiRunner"
        kept = PipelineOptions(others)
        unknown = set(kept.get_all_options(retain_unknown_options=True)) - set(kept.get_all_options())
        assert unknown == set(), text
    assert f"apache/beam_python3.11_sdk:{beam.__version__}" in blocks("dockerfile")


def test_what_goes_missing_meanwhile_is_told(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(program, "_look_for", lambda uri: None)
    assert run(["--input", str(HAR), f"{tmp_path}/gone.har", "--output", f"{tmp_path}/out"]) == 2
    assert capfd.readouterr().out.startswith("1 capture: ")
    assert f"{tmp_path}/gone.har: no such file or directory" in caplog.text
    assert written(here(tmp_path / "out")) == expected([HAR])


def test_a_job_that_fails_elsewhere_leaves_nothing(shelf: dict[str, bytes], capfd: pytest.CaptureFixture[str]) -> None:
    Shelf.renames = 0
    shelf["shelf://in/a.har"] = HAR.read_bytes()
    assert run(["--input", "shelf://in/a.har", "--output", "shelf://out"]) == 2
    assert capfd.readouterr().err == "httplint.archive.beam: the pipeline failed: the quota is used up\n"
    assert sorted(shelf) == ["shelf://in/a.har", "shelf://out/archive.json"]


def test_an_interrupted_job_leaves_nothing(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(program, "_lint", interrupt)
    assert run(["--input", str(HAR), "--output", f"{tmp_path}/out"]) == 130
    assert capfd.readouterr().err.startswith("httplint.archive.beam: interrupted: ")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["archive.json", "lock", "parts", "unfinished"]
    assert here(tmp_path / "out") == []

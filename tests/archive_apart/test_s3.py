"""Archives in S3: the rows of the same files on this machine, a request for each, and all that goes wrong there."""
from __future__ import annotations

import gzip
import http.server
import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

s3fs = pytest.importorskip("s3fs", reason="s3fs is not installed: tools/test_archive")

from archive_reading import file_of, section, tables_in  # noqa: E402
from archiving import called, linted  # noqa: E402
from serving import serving  # noqa: E402
from storing import Asked, Service  # noqa: E402

from httplint.archive import remote  # noqa: E402
from httplint.archive.captures import listed  # noqa: E402
from httplint.cli.main import run  # noqa: E402

FIXTURES = Path(__file__).parents[2] / "fixtures"
HAR = FIXTURES / "har" / "chromium-application-violating-messages.har"
OTHER = FIXTURES / "har" / "chromium-servers-quirks.har"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY",
        "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEJrTOKENxEXAMPLE"}


@pytest.fixture(autouse=True)
def environment(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Where the service is and who asks, as s3fs finds it."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{service.host}")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")            # whoever has no keys asks the machine for some
    yield
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captures of each kind that crawls and tests leave behind, on this machine."""
    top = tmp_path_factory.mktemp("place")
    for name in ("har", "warc", "cassettes/deep"):
        (top / name).mkdir(parents=True)
    shutil.copy(HAR, top / "har" / "a.har")
    (top / "har" / "b.har.gz").write_bytes(gzip.compress(OTHER.read_bytes()))
    with zipfile.ZipFile(top / "har" / "c.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(HAR, "one.har")
        packed.write(OTHER, "within/two.har")
    shutil.copy(FIXTURES / "captures" / "wacz.wacz", top / "warc")
    with zipfile.ZipFile(top / "warc" / "wacz.wacz") as held:
        packed_warc = held.read(next(name for name in held.namelist() if name.endswith(".warc.gz")))
    (top / "warc" / "data.warc.gz").write_bytes(packed_warc)
    (top / "warc" / "data.warc").write_bytes(gzip.decompress(packed_warc))
    for name in ("betamax.json", "vcr.yml", "vcrpy.yaml"):
        shutil.copy(FIXTURES / "captures" / name, top / "cassettes" / "deep")
    return top


@pytest.fixture(scope="module")
def bucket(service: Service, place: Path) -> str:
    """The URI of the same captures in S3."""
    service.put("/crawls")
    for path in sorted(place.rglob("*.*")):
        service.put(f"/crawls/in/{path.relative_to(place)}", path.read_bytes())
    return "s3://crawls/in"


def path_of(row: dict[str, Any]) -> str:
    """The path of what a finding is in, as a check tells it."""
    return row["capture"] if row["member"] is None else f"{row['capture']}/{row['member']}"


class Since:
    """What is asked of a service from now on."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._before = len(service.asked())

    def asked(self) -> list[Asked]:
        return self._service.asked()[self._before:]

    def objects(self) -> list[str]:
        """The paths of the objects of which octets were asked for."""
        return [one.target for one in self.asked() if one.method == "GET" and "list-type" not in one.target]

    def others(self) -> list[Asked]:
        return [one for one in self.asked() if one.method != "GET" or "list-type" in one.target]


def test_rows_are_those_of_the_same_files_here_and_findings_those_of_a_check(
        bucket: str, place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    here = linted(tmp_path / "here", str(place))
    there = linted(tmp_path / "there", f"{bucket}/**")
    assert called(there, bucket) == called(here, str(place))
    assert {row["capture"] for row in there["captures"]} == {
        f"{bucket}/{path.relative_to(place)}" for path in place.rglob("*.*")}
    assert {row["outcome"] for row in there["captures"]} == {"whole"}

    capsys.readouterr()
    assert run(["check", "--output-format", "jsonl", str(place)]) == 1
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    expected = Counter((one["source"]["path"], one["source"]["entry"], found["rule"], found["message"])
                       for one in lines if one["type"] == "exchange" for found in one["findings"])
    assert sum(expected.values()) > 100
    assert Counter((path_of(row).replace(bucket, str(place)), row["entry"], row["rule"], row["message"])
                   for row in there["findings"] if not row["suppressed"]) == expected


TWO = """
import sys
from httplint.archive import local
from httplint.cli.main import run
if __name__ == "__main__":
    local.LEAST_OCTETS = 1                                 # so that both processes have something to do
    sys.exit(run(sys.argv[1:]))
"""


@pytest.mark.usefixtures("packaged")
def test_two_processes_give_the_same_rows(bucket: str, service: Service, tmp_path: Path) -> None:
    """Each has the thread of s3fs for itself, which no copy of a process would have."""
    (tmp_path / "two.py").write_text(TWO, "utf-8")
    uris = [f"{bucket}/har/", f"{bucket}/warc/"]
    one = linted(tmp_path / "one", *uris)
    since = Since(service)
    subprocess.run([sys.executable, tmp_path / "two.py", "archive", *uris, "--out", "out", "--jobs", "2"], check=True,
                   cwd=tmp_path)
    assert called(tables_in(tmp_path / "out"), bucket) == called(one, bucket)
    assert len(list(tmp_path.glob("out/parts/*"))) > 1
    assert sorted(since.objects()) == [row["capture"].removeprefix("s3:/") for row in one["captures"]]


@pytest.mark.parametrize(("uri", "found"), [
    ("{}", ["har/a.har", "har/b.har.gz", "warc/data.warc", "warc/data.warc.gz", "warc/wacz.wacz"]),
    ("{}/", ["har/a.har", "har/b.har.gz", "warc/data.warc", "warc/data.warc.gz", "warc/wacz.wacz"]),
    ("{}/har/a.har", ["har/a.har"]),
    ("{}/**/*.har", ["har/a.har"]),
    ("{}/*/*.[yw]*", ["warc/data.warc", "warc/data.warc.gz", "warc/wacz.wacz"]),
    ("{}/cassettes/**/vcr*", ["cassettes/deep/vcr.yml", "cassettes/deep/vcrpy.yaml"]),
])
def test_prefixes_and_patterns(uri: str, found: list[str], bucket: str) -> None:
    captures = listed([uri.format(bucket)], lambda _: None)
    assert sorted(capture.uri for capture in captures) == [f"{bucket}/{name}" for name in found]


def test_a_capture_costs_one_request(bucket: str, place: Path, service: Service, tmp_path: Path) -> None:
    names = sorted(f"/crawls/in/{path.relative_to(place)}" for path in place.rglob("*.*"))
    since = Since(service)
    linted(tmp_path, f"{bucket}/**")
    assert sorted(since.objects()) == names
    assert len(since.others()) <= 5
    since = Since(service)
    linted(tmp_path, f"{bucket}/**")                       # once more: all have their rows
    assert since.objects() == []


def test_a_big_one_costs_one_for_each_block(bucket: str, service: Service, tmp_path: Path,
                                            monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "BLOCK", 4096)
    since = Since(service)
    found = linted(tmp_path, f"{bucket}/har/a.har")
    assert found["captures"][0]["outcome"] == "whole"
    assert since.objects() == ["/crawls/in/har/a.har"] * -(-HAR.stat().st_size // 4096)


NAMES = ["a b.har", "a#b.har", "a?b.har", "a%20b.har", "a%b.har", "a[b].har", "a*b.har", "a\tb.har", "a\x1b[31mb.har",
         "\U0001f600.har", "e\u0301 \u00e9.har", "+&=;:@,!$'\"()<>{}|\\^`.har", "..har", "x/.../y.har", "~.har",
         "-n.har", "a::b.har", "s3:/c.har", "x/../z.har"]


def test_keys_may_be_any_text(service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    service.put("/names")
    for name in NAMES:
        service.put(f"/names/in/{name}", OTHER.read_bytes())
    found = linted(tmp_path, "s3://names/in/")
    assert sorted(row["capture"] for row in found["captures"]) == sorted(f"s3://names/in/{name}" for name in NAMES)
    assert {(row["outcome"], row["linted"]) for row in found["captures"]} == {("whole", found["captures"][0]["linted"])}
    assert found["dead_letters"] == []
    said = capsys.readouterr()
    assert "\x1b[31m" not in said.out + said.err


def test_keys_that_cannot_be_asked_for_are_said(service: Service, tmp_path: Path,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    """s3fs takes ?versionId= for a version, and lists no prefix that ends in //."""
    service.put("/odd")
    for name in ("a?versionId=3.har", "b//c.har"):
        service.put(f"/odd/in/{name}", OTHER.read_bytes())
    found = linted(tmp_path / "prefix", "s3://odd/in")
    assert [(row["capture"], row["kind"]) for row in found["dead_letters"]] == [
        ("s3://odd/in/a?versionId=3.har", "unreadable")]
    assert ("s3://odd/in/b/ was passed over: its name has an empty part (//); a pattern, such as s3://odd/in/b/**, "
            "takes what is in it") in capsys.readouterr().err
    found = linted(tmp_path / "pattern", "s3://odd/in/b/**")
    assert [(row["capture"], row["outcome"]) for row in found["captures"]] == [("s3://odd/in/b//c.har", "whole")]


@pytest.mark.parametrize(("uri", "said"), [
    ("s3://crawls/none.har", "s3://crawls/none.har: cannot be read: there is no such object, nor anything below it"),
    ("s3://crawls/none/", "s3://crawls/none/: cannot be read: there is no such object, nor anything below it"),
    ("s3://none/in/", "s3://none/in/: cannot be read: there is no such object, nor anything below it"),
    ("s3://none/in/*.har", "s3://none/in/*.har: cannot be read: there is no such object, nor anything below it"),
    ("s3://none", "s3://none: cannot be read: there is no such object, nor anything below it"),
])
def test_what_is_not_there(uri: str, said: str, bucket: str, tmp_path: Path,
                           capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", uri, "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err


def test_what_is_not_there_keeps_nothing_else_from_being_linted(bucket: str, tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    found = linted(tmp_path, "s3://crawls/none.har", f"{bucket}/har/a.har", str(OTHER), status=2)
    assert [row["capture"] for row in found["captures"]] == [str(OTHER), f"{bucket}/har/a.har"]


@pytest.fixture
def checking(service: Service) -> Iterator[None]:
    """The service knows nobody."""
    service.check_credentials(True)
    yield
    service.check_credentials(False)


@pytest.mark.usefixtures("checking")
def test_wrong_credentials_are_said_and_never_shown(bucket: str, tmp_path: Path,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", f"{bucket}/", f"{bucket}/har/a.har", f"{bucket}/**", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr()
    assert said.err.count("no permission") == 3
    assert not any(value in said.out + said.err for value in KEYS.values())


def test_no_credentials_are_said(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                 capsys: pytest.CaptureFixture[str]) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    assert run(["archive", f"{bucket}/", "--out", str(tmp_path / "out")]) == 2
    assert "redentials" in capsys.readouterr().err


def test_the_password_of_an_endpoint_is_not_shown(bucket: str, service: Service, tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch,
                                                  capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://someone:hunter2hunter2@127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    assert run(["archive", f"{bucket}/", "--out", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err
    assert "s3://crawls/in/: cannot be read: " in said
    assert "hunter2" not in said


POISON = {
    "cut.har": HAR.read_bytes()[:20000], "empty.har": b"", "no.har": b"\x00" * 5000, "deep.har": b"[" * 100_000,
    "cut.warc.gz": gzip.compress(b"WARC/1.0\r\n" * 1000)[:40],
    "cut.zip": (FIXTURES / "captures" / "wacz.wacz").read_bytes()[:20000]}


def test_what_is_poisoned_costs_itself_alone(service: Service, tmp_path: Path) -> None:
    service.put("/poison")
    for name, octets in {**POISON, "good.har": HAR.read_bytes(), "directory/": b""}.items():
        service.put(f"/poison/in/{name}", octets)
    found = called(linted(tmp_path / "all", "s3://poison/in/**"), "s3://poison/in")
    assert {row["capture"]: row["outcome"] for row in found["captures"]} == {
        **dict.fromkeys(POISON, "unreadable"), "cut.har": "partial", "good.har": "whole"}
    assert {row["capture"] for row in found["dead_letters"]} == {*POISON}
    alone = called(linted(tmp_path / "alone", "s3://poison/in/good.har"), "s3://poison/in")
    assert alone["findings"]
    assert [row for row in found["findings"] if row["capture"] == "good.har"] == alone["findings"]


UNRELIABLE = ("forbidden", "gone", "half", "late\nor never", "shrunk")
LISTING = ('<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>bad</Name><KeyCount>5</KeyCount>'
           "<IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>" + "".join(
               f"<Contents><Key>in/{quote(name)}.har</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>x</ETag>"
               f"<Size>{HAR.stat().st_size}</Size></Contents>" for name in UNRELIABLE) + "</ListBucketResult>").encode()


class Unreliable(http.server.BaseHTTPRequestHandler):
    """S3 with objects of which one comes as it should, at the second time that it is asked for; moto has no name for
    it.
    """

    protocol_version = "HTTP/1.1"
    late = False

    def do_GET(self) -> None:
        octets = HAR.read_bytes()
        if "list-type" in self.path:
            return self.answer(200, LISTING)
        match self.path.rpartition("/")[2].removesuffix(".har"):
            case "forbidden":
                return self.answer(403, b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
            case "gone":
                return self.answer(404, b"<Error><Code>NoSuchKey</Code><Message>Gone.</Message></Error>")
            case "half":
                return self.answer(206, octets, len(octets) // 2)
            case "shrunk":
                return self.answer(206, octets[:1000])
        again, type(self).late = self.late, True
        if again:
            return self.answer(206, octets)
        return self.answer(503, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>")

    def answer(self, status: int, octets: bytes, sent: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets[:sent])
        self.close_connection = sent is not None

    def log_message(self, *_: Any) -> None:
        pass


def test_what_fails_costs_itself_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3fs.S3FileSystem, "retries", 1)   # botocore has its own
    with serving(Unreliable) as host:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}")
        found = called(linted(tmp_path, "s3://bad/in/**", str(OTHER)), "s3://bad/in")
    assert {row["capture"]: row["outcome"] for row in found["captures"]} == {
        **{f"{name}.har": "unreadable" for name in UNRELIABLE}, "late\nor never.har": "whole", str(OTHER): "whole"}
    assert {row["capture"]: row["cause"] for row in found["dead_letters"]} == {
        "forbidden.har": "cannot be read: no permission: Access Denied",
        "gone.har": "cannot be read: there is no such object, nor anything below it",
        "half.har": "cannot be read: the answer broke off",
        "shrunk.har": f"cannot be read: it has not the {HAR.stat().st_size:,} octets that were told of it"}


def test_the_guide(bucket: str, service: Service, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                   capsys: pytest.CaptureFixture[str]) -> None:
    """Its commands and its program are run, as a reader would."""
    monkeypatch.chdir(tmp_path)
    told = section("S3 and")
    commands = [f"{one} --jobs 1" for one in re.findall(r"^httplint .*", told, re.MULTILINE)]
    for command in [*commands, *re.findall(r"`(httplint archive report [^`]*)", told)]:
        assert run(shlex.split(command)[1:]) == 0
    assert len(tables_in(tmp_path / "findings")["captures"]) == 7             # all but the two of cassettes in YAML
    s3fs.S3FileSystem().put(f"{tmp_path}/findings/parts/", "crawls/findings/parts/", recursive=True)
    capsys.readouterr()
    exec(compile(file_of("ask.py"), "ask.py", "exec"), {})
    assert "405.allow-missing" in capsys.readouterr().out

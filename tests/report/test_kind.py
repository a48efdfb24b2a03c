"""Path templates: what of a path is the same in the next recording."""
from __future__ import annotations

import base64
import json
import random
import re
import string
import uuid
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting import place_of

from httplint import Exchange, Request, Response, lint
from httplint.report.kind import Kind, kind_of, place_by_request, place_told
from httplint.report.template import ID, LONGEST, template

HARS = Path(__file__).parents[2] / "fixtures" / "har"


@pytest.mark.parametrize(("path", "folded"), [
    ("/items/12", "/items/{id}"),
    ("/items/12/parts/7", "/items/{id}/parts/{id}"),
    ("/u/123e4567-e89b-12d3-a456-426614174000/x", "/u/{id}/x"),
    ("/u/urn%3Auuid%3A123e4567-e89b-12d3-a456-426614174000", "/u/urn%3Auuid%3A{id}"),
    ("/Products(12)", "/Products({id})"),
    ("/Products(guid'123e4567-e89b-12d3-a456-426614174000')", "/Products(guid'{id}')"),
    ("/blob/d41d8cd98f00b204e9800998ecf8427e", "/blob/{id}"),
    ("/commit/8add55d", "/commit/{id}"),
    ("/day/2025-07-01", "/day/{id}"),
    ("/month/2025-07", "/month/{id}"),
    ("/week/2025-W05", "/week/{id}"),
    ("/at/2025-07-01T12%3A30%3A00Z", "/at/{id}"),
    ("/at/2025-07-01T12:30:00.123+02:00", "/at/{id}"),
    ("/at/20250701T123000Z", "/at/{id}"),
    ("/2025/07/01/news", "/{id}/{id}/{id}/news"),
    ("/order-4711", "/order-{id}"),
    ("/order-4711/part-2", "/order-{id}/part-{id}"),
    ("/BenchmarkTest00030", "/BenchmarkTest{id}"),
    ("/12021232.jpg", "/{id}.jpg"),
    ("/index-5f3a9c1e.js", "/index-{id}.js"),
    ("/index-DkqXb2_v.js", "/index-{id}.js"),
    ("/chunk-HNX7ZLPA.js.map", "/chunk-{id}.js.map"),
    ("/main-min.d5f95c9c5614.js", "/main-min.{id}.js"),
    ("/2.3f8a2b1c.chunk.js", "/{id}.{id}.chunk.js"),
    ("/docs.v2622a01.png", "/docs.{id}.png"),
    ("/watch/dQw4w9WgXcQ", "/watch/{id}"),
    ("/track/4iV5W9uYEdYUVa79Axb7Rh", "/track/{id}"),
    ("/customers/cus_NffrFeUfNV2Hib", "/customers/cus_{id}"),
    ("/n/V1StGXR8_Z5jdHi6B-myT", "/n/{id}"),                       # the example of nanoid's documentation
    ("/ulid/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/ulid/{id}"),            # that of ULID's
    ("/cuid/cjld2cjxh0000qzrmn831i7rn", "/cuid/{id}"),             # that of cuid's
    ("/session;jsessionid=ABCDEF0123456789", "/session;jsessionid={id}"),
    ("/b64/QUJDREVGMTIzNDU2Nzg5MGFi==", "/b64/{id}"),
    ("/b64/QUJDREVGMTIzNDU2Nzg5MGFi%3D%3D", "/b64/{id}"),
    # What stays
    ("/v2/users", "/v2/users"),
    ("/ajax/libs/jquery/1.11.2/jquery.min.js", "/ajax/libs/jquery/1.11.2/jquery.min.js"),
    ("/jquery-3.6.0.min.js", "/jquery-3.6.0.min.js"),
    ("/normalize.css@10.1.0", "/normalize.css@10.1.0"),
    ("/favicon-16x16.png", "/favicon-16x16.png"),
    ("/img/iPhone12ProMax.png", "/img/iPhone12ProMax.png"),
    ("/fonts/SourceSansPro-Regular-webfont.woff2", "/fonts/SourceSansPro-Regular-webfont.woff2"),
    ("/oauth2/token", "/oauth2/token"),
    ("/h264/1x1.gif", "/h264/1x1.gif"),
    ("/mp3/hprofile-ak-prn2", "/mp3/hprofile-ak-prn2"),
    ("/fr-FR/pierre-louis-lions-chapo_vignette_resume.jpg", "/fr-FR/pierre-louis-lions-chapo_vignette_resume.jpg"),
    ("/index-Settings.js", "/index-Settings.js"),
    ("/defaced", "/defaced"),
    ("/feedface", "/feedface"),
    ("/%C3%A9t%C3%A9/12%20", "/%C3%A9t%C3%A9/{id}%20"),
    ("/", "/"),
    ("*", "*"),
    ("", ""),
])
def test_path_templates(path: str, folded: str) -> None:
    assert template(path) == folded


SEGMENT = st.text(st.characters(exclude_characters="/", exclude_categories=()), max_size=40) | st.from_regex(
    r"[0-9A-Za-z._~%=;-]{0,40}", fullmatch=True)


@given(st.lists(SEGMENT, max_size=6))
def test_segments_are_folded_each_by_itself_and_once(segments: list[str]) -> None:
    path = "/".join(segments)
    folded = template(path)
    assert folded == "/".join(map(template, segments))
    assert template(folded) == folded
    if not re.search("[0-9]", path):
        assert folded == path


NUMBERS = st.integers(0, 10**20).map(str)
UUIDS = st.uuids().map(str)
DATES = st.dates(date(1000, 1, 1)).map(date.isoformat)
TIMES = st.datetimes(datetime(1000, 1, 1), timezones=st.just(timezone.utc)).map(datetime.isoformat)
HASHES = st.binary(min_size=16, max_size=64).map(bytes.hex).filter(lambda text: re.search("[0-9]", text))


@given(NUMBERS | UUIDS | UUIDS.map(str.upper) | DATES | TIMES | HASHES,
       st.sampled_from(["/a/{}", "/a/{}/b", "/a-{}", "/a/file-{}.js", "/a({})", "/a;v={}", "/{}.min.css"]))
def test_what_identifies_is_folded_whatever_it_is(one: str, around: str) -> None:
    assert template(around.format(one)) == around.format(ID)


@given(st.from_regex(r"/([a-z]{1,12}[.-]?){1,4}(/[A-Z][a-z]{2,9}[A-Z][a-z]{3,9}[0-9]{0,3}){0,2}(/v[0-9]{1,2})?",
                     fullmatch=True))
def test_words_stay(path: str) -> None:
    assert template(path) == path


@pytest.mark.parametrize(("alphabet", "size", "least"), [
    (string.ascii_letters + string.digits, 11, 0.7),
    (string.ascii_letters + string.digits, 22, 0.95),
    (string.ascii_letters + string.digits + "-_", 21, 0.9),        # nanoid
    (string.ascii_letters + string.digits + "-_", 43, 0.95),       # SHA-256 as base64url
    (string.ascii_lowercase + string.digits, 24, 0.9),             # cuid2
    (string.hexdigits[:16], 24, 0.999),                            # MongoDB
])
def test_most_random_identifiers_are_folded(alphabet: str, size: int, least: float) -> None:
    chance = random.Random(6)
    made = ["".join(chance.choices(alphabet, k=size)) for _ in range(2000)]
    assert sum(template(one) == ID for one in made) / len(made) >= least


def test_json_web_tokens_are_folded() -> None:
    def part(data: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    token = f"{part({'alg': 'HS256', 'typ': 'JWT'})}.{part({'sub': '1234567890', 'name': 'J', 'iat': 1516239022})}"
    assert template(f"/verify/{token}") == "/verify/{id}.{id}"


def test_paths_of_fixtures_keep_the_names_of_their_scenarios() -> None:
    names = set()
    for path in sorted(HARS.glob("*.har")):
        for entry in json.loads(path.read_text("utf-8"))["log"]["entries"]:
            found = re.match(r"https?://[^/?#]*/([a-z-]+)(?=[/?#]|$)", entry["request"]["url"])
            if found:
                names.add(found[1])
    assert names
    assert {template(name) for name in names} == names


@pytest.mark.parametrize("path", ["1." * 50_000, "a1" * 50_000, "-1" * 50_000, "%3D" * 50_000, "1=" * 50_000,
                                  "2025-07-01T" * 10_000, "/1" * 50_000, "a" * 100_000 + "1", "aB" * 50_000 + "1"])
def test_hostile_paths_take_linear_time_and_bounded_room(path: str) -> None:
    assert len(template(path)) <= LONGEST
    assert len(str(Kind("a.b", *place_of(path, f"http://{path}/{path}"), "x" * 10_000))) <= 200


def test_the_host_is_without_userinfo_and_ports_of_test_runs() -> None:
    assert place_of("GET", "HTTP://u:p@A.Example:8080/x/1?y#z") == ("http://a.example:8080", "GET", "/x/{id}")
    assert place_of("GET", "http://127.0.0.1:45123/x") == place_of("GET", "http://127.0.0.1:32768/x") == (
        "http://127.0.0.1", "GET", "/x")
    assert place_of("GET", "http://localhost:8080/") == ("http://localhost:8080", "GET", "/")
    assert place_of("GET", "http://127.0.0.1:32767/") == ("http://127.0.0.1:32767", "GET", "/")
    assert place_of("GET", "http://a.example:45123/") == ("http://a.example:45123", "GET", "/")
    assert place_of("GET", "http://[::bad/x") == ("http://[::bad", "GET", "/x")
    assert place_of("CONNECT", "a.example:443") == ("", "CONNECT", "a.example:{id}")
    assert "hunter" not in place_of("GET", "http://a.example/x;token=hunter;y")[2]


def test_a_method_is_without_secrets_that_stand_elsewhere() -> None:
    """As where the content of a request was taken for the begin of the next."""
    request = Request("hunter2SECRET99", "http://a.example/", headers=[("Cookie", "sid=hunter2SECRET99")])
    assert place_by_request(Exchange(Response(200), request))[1] == "{id}"


@given(st.text(), st.text())
def test_any_request_has_a_place(method: str, uri: str) -> None:
    host, same, path = place_of(method, uri)
    assert same == method
    assert len(host) + len(path) <= 3 * LONGEST


def test_alike_findings_have_one_kind() -> None:
    def kinds(uri: str | None) -> set[Kind]:
        report = lint(Exchange(Response(405, headers=[("X", "1")]),
                               None if uri is None else Request("PATCH", uri)))
        return {kind_of(finding, report) for finding in report.findings}

    assert kinds("http://a.example/items/1?x=1") == kinds(f"http://a.example/items/{uuid.uuid4()}")
    kind = Kind("405.allow-missing", "http://a.example", "/items/{id}", "PATCH", "")
    assert kind in kinds("http://a.example/items/1?x=1")
    assert str(kind) == "405.allow-missing PATCH http://a.example/items/{id}"
    assert Kind("405.allow-missing", "", "", "", "") in kinds(None)
    assert str(Kind("etag.syntax", "", "", "", "etag")) == "etag.syntax (etag)"


@pytest.mark.parametrize("method", ["=1+1" + "9" * 70 + "\udca4" * 400, "\udcff" * 600, "é" * 600])
def test_a_place_is_the_same_when_it_is_read_back(method: str) -> None:
    """JSON has no lone surrogates; what stands for them must not be cut off again."""
    written = [text.encode("utf-8", "backslashreplace").decode() for text in
               place_of(method, f"http://A.example/{method}/b?c")]
    assert list(place_told(*written)) == written

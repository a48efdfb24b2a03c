"""Records of WARC files, made for a test."""
from __future__ import annotations


def record(kind: str, octets: bytes, number: int, concurrent: int | None = None, **more: str) -> bytes:
    """A record as warcio and others write it."""
    head = {"WARC-Type": kind, "WARC-Record-ID": f"<urn:uuid:{number:032}>", "WARC-Date": "2025-07-01T12:00:00Z",
            "WARC-Target-URI": "https://a.example/a", "Content-Type": f"application/http; msgtype={kind}"}
    if concurrent is not None:
        head["WARC-Concurrent-To"] = f"<urn:uuid:{concurrent:032}>"
    head |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.1\r\n{lines}Content-Length: {len(octets)}\r\n\r\n".encode() + octets + b"\r\n\r\n"


def info(software: str) -> bytes:
    return record("warcinfo", f"software: {software}\r\nformat: WARC File Format 1.1\r\n".encode(), 99,
                  Content_Type="application/warc-fields")

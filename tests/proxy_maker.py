"""Files as Burp Suite and ZAP write them, neither of which installs here.

Burp's form is that of files that people have published (versions 2017 to 2025.6), and of its own declarations within
them; ZAP's that of its source: PopupMenuExportMessages and PopupMenuExportMessage (text), the templates
traditional-xml-plus and traditional-json-plus (reports), ApiResponseConversionUtils (API).
"""
from __future__ import annotations

import base64
import io
import json
import re
from typing import Any
from xml.sax.saxutils import escape

from httplint.capture import reading
from httplint.model.exchange import Exchange

ASKED = b"GET /a HTTP/1.1\r\nHost: a.example\r\n\r\n"
ANSWER = (b"HTTP/1.1 200 OK\r\nDate: Tue, 22 Jul 2025 10:26:42 GMT\r\nContent-Type: application/json\r\n"
          b"Content-Length: 2\r\n\r\n{}")
Pair = tuple[bytes, bytes]

def read(octets: bytes) -> list[Any]:
    """The outcomes of a file, whatever its octets tell that it is."""
    return list(reading.read(io.BytesIO(octets), path="export"))


def one(octets: bytes) -> Exchange:
    """The exchange of a file that holds one."""
    exchange, = read(octets)
    assert isinstance(exchange, Exchange), exchange
    return exchange


DECLARED = """<?xml version="1.0"?>
<!DOCTYPE items [
<!ELEMENT items (item*)>
<!ATTLIST items burpVersion CDATA "">
<!ATTLIST items exportTime CDATA "">
<!ELEMENT item (time, url, host, port, protocol, method, path, extension, request, status, responselength, mimetype, response, comment)>
<!ELEMENT time (#PCDATA)>
<!ELEMENT url (#PCDATA)>
<!ELEMENT host (#PCDATA)>
<!ATTLIST host ip CDATA "">
<!ELEMENT port (#PCDATA)>
<!ELEMENT protocol (#PCDATA)>
<!ELEMENT method (#PCDATA)>
<!ELEMENT path (#PCDATA)>
<!ELEMENT extension (#PCDATA)>
<!ELEMENT request (#PCDATA)>
<!ATTLIST request base64 (true|false) "false">
<!ELEMENT status (#PCDATA)>
<!ELEMENT responselength (#PCDATA)>
<!ELEMENT mimetype (#PCDATA)>
<!ELEMENT response (#PCDATA)>
<!ATTLIST response base64 (true|false) "false">
<!ELEMENT comment (#PCDATA)>
]>
"""  # noqa: E501


def message(name: str, octets: bytes, coded: bool, attributes: str = "") -> bytes:
    """An element with a message, as base64 or as the text that it is."""
    text = base64.b64encode(octets) if coded else octets
    cdata = b"<![CDATA[%b]]>" % text if octets else b""
    return f'<{name}{attributes} base64="{str(coded).lower()}">'.encode() + cdata + f"</{name}>".encode()


def item(asked: bytes = ASKED, answer: bytes = ANSWER, *, coded: bool = True, protocol: str = "http",
         time: str = "Tue Jul 22 10:26:42 UTC 2025") -> bytes:
    """An item of Burp."""
    return b"\n    ".join([
        b"  <item>", f"<time>{time}</time>".encode(), f"<url><![CDATA[{protocol}://a.example/a]]></url>".encode(),
        b'<host ip="192.0.2.1">a.example</host>', b"<port>80</port>", f"<protocol>{protocol}</protocol>".encode(),
        b"<method><![CDATA[GET]]></method>", b"<path><![CDATA[/a]]></path>", b"<extension>null</extension>",
        message("request", asked, coded), b"<status>200</status>", b"<responselength>120</responselength>",
        b"<mimetype>JSON</mimetype>", message("response", answer, coded), b"<comment></comment>"]) + b"\n  </item>\n"


def burp(*items: bytes) -> bytes:
    """A file of "Save items"."""
    return (DECLARED.encode() + b'<items burpVersion="2025.6.5" exportTime="Tue Jul 22 10:33:43 UTC 2025">\n'
            + b"".join(items) + b"</items>\n")


def issue(asked: bytes = ASKED, answer: bytes = ANSWER, redirected: str = "false") -> bytes:
    """An issue of Burp with its messages."""
    return (b'<issue><serialNumber>1</serialNumber><name><![CDATA[SQL injection]]></name>'
            b'<host ip="192.0.2.1">https://a.example</host><path><![CDATA[/a]]></path><severity>High</severity>'
            b'<requestresponse>' + message("request", asked, True, ' method="GET"') + message("response", answer, True)
            + f"<responseRedirected>{redirected}</responseRedirected></requestresponse></issue>".encode())


def issues(*made: bytes) -> bytes:
    """A file of "Report issues" in XML."""
    return b'<?xml version="1.0"?>\n<issues burpVersion="2024.1" exportTime="x">\n' + b"".join(made) + b"</issues>"


def absolute(asked: bytes) -> bytes:
    """A request with the target in absolute-form, as ZAP shows it."""
    method, _, rest = asked.partition(b" ")
    host = re.search(rb"(?mi)^Host: ?(.*?)\r?$", asked)
    return b"%b http://%b%b" % (method, host[1], rest) if host and rest.startswith(b"/") else asked


def zap_text(*pairs: Pair, old: bool = False) -> bytes:
    """An export of messages; `old`: as before the add-on for imports and exports."""
    end, line = (b"\r\n", b"==== %d ==========") if old else (b"\n", b"===%d ==========")
    made = b""
    for number, (asked, answer) in enumerate(pairs, 7):
        made += line % number + end
        for text in (absolute(asked), answer):
            made += text if text.endswith(end) or not text else text + end
        if not old:
            made = made if made.endswith(end) else made + end
    return made


def _parts(octets: bytes) -> tuple[str, str]:
    head, between, content = octets.decode("latin-1").partition("\r\n\r\n")
    return head + between, content


def zap_xml(*pairs: Pair, plus: bool = True) -> bytes:
    """A report; `plus`: with requests and responses."""
    made = ""
    for asked, answer in pairs:
        made += "<instance><uri>http://a.example/a</uri><method>GET</method><evidence></evidence>"
        if plus:
            for name, octets in (("request", absolute(asked)), ("response", answer)):
                head, content = (escape(part, {"\r\n": "\n"}) for part in _parts(octets))
                made += f"<{name}header>{head}</{name}header><{name}body>{content}</{name}body>"
        made += "</instance>\n"
    return ('<?xml version="1.0"?>\n<OWASPZAPReport programName="ZAP" version="2.16.1" generated="Tue, 22 Jul 2025">\n'
            '<site name="http://a.example" host="a.example" port="80" ssl="false"><alerts><alertitem><instances>'
            f"{made}</instances></alertitem></alerts></site></OWASPZAPReport>").encode("latin-1")


def _members(names: tuple[str, str, str, str], pair: Pair) -> dict[str, Any]:
    return dict(zip(names, (*_parts(absolute(pair[0])), *_parts(pair[1])), strict=True))


def zap_report(*pairs: Pair, plus: bool = True) -> bytes:
    """A report in JSON."""
    names = ("request-header", "request-body", "response-header", "response-body")
    instances = [{"id": "1", "uri": "http://a.example/a", "method": "GET"} | (_members(names, pair) if plus else {})
                 for pair in pairs]
    return json.dumps({"@programName": "ZAP", "@version": "2.16.1", "site": [{"@name": "http://a.example", "alerts": [
        {"pluginid": "1", "instances": instances, "count": "1"}]}], "statistics": {}}).encode()


def zap_messages(*pairs: Pair, **more: Any) -> bytes:
    """What the API gives for `core/view/messages`."""
    names = ("requestHeader", "requestBody", "responseHeader", "responseBody")
    return json.dumps({"messages": [
        {"id": str(number), "type": "1", "timestamp": "1753180002123", "rtt": "29", "cookieParams": "", "note": "",
         "tags": []} | _members(names, pair) | more for number, pair in enumerate(pairs)]}).encode()

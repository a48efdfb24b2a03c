"""Well-formedness of XML, and what strangers may send in its place."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.syntax import Malformed
from httplint.grammar.xml import parse
from httplint.model.evidence import NotEvaluated

EXTERNAL = b'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://127.0.0.1:9/xhtml1-strict.dtd">'


@pytest.mark.parametrize("content", [
    b"<a/>", b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<a b="&lt;">&#xe4;<![CDATA[<]]></a><!-- c --> ',
    b"\xef\xbb\xbf<a/>", "<ä/>".encode("utf-16"), '<?xml version="1.0" encoding="iso-8859-1"?><ä/>'.encode("latin-1"),
    b"<x:a y:b='c'/>",                                     # namespaces are another specification
    EXTERNAL + b"<html>&nbsp;</html>",                      # XML 1.0 §4.1: it may be declared where nobody looks
    b'<!DOCTYPE a [<!ENTITY b "c"><!ELEMENT a ANY>]><a d="&b;">&b;</a>',
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    b"<a>" * 20_000 + b"</a>" * 20_000])
def test_well_formed(content: bytes) -> None:
    parse(content)


@pytest.mark.parametrize("content", [
    b"", b"x", b"<a>", b"<a><b></a></b>", b"<a/><b/>", b"<a b='1' b='2'/>", b"<a b=c/>", b"<a>&</a>", b"<a>&nbsp;</a>",
    b"<a>\x01</a>", b"<a>\xe4</a>", b" <?xml version='1.0'?><a/>", b"<a><!-- -- --></a>", b"<a b='<'/>", b"<a>]]></a>"])
def test_not_well_formed(content: bytes) -> None:
    with pytest.raises(Malformed):
        parse(content)


@pytest.mark.parametrize("content", [
    b'<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
    b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 70_000 + b'">]><a b="&b;"/>',
    b'<!DOCTYPE a [<!ENTITY b "' + b"x" * 60_000 + b'">]><a b="' + b"&b;" * 150 + b'"/>',    # beyond Expat's own bounds
    b'<!DOCTYPE a [<!ENTITY % b "c">]><a/>', b'<?xml version="1.1"?><a/>',
    '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
    "\ufeff<a/>".encode("utf-32"), "<a/>".encode("utf-32-be"),
    b'<?xml version="1.0" encoding="unheard-of"?><a/>', b'<?xml version="1.0" encoding="utf-16"?><a/>'])
def test_not_evaluated(content: bytes) -> None:
    with pytest.raises(NotEvaluated):
        parse(content)


def test_what_outranks_what() -> None:
    """RFC 7303 §3.2: a byte order mark, the charset parameter, the declaration."""
    latin = '<?xml version="1.0" encoding="iso-8859-1"?><a>ä</a>'.encode("latin-1")
    parse(latin)
    parse(latin, "ISO-8859-1")
    with pytest.raises(Malformed):
        parse(latin, "utf-8")
    parse("<ä/>".encode("utf-16"), "utf-8")
    parse(b"\xfe\xff" + "<ä/>".encode("utf-16-be"), "utf-8")
    parse(b"\xff\xfe" + "<ä/>".encode("utf-16-le"), "us-ascii")
    parse("<ä/>".encode(), "UTF8")
    parse(b"<a/>", "us-ascii")
    with pytest.raises(Malformed):
        parse("<ä/>".encode(), "us-ascii")
    parse(b"\xef\xbb\xbf" + "<ä/>".encode(), "iso-8859-1")
    with pytest.raises(NotEvaluated):
        parse(b"<a/>", "utf-7")


@pytest.mark.parametrize(("content", "position", "hint"), [
    (b"<a>\n <b></a>", 10, "mismatched tag in line 2, column 7"), (b"x", 0, "syntax error in line 1, column 1"),
    (b"", 0, "no element found in line 1, column 1")])
def test_where_it_is_flawed(content: bytes, position: int, hint: str) -> None:
    """Lines and columns are counted from 1, as editors do."""
    with pytest.raises(Malformed) as error:
        parse(content)
    assert (error.value.position, error.value.expected, error.value.hint) == (position, "well-formed XML", hint)


def test_namespaces() -> None:
    with pytest.raises(Malformed):
        parse(b"<x:a/>", namespaces=True)


@given(st.binary(max_size=200) | st.lists(st.sampled_from(
    [b"<a>", b"</a>", b"<!DOCTYPE a [", b"]>", b'<!ENTITY b "&c;">', b"&b;", b"<?xml version='1.0'?>", b"<![CDATA["])
).map(b"".join), st.sampled_from([None, "utf-8", "us-ascii", "x"]))
def test_any_octets(content: bytes, charset: str | None) -> None:
    try:
        parse(content, charset)
    except Malformed as error:
        assert 0 <= error.position <= len(content)
    except NotEvaluated:
        pass

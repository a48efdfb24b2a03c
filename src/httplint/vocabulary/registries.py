"""Whether names are registered with IANA, or known to the project (RFC 9110 §16)."""
from __future__ import annotations

import codecs
import functools

from httplint.grammar import registry
from httplint.grammar.registry.own import NONE, OwnNames
from httplint.grammar.rfc9110 import MediaType
from httplint.vocabulary import function


@function()
def registered(kind: str, name: str, *, names: OwnNames = NONE) -> bool:
    """Whether a "coding", "scheme", "protocol" (of Upgrade), "range unit" or "relation" is registered, in any case
    (RFC 9110 §16, RFC 8288 §4.2).
    """
    name = name.lower()
    return name in registry.names(kind) or (kind == "scheme" and name in names.schemes)


@function()
def private_scheme(name: str) -> bool:
    """Whether the name of a scheme says that it is private, or it is in wide use without registration
    (RFC 9110 §16.4.1).
    """
    return name.lower().startswith("x-") or name.lower() in ("ntlm", "kerberos", "aws4-hmac-sha256")


@function()
def registered_type(media_type: MediaType) -> bool:
    """Whether a media type is registered (RFC 9110 §8.3.1).

    Those of vendors and persons need not be known here.
    """
    return (media_type.essence in registry.media_types()
            or media_type.subtype.startswith(("vnd.", "prs.", "x.")))


_CHARSETS = frozenset((
    "bocu-1", "cesu-8", "cn-big5", "cseuckr", "cseucpkdfmtjapanese", "csgb2312", "csiso88596e", "csiso88596i",
    "csiso88598e", "csiso88598i", "csisolatin9", "csksc56011987", "csmacintosh", "csunicode", "dec-mcs", "dos-874",
    "gb_2312", "gb_2312-80", "ibm00858", "iso-10646-ucs-2", "iso-10646-ucs-4", "iso-2022-cn", "iso-2022-cn-ext",
    "iso-8859-6-e", "iso-8859-6-i", "iso-8859-8-e", "iso-8859-8-i", "iso-ir-149", "iso88591", "iso885910", "iso885911",
    "iso885913", "iso885914", "iso885915", "iso88592", "iso88593", "iso88594", "iso88595", "iso88596", "iso88597",
    "iso88598", "iso88599", "koi", "koi8", "koi8-ru", "ks_c_5601-1989", "ksc_5601", "logical", "mac", "scsu",
    "sun_eu_greek", "tscii", "ucs-2", "unicode", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "unicodefeff",
    "unicodefffe", "viscii", "visual", "windows-31j", "windows-874", "windows-949", "x-cp1250", "x-cp1251", "x-cp1252",
    "x-cp1253", "x-cp1254", "x-cp1255", "x-cp1256", "x-cp1257", "x-cp1258", "x-euc-jp", "x-gbk", "x-mac-cyrillic",
    "x-mac-roman", "x-mac-ukrainian", "x-sjis", "x-unicode20utf8", "x-user-defined", "x-x-big5",
))
"""Labels of the Encoding standard, and registered names, that Python has not."""


@function()
def known_charset(name: str) -> bool:
    """Whether a charset is known: to Python, or by one of the names that only others have (RFC 9110 §8.3.2)."""
    if name.lower() in _CHARSETS:
        return True
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


@functools.cache
def _labels() -> frozenset[str]:
    return frozenset(label for row in registry.rows("encodings.csv") for label in row["labels"].split())


@function()
def decoded_by_browsers(charset: str) -> bool:
    """Whether a charset is a label of an encoding that browsers decode (Encoding §4.2)."""
    return charset.lower() in _labels()

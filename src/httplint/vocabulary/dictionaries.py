"""Content that is coded with a dictionary (RFC 9842)."""
from __future__ import annotations

from httplint.grammar.rfc9842 import LONGEST_ID, dictionary_hash
from httplint.grammar.table import parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.vocabulary import function

_CODINGS = ("dcb", "dcz")


@function()
def dictionary_coding(codings: tuple[str, ...]) -> bool:
    """Whether some content coding uses a dictionary (RFC 9842 §4, §5)."""
    return any(coding in _CODINGS for coding in codings)


@function("pair", absent=("request.available-dictionary",), reads=())
def offers_no_dictionary(request: Request) -> bool:
    """Whether the request names no dictionary that the response could be coded with (RFC 9842 §2.2, §6)."""
    return request.fields is not None and "available-dictionary" not in request.fields.index


@function("content", "octets", reads=("response:content",))
def names_dictionary(codings: tuple[str, ...], response: Response) -> bool:
    """Whether the content begins with the header that tells the hash of the dictionary (RFC 9842 §4, §5).

    Judged is the coding applied last, and content that is not empty.
    """
    if not codings or codings[-1] not in _CODINGS or not response.content:
        raise NotApplicable("content-encoding")
    return dictionary_hash(codings[-1], response.content) is not None


@function("pair", "content", "octets", reads=("response:content", "request.available-dictionary"))
def same_dictionary(codings: tuple[str, ...], response: Response, request: Request) -> bool:
    """Whether the content was coded with the dictionary that Available-Dictionary names (RFC 9842 §6.2)."""
    if not codings or codings[-1] not in _CODINGS or not response.content or request.fields is None:
        raise NotApplicable("content-encoding")
    from httplint.grammar.structured import Item
    available = parsed(request.fields, "available-dictionary")
    assert isinstance(available, Item)
    found = dictionary_hash(codings[-1], response.content)
    if found is None or not isinstance(available.value, bytes):
        raise NotEvaluated("the content does not tell its dictionary")
    return found == available.value


@function("content", "octets", reads=("response:content",))
def window(response: Response) -> int:
    """The size of the compression window of content coded in dcz, in octets (RFC 9842 §5, RFC 8878 §3.1.1.1).

    A frame that is one segment has no window of its own, but its content as one.
    """
    content = response.content or b""
    if dictionary_hash("dcz", content) is None or content[40:44] != b"\x28\xb5\x2f\xfd" or len(content) < 46:
        raise NotEvaluated("the content does not begin as a frame of zstd does")
    descriptor = content[44]
    if not descriptor & 0x20:
        exponent, mantissa = content[45] >> 3, content[45] & 7
        return (1 << 10 + exponent) // 8 * (8 + mantissa)
    start = 45 + (0, 1, 2, 4)[descriptor & 3]
    length = (1, 2, 4, 8)[descriptor >> 6]
    return int.from_bytes(content[start:start + length], "little") + (256 if length == 2 else 0)


@function()
def too_long_id(identifier: str) -> bool:
    """Whether an id has more characters than clients have to keep (RFC 9842 §2.1.3)."""
    return len(identifier) > LONGEST_ID

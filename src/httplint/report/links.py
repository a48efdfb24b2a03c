"""Where a specification can be read."""
from __future__ import annotations

from httplint.model.pattern import lazily
from httplint.report.kept import of_texts

_RFC = lazily(r"RFC ([0-9]{1,5}) §([0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*)(?![^\s,;:)])")
_SECTION = lazily(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")

DOCUMENTS = {
    "CSP": "https://w3c.github.io/webappsec-csp/",
    "Clear Site Data": "https://w3c.github.io/webappsec-clear-site-data/",
    "Client Hints Infrastructure": "https://wicg.github.io/client-hints-infrastructure/",
    "Encoding": "https://encoding.spec.whatwg.org/",
    "Fetch": "https://fetch.spec.whatwg.org/",
    "HTML": "https://html.spec.whatwg.org/multipage/",
    "LDP": "https://www.w3.org/TR/ldp/",
    "MIME Sniffing": "https://mimesniff.spec.whatwg.org/",
    "Network Error Logging": "https://w3c.github.io/network-error-logging/",
    "Permissions Policy": "https://w3c.github.io/webappsec-permissions-policy/",
    "Private Network Access": "https://wicg.github.io/private-network-access/",
    "RFC 6265bis": "https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/",
    "Referrer Policy": "https://w3c.github.io/webappsec-referrer-policy/",
    "Reporting": "https://w3c.github.io/reporting/",
    "Reporting of 2018": "https://www.w3.org/TR/2018/WD-reporting-1-20180925/",
    "Resource Timing": "https://w3c.github.io/resource-timing/",
    "Secure Contexts": "https://w3c.github.io/webappsec-secure-contexts/",
    "Server Timing": "https://w3c.github.io/server-timing/",
    "Storage Access Headers": "https://privacycg.github.io/storage-access-headers/",
    "Subresource Integrity": "https://w3c.github.io/webappsec-subresource-integrity/",
    "Upgrade Insecure Requests": "https://w3c.github.io/webappsec-upgrade-insecure-requests/",
    "XML 1.0": "https://www.w3.org/TR/xml/",
    "draft-ietf-httpapi-ratelimit-headers": "https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/",
    "draft-ietf-httpbis-no-vary-search": "https://datatracker.ietf.org/doc/draft-ietf-httpbis-no-vary-search/",
    "draft-ietf-httpbis-resumable-upload": "https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/",
}
"""Specifications besides the RFCs -> where they are. Their sections have a number, or the name that addresses them."""


@of_texts(1024)
def link(spec: str) -> str | None:
    """The address of the section that a rule names; None where the document is not known."""
    document, _, section = spec.partition(" §")
    if document in DOCUMENTS and (not section or _SECTION.fullmatch(section)):
        return DOCUMENTS[document] + ("" if section[:1].isdigit() or not section else f"#{section}")
    found = _RFC.match(spec)
    if not found:
        return None
    number, section = found.groups()
    anchor = f"appendix-{section}" if section[0].isalpha() else f"section-{section}"
    return f"https://www.rfc-editor.org/rfc/rfc{number}#{anchor}"

"""Asks resources what only active requests show, and tells by the findings which checks they kept.

    target.py        what is probed: a URL, and the fields that go with each request to it
    targets.py       where the URLs come from: captures, sitemaps, descriptions of an API; and who may be asked
    sitemap.py       the URLs of a sitemap
    resource.py      what the answers so far tell of a resource, by which the next requests are made
    checks.py        the checks, as a table: what is asked, when there is nothing to ask, which answers do without
    budget.py        how much is asked: requests, seconds, the pause between
    conversation.py  asks, one request after the other, and yields what comes back; cells of the matrix by the reports

Nobody is asked but the origins (scheme, host, port) of the targets, and by safe methods unless that is wanted.
"""

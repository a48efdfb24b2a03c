from server import serving


def test_it(httplint):
    from way import get
    with serving() as base:
        get(base + "/to")
    assert [(one.exchange.response.status, one.exchange.request.uri[len(base):]) for one in httplint.reports] == [
        (302, "/to"), (405, "/405")]
    assert all(one.exchange.evidence.knows("time") for one in httplint.reports)


def test_plain(httplint):
    from way import get
    with serving() as base:
        get(base + "/")
    report, = httplint.reports
    assert not [one for one in report.findings if one.severity != "info"]
    assert report.exchange.response.content == b"ok"

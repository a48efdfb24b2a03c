from planted import OTHER, ask


def test_watched():
    ask()


def test_reports(httplint):
    ask()
    assert httplint.reports == []


def test_findings(httplint):
    ask()
    assert [one for report in httplint.reports for one in report.findings] == []


def test_parts(httplint):
    ask()
    exchange = httplint.reports[0].exchange
    assert (exchange, exchange.response.fields, httplint.reports[0].findings[0].location) == ()


def test_check(httplint):
    httplint.check(OTHER)

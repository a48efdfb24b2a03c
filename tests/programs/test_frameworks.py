def test_it(httplint):
    from framework import get
    get("/to")
    first, second = httplint.reports
    assert first.exchange.response.status in (302, 307)
    assert second.exchange.response.status == 405
    assert second.exchange.response.content == b"no"
    assert not [one for one in first.findings if one.severity != "info"]
    assert [one.rule_id for one in second.findings if one.severity == "error"] == ["405.allow-missing"]

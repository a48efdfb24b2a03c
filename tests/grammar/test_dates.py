from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint.grammar.dates import DAYS, LONG_DAYS, MONTHS, http_date, imf_fixdate
from httplint.grammar.syntax import Malformed


@pytest.mark.parametrize(("value", "timestamp", "form"), [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777, "IMF-fixdate"),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784111777, "RFC 850"),
    ("Sun Nov  6 08:49:37 1994", 784111777, "asctime"),
    ("Sun Nov 06 08:49:37 1994", 784111777, "asctime"),
    ("Wed, 02 Jun 1982 00:00:00 GMT", 391824000, "IMF-fixdate"),
    ("Fri, 31 Dec 1999 23:59:59 GMT", 946684799, "IMF-fixdate"),
    ("Sat, 31 Dec 2016 23:59:60 GMT", 1483228800, "IMF-fixdate"),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0, "IMF-fixdate"),
    ("Thursday, 01-Jan-70 00:00:00 GMT", 0, "RFC 850"),
    ("Thu, 29 Feb 2024 12:00:00 GMT", 1709208000, "IMF-fixdate"),
    ("Mon, 01 Jan 0001 00:00:00 GMT", -62135596800, "IMF-fixdate"),
    ("Sat, 01 Jan 0000 00:00:00 GMT", -62167219200, "IMF-fixdate"),
    ("Tue, 29 Feb 0000 00:00:00 GMT", -62162121600, "IMF-fixdate"),
    ("Friday, 31-Dec-99 23:59:59 GMT", 946684799, "RFC 850"),
    ("Tuesday, 31-Dec-69 00:00:00 GMT", 3155673600, "RFC 850"),
    ("Tuesday, 29-Feb-00 00:00:00 GMT", 951782400, "RFC 850"),
    ("Saturday, 06-Nov-94 08:49:37 GMT", 3939871777, "RFC 850"),
])
def test_accepted(value: str, timestamp: int, form: str) -> None:
    date = http_date(value)
    assert (date.timestamp, date.form) == (timestamp, form)
    assert date.obsolete == (form != "IMF-fixdate")


@pytest.mark.parametrize(("value", "timestamp", "fits"), [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784111777, True),
    ("Mon, 06 Nov 1994 08:49:37 GMT", 784111777, False),
    ("Fri, 01 Jan 1990 00:00:00 GMT", 631152000, False),   # what Google sends
    ("Monday, 06-Nov-94 08:49:37 GMT", 784111777, False),
    ("Saturday, 06-Nov-94 08:49:37 GMT", 3939871777, True), ("Sat, 01 Jan 0000 00:00:00 GMT", -62167219200, True),
    ("Sunday, 01-Jan-70 00:00:00 GMT", 0, False), ("Monday, 01-Jan-69 00:00:00 GMT", 3124224000, False),
    ("Sun, 01 Jan 0000 00:00:00 GMT", -62167219200, False),
    ("Mon Nov  6 08:49:37 1994", 784111777, False),
])
def test_the_day_of_the_week_is_read_past(value: str, timestamp: int, fits: bool) -> None:
    date = http_date(value)
    assert (date.timestamp, date.weekday_fits) == (timestamp, fits)


def test_comparison_is_of_instants() -> None:
    assert http_date("Sun, 06 Nov 1994 08:49:37 GMT") == http_date("Sun Nov  6 08:49:37 1994")
    assert http_date("Sun, 06 Nov 1994 08:49:37 GMT") == http_date("Mon, 06 Nov 1994 08:49:37 GMT")
    assert http_date("Sunday, 06-Nov-94 08:49:37 GMT") < http_date("Sun, 06 Nov 1994 08:49:38 GMT")


@pytest.mark.parametrize(("value", "position", "hint"), [
    ("", 0, None),
    ("0", 0, "number"),
    ("-1", 0, "number"),
    ("1700000000", 0, "seconds"),
    ("1994-11-06T08:49:37Z", 0, "RFC 3339"),
    ("sun, 06 Nov 1994 08:49:37 GMT", 0, "case"),
    ("Sun, 06 NOV 1994 08:49:37 GMT", 9, "case"),
    ("Sun, 06 Nov 1994 08:49:37 gmt", 26, "case"),
    ("Sun, 6 Nov 1994 08:49:37 GMT", 6, "two digits"),
    ("Sun 06 Nov 1994 08:49:37 GMT", 3, "comma"),
    ("Sun,06 Nov 1994 08:49:37 GMT", 4, "space"),
    ("Sun, 06-Nov-1994 08:49:37 GMT", 7, "hyphens"),
    ("Sun, 06 Nov 1994 08:49:37 UTC", 26, "GMT"),
    ("Sun, 06 Nov 1994 08:49:37 +0000", 26, "GMT"),
    ("Sun, 06 Nov 1994 08:49:37 +0100", 26, "UTC"),
    ("Sun, 06 Nov 1994 08:49:37 EST", 26, "UTC"),
    ("Sun, 06 Nov 1994 08:49:37", 25, "GMT"),
    ("Sun, 06 Nov 1994 08:49 GMT", 22, "seconds"),
    ("Sun, 06 Nov 1994 8:49:37 GMT", 18, "two digits"),
    ("Sun, 06 Nov 1994 08:49:37 GMT ", 29, "nothing"),
    ("Sun, 06  Nov 1994 08:49:37 GMT", 8, None),
    ("Sun, 06 Nov 94 08:49:37 GMT", 14, None),
    ("Sun, 06 Nov 1994 24:00:00 GMT", 17, None),
    ("Sun, 06 Nov 1994 23:60:00 GMT", 20, None),
    ("Sun, 06 Nov 1994 23:59:61 GMT", 23, None),
    ("Sun, 31 Feb 1994 08:49:37 GMT", 5, "no day 31"),
    ("Sunday, 31-Feb-94 08:49:37 GMT", 8, "no day 31"),
    ("Sun Feb 31 08:49:37 1994", 8, "no day 31"),
    ("Thu, 00 Jan 1970 00:00:00 GMT", 5, "no day 0"),
    ("Wed, 29 Feb 2023 12:00:00 GMT", 5, "no day 29"),
    ("Sun Nov 6 08:49:37 1994", 9, None),
    ("-1999", 0, "this is a number, not"), ("12345678", 0, None), ("123456789", 0, "seconds"),
    ("1994-11", 0, "RFC 3339"), ('"', 0, "quotes"), ("Sun 6 Nov 1994 08:49:37 GMT", 3, "two digits"),
    ("Sun, 06 Nov 1994 08:49", 22, "seconds are"), ("Sun, 06 Nov 1994 8:49:37", 18, "hour"),
    ("Sun, 06 Nov 1994 08:49:37 Z", 26, "always"), ("Sun, 06 Nov 1994 08:49:37 UT", 26, "always"),
    ("Sun, 06 Nov 1994 08:49:37 -00:00", 26, "always"), ("Sun, 06 Nov 1994 08:49:37 -05:30", 26, "is in UTC"),
    ("Sun, 06 Nov 1994 08:49:37 GMTGMT", 29, "nothing"), ("GMT+1", 0, "nothing"),
    ("Sunday, 06 Nov 1994 08:49:37 GMT", 10, "three letters"), ("06 Nov 1994 08:49:37 GMT", 0, "comes first"),
    ("6 Nov 1994 08:49:37 GMT", 0, "comes first"), ("Sun 6 Nov, 1994", 3, "two digits"),
    ("Sunday, 06-Nov-94 08:49:37 UTC", 27, "always"), ("Sunday, 06-Nov-94 08:49:37 GM", 29, "is in UTC"),
    ("Sunday, 06-Nov 94 08:49:37 GMT", 14, None), ("Sunday, 06-Nov-94 08:49:37", 26, "zone"),
    ("Sunday, 06-Nov-94T08:49:37 GMT", 17, None), ("Sunday,06-Nov-94 08:49:37 GMT", 7, None),
    ("Sun Nov  6 08:49:37 1994 GMT", 24, None), ("Sun Nov  6 08-49-37 1994", 13, None),
    ("5 UTC", 0, "always"), ("5 EST", 0, "is in UTC"), ("8:49:37", 0, "zone is missing"),
    ("SUNDAY, 06-NOV-94 08:49:37 GMT", 1, "case"), ("SUN NOV  6 08:49:37 1994", 1, "case"),
    ("Thu, 01 Jan 0000 00:00:00 GNT", 27, "is in UTC"),
    ("Sun, 06 Nov 1994 08:49:3\u0667 GMT", 24, None),
])
def test_malformed(value: str, position: int, hint: str | None) -> None:
    with pytest.raises(Malformed) as error:
        http_date(value)
    assert error.value.position == position
    assert (error.value.hint is None) == (hint is None)
    assert (hint or "") in (error.value.hint or "")
    assert (error.value.hint is None) is (hint is None)


PARTS = st.tuples(
    st.sampled_from(("Sun, ", "Mon, ", "Sunday, ", "sun, ", "Sun ", "Sun,", "")),
    st.sampled_from(("06", "00", "31", "6", "\u0660")), st.sampled_from((" Nov ", " Feb ", "-Nov-", " NOV ", " ")),
    st.sampled_from(("1994", "94", "0000", "9999", "19944")),
    st.sampled_from((" 08:", " 23:", " 24:", " 8:", "08:", " \u0668:")), st.sampled_from(("49:", "59:", "60:", "4:")),
    st.sampled_from(("37", "60", "61", "7", "377")), st.sampled_from((" GMT", "GMT", " gmt", " GMT ", "", " GMTGMT")))


@given(PARTS, st.sampled_from(("", "Sun, 06 Nov 1994 ", "08:49:37")))
def test_the_form_that_is_sent_is_read_at_a_glance_as_it_is_read_at_length(parts: tuple[str, ...], more: str) -> None:
    value = more + "".join(parts)
    quick = imf_fixdate(value)
    shape = re.fullmatch(r"[MS][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT", value)
    try:
        date = http_date(value)
    except Malformed:
        assert quick is None
        return
    if shape is None:
        assert quick is None
        assert date.form != "IMF-fixdate"
        return
    assert quick is not None
    assert (quick, quick.form, quick.weekday_fits) == (date, "IMF-fixdate", date.weekday_fits)
    year = int(value[12:16])
    day = datetime.date(year or 2000, MONTHS.index(value[8:11]) + 1, int(value[5:7]))
    assert quick.weekday_fits == (DAYS[day.weekday()] == value[:3])
    if year:
        moment = datetime.datetime(day.year, day.month, day.day) - datetime.datetime(1970, 1, 1)
        time = datetime.timedelta(hours=int(value[17:19]), minutes=int(value[20:22]), seconds=int(value[23:25]))
        assert datetime.timedelta(seconds=quick.timestamp) == moment + time


@given(st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9999, 12, 31)))
def test_every_instant_in_every_form(moment: datetime.datetime) -> None:
    day, time, month = moment.weekday(), moment.strftime("%H:%M:%S"), MONTHS[moment.month - 1]
    expected = (moment.replace(microsecond=0) - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)
    assert http_date(f"{DAYS[day]}, {moment.day:02} {month} {moment.year} {time} GMT").timestamp == expected
    assert http_date(f"{DAYS[day]} {month} {moment.day:2} {time} {moment.year}").timestamp == expected
    if 1970 <= moment.year < 2070:
        value = f"{LONG_DAYS[day]}, {moment.day:02}-{month}-{moment.year % 100:02} {time} GMT"
        assert http_date(value).timestamp == expected
    wrong = http_date(f"{DAYS[(day + 1) % 7]}, {moment.day:02} {month} {moment.year} {time} GMT")
    assert (wrong.timestamp, wrong.weekday_fits) == (expected, False)

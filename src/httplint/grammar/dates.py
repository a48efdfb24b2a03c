"""HTTP-date, the timestamps of HTTP (RFC 9110 §5.6.7)."""
from __future__ import annotations

import datetime
import re
from functools import lru_cache, total_ordering

from httplint.grammar.syntax import Malformed
from httplint.model.pattern import lazily

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PIVOT = 70
"""Two-digit years from here on are of the 1900s, those below of the 2000s, as POSIX has it."""

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_ERA = 146097
"""Days in 400 years, after which dates and weekdays repeat."""

_DAY, _LONG_DAY, _MONTH = "|".join(DAYS), "|".join(LONG_DAYS), "|".join(MONTHS)
_TIME = r"([0-9]{2}):([0-9]{2}):([0-9]{2})"
_imf = re.compile(rf"({_DAY}), ([0-9]{{2}}) ({_MONTH}) ([0-9]{{4}}) {_TIME} GMT")
_rfc850 = lazily(rf"({_LONG_DAY}), ([0-9]{{2}})-({_MONTH})-([0-9]{{2}}) {_TIME} GMT")
_asctime = lazily(rf"({_DAY}) ({_MONTH}) ([0-9]{{2}}| [0-9]) {_TIME} ([0-9]{{4}})")

_number_of_month = {name: number for number, name in enumerate(MONTHS, 1)}
_number_of_day = {name: number % 7 for number, name in enumerate(DAYS + LONG_DAYS)}


@total_ordering
class Date:
    """An instant. `form` is "IMF-fixdate", "RFC 850" or "asctime". Only the instant takes part in comparisons."""

    __slots__ = ("form", "timestamp", "weekday_fits")

    timestamp: int
    """Seconds since the epoch; a leap second counts as the second after it."""
    form: str
    weekday_fits: bool
    """Whether the day of the week is that of the date. The grammar does not ask for it (RFC 5322 §3.3 does)."""

    def __init__(self, timestamp: int, form: str, weekday_fits: bool) -> None:
        self.timestamp = timestamp
        self.form = form
        self.weekday_fits = weekday_fits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Date) and self.timestamp == other.timestamp

    def __lt__(self, other: Date) -> bool:
        return self.timestamp < other.timestamp

    def __hash__(self) -> int:
        return hash(self.timestamp)

    def __repr__(self) -> str:
        return f"Date(timestamp={self.timestamp}, form={self.form!r}, weekday_fits={self.weekday_fits})"

    @property
    def obsolete(self) -> bool:
        """Whether senders may no longer generate this form."""
        return self.form != "IMF-fixdate"


def http_date(value: str) -> Date:
    """`HTTP-date = IMF-fixdate / rfc850-date / asctime-date`, which is case-sensitive (RFC 9110 §5.6.7).

    A two-digit year does not name its century: it is taken by `PIVOT`, or as the other of the two centuries if only
    that one agrees with the day of the week. That one need not agree otherwise: recipients read past it.
    """
    return imf_fixdate(value) or _read(value)


def imf_fixdate(value: str) -> Date | None:
    """The one form of HTTP-date that senders generate (RFC 9110 §5.6.7); None for any other value.

    The day and the parts of the time are looked up: traffic has a new time in each message, and few days.
    """
    midnight = _midnight(value[:17])
    if midnight is None:
        return None
    try:
        seconds = _HOURS[value[17:20]] + _MINUTES[value[20:23]] + _SECONDS[value[23:]]
    except KeyError:
        return None
    return Date(midnight.timestamp + seconds, midnight.form, midnight.weekday_fits)


_HOURS = {f"{hour:02}:": hour * 3600 for hour in range(24)}
_MINUTES = {f"{minute:02}:": minute * 60 for minute in range(60)}
_SECONDS = {f"{second:02} GMT": second for second in range(61)}
"""Each part of a time as it is written -> what it counts for in seconds."""


@lru_cache(1024)
def _midnight(day: str) -> Date | None:
    """When a day begins whose 17 octets are those of an IMF-fixdate; None for anything else."""
    try:
        return _read(f"{day}00:00:00 GMT")                 # with GMT at the end no other form fits 17 octets
    except Malformed:
        return None


def _read(value: str) -> Date:
    match = _imf.fullmatch(value)
    if match is not None:
        weekday, day, month, year, hour, minute, second = match.groups()
        return _date(match, "IMF-fixdate", weekday, day, month, int(year), hour, minute, second)
    match = _rfc850.fullmatch(value)
    if match is not None:
        weekday, day, month, short, hour, minute, second = match.groups()
        century = 1900 if int(short) >= PIVOT else 2000
        other = 3900 - century
        ordinal = _ordinal(int(short) + other, _number_of_month[month], int(day))
        if ordinal is not None and (ordinal - 1) % 7 == _number_of_day[weekday]:
            century = other
        return _date(match, "RFC 850", weekday, day, month, int(short) + century, hour, minute, second)
    match = _asctime.fullmatch(value)
    if match is not None:
        weekday, month, day, hour, minute, second, year = match.groups()
        return _date(match, "asctime", weekday, day, month, int(year), hour, minute, second)
    raise _flaw(value)


def _ordinal(year: int, month: int, day: int) -> int | None:
    """The day's number in the proleptic Gregorian calendar, None for a day that is not in it."""
    try:
        return datetime.date(year or 400, month, day).toordinal() - (0 if year else _ERA)
    except ValueError:
        return None


def _date(match: re.Match[str], form: str, weekday: str, day: str, month: str, year: int, hour: str, minute: str,
          second: str) -> Date:
    ordinal = _ordinal(year, _number_of_month[month], int(day))
    if ordinal is None:
        place = match.start(3 if form == "asctime" else 2)
        raise Malformed(match.string, place, "a day of that month", f"{month} {year} has no day {int(day)}")
    if hour > "23" or minute > "59" or second > "60":
        place = match.string.index(":") + (-2 if hour > "23" else 1 if minute > "59" else 4)
        raise Malformed(match.string, place, "a time from 00:00:00 to 23:59:60")
    return Date((ordinal - _EPOCH) * 86400 + int(hour) * 3600 + int(minute) * 60 + int(second), form,
                (ordinal - 1) % 7 == _number_of_day[weekday])


# What is said of a value that is none of the three: where it leaves the form that it resembles most, and which of the
# usual mistakes it looks like.

_DIGIT = tuple("0123456789")
_time = (_DIGIT, _DIGIT, (":",), _DIGIT, _DIGIT, (":",), _DIGIT, _DIGIT)
_forms: dict[str, tuple[tuple[str, ...], ...]] = {
    "IMF-fixdate": (DAYS, (", ",), _DIGIT, _DIGIT, (" ",), MONTHS, (" ",), _DIGIT, _DIGIT, _DIGIT, _DIGIT, (" ",),
                    *_time, (" ",), ("GMT",)),
    "RFC 850": (LONG_DAYS, (", ",), _DIGIT, _DIGIT, ("-",), MONTHS, ("-",), _DIGIT, _DIGIT, (" ",), *_time,
               (" ",), ("GMT",)),
    "asctime": (DAYS, (" ",), MONTHS, (" ",), (" ", *_DIGIT), _DIGIT, (" ",), *_time, (" ",),
                _DIGIT, _DIGIT, _DIGIT, _DIGIT),
}
_names = {DAYS: "a day of the week", LONG_DAYS: "a day of the week", MONTHS: "a month", _DIGIT: "a digit",
          (" ", *_DIGIT): "a space or a digit", (" ",): "a space", (", ",): "a comma and a space",
          ("GMT",): "GMT", (":",): "a colon", ("-",): "a hyphen"}

_hints = tuple((lazily(pattern, re.DOTALL), hint) for pattern, hint in (
    (r"-?[0-9]{1,4}\Z", "this is a number, not a date"),
    (r"[0-9]{9,}\Z", "this is a number of seconds or milliseconds, not a date"),
    (r"[0-9]{4}-[0-9]{2}", "this is the form of RFC 3339"),
    (r"\"", "dates are not put in quotes"),
    (r"[A-Z][a-z]{2,8},? [0-9] ", "the day of the month has two digits"),
    (r".*[0-9] (?:UTC|UT|Z|[+-]00:?00)\Z", "the zone is always written GMT"),
    (r".*[0-9] (?:(?!GMT)[A-Z]{2,5}|[+-][0-9]{2}:?[0-9]{2})\Z", "the time is in UTC, and the zone written GMT"),
    (r"[A-Z][a-z]{2} [0-9]{1,2} [A-Z][a-z]{2} ", "a comma follows the day of the week"),
    (r"[A-Z][a-z]{2},[^ ]", "a space follows the comma"),
    (r"[A-Z][a-z]{2}, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2,4} ", "spaces, not hyphens, separate day, month and year"),
    (r"[A-Z][a-z]{3,8}, [0-9]{2} ", "days of the week have three letters"),
    (r"[0-9]{1,2} [A-Z][a-z]{2} ", "the day of the week comes first"),
    (r".* [0-9]{1,2}:[0-9]{2}(?: |\Z)", "the seconds are missing"),
    (r".* [0-9]:[0-9]{2}", "the hour has two digits"),
    (r".*[0-9]:[0-9]{2}:[0-9]{2}\Z", "the zone is missing: GMT"),
    (r".*GMT.", "nothing follows GMT"),
))
_any_case = lazily("|".join(form.pattern for form in (_imf, _rfc850, _asctime)), re.IGNORECASE)


def _flaw(value: str) -> Malformed:
    if value.startswith(LONG_DAYS):
        form = "RFC 850"
    elif value[3:4] == " " and not value[4:5].isdigit():
        form = "asctime"
    else:
        form = "IMF-fixdate"
    hint = _hint(value)
    position = 0
    for part in _forms[form]:
        for choice in part:
            if value.startswith(choice, position):
                position += len(choice)
                break
        else:
            common = max(_common(value, position, choice) for choice in part)
            return Malformed(value, position + common, _names[part], hint)
    return Malformed(value, position, "the end", hint)


def _common(value: str, position: int, choice: str) -> int:
    """How many characters of the choice stand at that position."""
    length = 0
    while length < len(choice) and value[position + length:position + length + 1] == choice[length]:
        length += 1
    return length


def _hint(value: str) -> str | None:
    value = value[:64]
    for pattern, hint in _hints:
        if pattern.match(value):
            return hint
    if _any_case.fullmatch(value):
        return "dates are case-sensitive"
    return None

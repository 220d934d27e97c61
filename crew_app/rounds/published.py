"""Days off that the State Council of China has published, year by year.

2026: notice of the General Office of 4 November 2025. A year stands here only when its notice is known word by word.
"""

from datetime import date, timedelta

_HOLIDAYS = {
    2026: (
        ("元旦", (1, 1), (1, 3)),
        ("春节", (2, 15), (2, 23)),
        ("清明节", (4, 4), (4, 6)),
        ("劳动节", (5, 1), (5, 5)),
        ("端午节", (6, 19), (6, 21)),
        ("中秋节", (9, 25), (9, 27)),
        ("国庆节", (10, 1), (10, 7)),
    ),
}
_WORKED = {2026: ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}
YEARS = tuple(_HOLIDAYS)


def published(year: int) -> dict[date, tuple[bool, str]]:
    """Each day that is not what its weekday says: whether it is worked, and its name. Nothing for an unknown year."""
    found = {date(year, *day): (True, "调休上班") for day in _WORKED.get(year, ())}
    for name, first, last in _HOLIDAYS.get(year, ()):
        begin = date(year, *first)
        for far in range((date(year, *last) - begin).days + 1):
            found[begin + timedelta(days=far)] = (False, name)
    return found

"""Work summaries of the demo hospital: half a year and a month are closed, last month is due, the year is written."""

from datetime import datetime, timedelta

from crew_app.core.clock import server_moment
from crew_app.demo.rounds import person, site
from crew_app.reports import summaries
from crew_app.reports.periods import before, span_of
from crew_app.reports.summaries import Draft, Kept
from crew_app.reports.summary_models import Span, WorkSummary

WRITER, CHIEF = "li", "zhou"
BEFORE = {
    "reported": "7498",
    "found": "312",
    "used": "171250.60",
    "on_time_rate": "96.4",
    "rating_rate": "77.9",
    "survey_rate": "68.2",
}
"""What the paper of the year before says; the software was not in use then."""
SHORT = """1、维修有时不够及时，与临床科室的沟通还有欠缺，夜间和节假日响应偏慢。
2、部分灯具、门锁修后短期内重复报修，需查找原因，必要时整批更换。
3、工作计划性和主动性不强，学习不够，个别巡查点有漏检。"""


def stir(now: datetime) -> None:
    """Write them, in the present transaction; `now` is when the hospital is found."""
    today = now.astimezone(site().zone).date()
    for span in (Span.HALF_YEAR, Span.MONTH):
        last = before(span, span_of(span, today, site().zone))
        last = before(span, last) if span is Span.MONTH else last
        if last.first >= (now - timedelta(days=364)).date():
            _closed(summaries.make(site(), span, last.first, by=person(WRITER), at=server_moment(now)), now)
    year = summaries.make(site(), Span.YEAR, today, by=person(WRITER), at=server_moment(now - timedelta(hours=5)))
    summaries.type_year_before(year, BEFORE, by=person(WRITER), at=server_moment(now - timedelta(hours=4)))
    draft = Draft("shortcomings", "zh", SHORT, "", 0)
    summaries.write(year, draft, by=person(WRITER), at=server_moment(now - timedelta(hours=3)))


def _closed(found: WorkSummary, now: datetime) -> None:
    summaries.close(found, Kept(summaries.facts_of(found, now), {}), by=person(CHIEF), at=server_moment(now))

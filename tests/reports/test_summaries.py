"""Work summaries: begun, read, written by two at once, closed, opened again, as files; rights and sites."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn

from crew_app.core.db import session, write_transaction
from crew_app.people.models import Site
from crew_app.reports import summaries
from crew_app.reports.summary_models import Span, WorkSummary
from crew_app.reports.summary_words import SECTIONS
from crew_app.tickets.rules import State
from tests.support.client import accepted, refused, unseen
from tests.support.counting import one, sql, statements
from tests.support.tickets import bring_to

TODAY = datetime.now(ZoneInfo("Asia/Shanghai"))
LAST_MONTH = (TODAY.replace(day=1) - timedelta(days=2)).replace(hour=12, minute=0, second=0, microsecond=0)
"""A noon near the end of last month, by the calendar of the site."""


@pytest.fixture
def busy(app, world):
    """Jobs of last month: three lamps done, one open, one of the south."""
    with app.app_context(), write_transaction():
        for days in (1, 2, 20):
            bring_to(world, State.VERIFIED, at=LAST_MONTH - timedelta(days=days))
        bring_to(world, State.OPEN, at=LAST_MONTH, job_kind="drain")
        bring_to(world, State.OPEN, at=LAST_MONTH, place="south-room", reporter="outsider")


@pytest.fixture
def here(busy, world, sign_in):
    """The address of the summary of last month."""
    return begun(world, sign_in("supervisor"))


def begun(world, client, span="month", day=LAST_MONTH):
    fields = {"site_id": str(world.sites["north"]), "span": span, "day": day.strftime("%Y-%m-%d")}
    return accepted(client.send("/reports/summaries", fields), 201).split("?")[0]


def writing(client, here, section="shortcomings", lang="zh"):
    """The fields of the form, as the page has them."""
    page = client.page(f"{here}/section?key={section}&lang={lang}").html
    found = dict(re.findall(r'name="(key|lang|revision|base)" value="([^"]*)"', page))
    return found | {"text": re.findall(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[0]}


def test_the_text_tells_the_figures_and_every_figure_is_a_link(here, sign_in):
    page = sign_in("manager").page(here)
    assert "共接到科室报修4件。" in page.text.replace(" ", "").replace("\n", "")
    links: dict[str, set[str]] = {}
    for href, number in re.findall(r'<a href="(/tickets\?[^"]+)">([\d,.]+)</a>', page.html):
        links.setdefault(href, set()).add(number)
    assert len(links) > 15
    reader = sign_in("manager")
    for href, numbers in links.items():
        rows = re.search(r"(\d+) 件", reader.page(href.replace("&amp;", "&")).text)
        assert rows
        assert rows[1] in numbers, href  # besides it may lead to a mean of these rows


def test_in_english_the_same(here, sign_in):
    page = sign_in("manager", language="en").page(f"{here}?lang=en")
    words = re.sub(r"\s+", " ", page.text)
    assert "Wards reported 4 jobs." in words
    assert "1. Repairs and reports" in words


def test_begun_twice_it_is_the_same_one(app, here, world, sign_in):
    assert begun(world, sign_in("manager"), day=LAST_MONTH - timedelta(days=1)) == here
    assert one(app, "SELECT COUNT(*) FROM work_summaries") == 1


def test_what_is_due_is_offered_until_it_is_begun(busy, world, sign_in):
    boss = sign_in("supervisor")
    month = f'name="day" value="{LAST_MONTH.replace(day=1):%Y-%m-%d}"'
    assert month in boss.page("/reports/summaries").html
    begun(world, boss)
    assert month not in boss.page("/reports/summaries").html


def test_a_period_ahead_cannot_be_begun(world, sign_in):
    fields = {"site_id": str(world.sites["north"]), "span": "year", "day": "2099-01-01"}
    refused(sign_in("supervisor").send("/reports/summaries", fields), 422, "not-begun")
    refused(sign_in("supervisor").send("/reports/summaries", fields | {"span": "week"}), 422, "span")
    refused(sign_in("supervisor").send("/reports/summaries", fields | {"day": "heute"}), 422, "day")


def test_what_somebody_writes_stands_until_it_is_reset(app, here, sign_in):
    boss = sign_in("supervisor")
    drafted = writing(boss, here)["text"]
    accepted(boss.send(f"{here}/section", writing(boss, here) | {"text": "1、夜间响应偏慢。\n2、<b>沟通</b>不够。"}))
    page = boss.page(here)
    assert "夜间响应偏慢" in page.text
    assert "&lt;b&gt;沟通&lt;/b&gt;" in page.html
    assert drafted.splitlines()[0] not in page.text
    accepted(boss.send(f"{here}/reset", {"key": "shortcomings", "lang": "zh"}))
    assert drafted.splitlines()[0][3:12] in boss.page(here).text
    changes = sql(app, "SELECT field, before, after FROM changes WHERE kind = 'work_summaries' ORDER BY at, id")
    assert [row[0] for row in changes] == ["new", "shortcomings/zh", "shortcomings/zh"]
    assert changes[1][2] == changes[2][1] == "1、夜间响应偏慢。\n2、<b>沟通</b>不够。"


def test_two_who_write_at_once_are_told(app, here, sign_in):
    boss, chief = sign_in("supervisor"), sign_in("manager")
    first, second = writing(boss, here), writing(chief, here)
    accepted(boss.send(f"{here}/section", first | {"text": "一号文稿"}))
    words = refused(chief.send(f"{here}/section", second | {"text": "二号文稿"}), 422, "changed-meanwhile")
    assert "员工supervisor" in words
    assert "一号文稿" in boss.page(here).text
    accepted(chief.send(f"{here}/section", writing(chief, here) | {"text": "合并文稿"}))
    other = writing(boss, here, "plans")
    accepted(chief.send(f"{here}/section", writing(chief, here) | {"text": "再改"}))
    accepted(boss.send(f"{here}/section", other | {"text": "另一部分，谁也没动过"}))


def test_without_the_revision_the_first_text_would_be_lost(app, here, sign_in, monkeypatch):
    """Sabotage: the same, with a revision that is always believed."""
    boss, chief = sign_in("supervisor"), sign_in("manager")
    first, second = writing(boss, here), writing(chief, here)
    accepted(boss.send(f"{here}/section", first | {"text": "一号文稿"}))
    accepted(chief.send(f"{here}/section", second | {"text": "二号文稿", "revision": "999999"}))
    assert "一号文稿" not in boss.page(here).text


def test_a_text_says_when_the_data_moved_on(app, here, world, sign_in):
    boss = sign_in("supervisor")
    accepted(boss.send(f"{here}/section", writing(boss, here, "jobs") | {"text": "共四件。"}))
    assert "数据已有变化" not in boss.page(here).text
    with app.app_context(), write_transaction():
        bring_to(world, State.VERIFIED, at=LAST_MONTH - timedelta(days=4))
    page = boss.page(here)
    assert "数据已有变化" in page.text
    assert "共四件。" in page.text


def test_closed_it_stands_still_and_opened_again_it_counts(app, here, world, sign_in):
    boss = sign_in("supervisor")
    accepted(boss.send(f"{here}/section", writing(boss, here) | {"text": "写好的不足"}))
    accepted(boss.send(f"{here}/closure"))
    with app.app_context(), write_transaction():
        bring_to(world, State.VERIFIED, at=LAST_MONTH - timedelta(days=4))
    page = boss.page(here)
    assert "共接到科室报修4件" in re.sub(r"\s", "", page.text)
    assert "写好的不足" in page.text
    refused(boss.send(f"{here}/section", {"key": "plans", "lang": "zh", "revision": "9", "text": "x"}), 422, "closed")
    refused(boss.send(f"{here}/closure"), 422, "closed")
    refused(boss.send(f"{here}/year-before", {"reported": "3"}), 422, "closed")
    kept = json.loads(str(one(app, "SELECT figures FROM work_summaries")))
    assert kept["texts"]["zh"]["shortcomings"] == "写好的不足"
    assert set(kept["texts"]) == {"zh", "en"}
    accepted(boss.send(f"{here}/reopening"))
    assert "共接到科室报修5件" in re.sub(r"\s", "", boss.page(here).text)
    fields = [row[0] for row in sql(app, "SELECT field FROM changes WHERE kind = 'work_summaries'")]
    assert fields.count("closed_at") == 2


def test_without_keeping_figures_a_closed_summary_would_move(app, here, world, sign_in):
    """Sabotage: what was kept is thrown away."""
    accepted(sign_in("supervisor").send(f"{here}/closure"))
    with app.app_context(), write_transaction():
        session.query(WorkSummary).one().figures = ""
        bring_to(world, State.VERIFIED, at=LAST_MONTH - timedelta(days=4))
    assert "共接到科室报修5件" in re.sub(r"\s", "", sign_in("manager").page(here).text)


def test_figures_of_the_year_before_can_be_typed_in(here, sign_in):
    boss = sign_in("supervisor")
    fields = {"reported": " 4,536 ", "found": "", "on_time_rate": "96%"}
    accepted(boss.send(f"{here}/year-before", fields))
    page = boss.page(here)
    assert "上年同期为4,536件，同比下降99.91%。" in re.sub(r"\s", "", page.text)
    assert "4,536*" in page.text
    assert "手工录入" in page.text
    refused(boss.send(f"{here}/year-before", {"reported": "viele"}), 422, "number")
    refused(boss.send(f"{here}/year-before", {"reported": "-1"}), 422, "number")
    refused(boss.send(f"{here}/year-before", {"reported": "NaN"}), 422, "number")
    accepted(boss.send(f"{here}/year-before", {"reported": ""}))
    assert "4,536" not in boss.page(here).text


def test_the_year_before_is_counted_where_there_are_jobs(app, world, sign_in):
    year_ago = LAST_MONTH.replace(year=LAST_MONTH.year - 1, day=5)
    with app.app_context(), write_transaction():
        for at in (year_ago.replace(day=1), year_ago, year_ago, year_ago + timedelta(days=9), LAST_MONTH, LAST_MONTH):
            bring_to(world, State.VERIFIED, at=at)
    page = sign_in("manager").page(begun(world, sign_in("supervisor")))
    assert "共接到科室报修2件" in re.sub(r"\s", "", page.text)
    assert "上年同期为4件，同比下降50%。" in re.sub(r"\s", "", page.text)


def test_an_empty_site_has_a_summary_all_the_same(world, sign_in):
    boss = sign_in("supervisor")
    for span in ("month", "half_year", "year"):
        here = begun(world, boss, span)
        page = boss.page(here)
        assert "存在不足" in page.text
        assert "报修与维修" in page.text  # among those left out
        assert boss.get(f"{here}/summary.docx").status_code == 200


def test_word_file(here, sign_in):
    boss = sign_in("supervisor")
    accepted(boss.send(f"{here}/section", writing(boss, here) | {"text": "第一条\n第二条"}))
    file = docx.Document(BytesIO(boss.get(f"{here}/summary.docx?lang=zh").data))
    heads = [one.text for one in file.paragraphs if one.style and one.style.name == "Heading 1"]
    assert heads[:2] == ["一、报修与维修", "二、分类维修情况"]
    assert any(head.endswith("存在不足") for head in heads)
    texts = [one.text for one in file.paragraphs]
    assert {"第一条", "第二条"} <= set(texts)
    assert any("共接到科室报修4件" in text for text in texts)
    assert file.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋"
    cells = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert cells[0] == ["指标", "本期"]
    assert ["科室报修", "4"] in cells


def test_pdf(here, sign_in):
    for lang, words in (("zh", "共接到科室报修4件"), ("en", "Wards reported 4 jobs.")):
        response = sign_in("manager").get(f"{here}/summary.pdf?lang={lang}")
        pages = pypdfium2.PdfDocument(response.data)
        text = "".join(page.get_textpage().get_text_range() for page in pages)
        assert words.replace(" ", "") in re.sub(r"\s", "", text)
        assert response.headers["Cache-Control"] == "private, no-store"


def test_who_may(here, world, sign_in):
    for login in ("technician", "storekeeper", "requester", "guard"):
        assert sign_in(login).get(here).status_code == 403
    unseen(sign_in("outsider").get(here))
    unseen(sign_in("outsider").send(f"{here}/closure"))
    unseen(sign_in("outsider").get(f"{here}/summary.docx"))
    fields = {"site_id": str(world.sites["north"]), "span": "month", "day": "2026-01-01"}
    refused(sign_in("outsider").send("/reports/summaries", fields), 422, "unknown-site")


def test_another_site_is_not_in_it(app, here, world, sign_in):
    with app.app_context():
        south = summaries.due(session.get_one(Site, world.sites["south"]), [], datetime.now(UTC))
    assert [span for span, _ in south][:1] in ([], [Span.MONTH])
    page = sign_in("outsider").page(
        "/reports/summaries/rows?figure=runs&of=round&site=north&from=2026-01-01&to=2026-12-31"
    )
    assert "南院" in page.text
    assert "北院" not in page.text


def test_rows_behind_figures(here, sign_in):
    boss = sign_in("manager")
    for figure, of in (("runs", "round"), ("trainings", "drill"), ("used", ""), ("ratings", ""), ("works", "")):
        boss.page(f"/reports/summaries/rows?figure={figure}&of={of}&site=north&from=2026-01-01&to=2026-12-31")
    for bad in ("figure=nonsense", "figure=runs&of=nonsense", "figure=papers&of=1", "figure=runs&of=round&page=99999"):
        assert boss.get(f"/reports/summaries/rows?{bad}").status_code in (200, 404)


def test_sections_that_nobody_knows(here, sign_in):
    boss = sign_in("supervisor")
    unseen(boss.get(f"{here}/section?key=weather"))
    unseen(boss.send(f"{here}/section", {"key": "weather", "lang": "zh", "text": "x"}))
    unseen(boss.send(f"{here}/reset", {"key": "then", "lang": "zh"}))
    for key in SECTIONS:
        boss.page(f"{here}/section?key={key}&lang=en")


def test_a_text_as_long_as_a_book_is_refused(here, sign_in):
    fields = writing(sign_in("supervisor"), here)
    refused(sign_in("supervisor").send(f"{here}/section", fields | {"text": "长" * 20_001}), 422, "too-long")


def test_a_page_takes_as_many_statements_with_more_jobs(app, here, world, sign_in):
    boss = sign_in("manager")
    boss.page(here)
    with statements(app) as few:
        boss.page(here)
    with app.app_context(), write_transaction():
        for days in range(1, 9):
            bring_to(world, State.VERIFIED, at=LAST_MONTH - timedelta(days=days))
    with statements(app) as many:
        boss.page(here)
    assert len(many) == len(few) <= 45

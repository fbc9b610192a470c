"""The committee's pages of the catalogue: draft, compare, preview, apply, take back."""

import pytest

from apps.checklists.models import Checklist, Item
from apps.checklists.services import versions
from apps.core import jobs
from apps.core.act import SYSTEM
from apps.core.models import Job
from apps.duties.models import CatalogueVersion, Duty
from apps.duties.services import drafting
from tests.checklists.steps import hand_in
from tests.city import YEAR
from tests.duties.test_drafting import NEW
from tests.forms_on_page import forms

LIST = "/admin/catalogue/"


@pytest.fixture
def admin(login):
    return login("gongwei_admin")


@pytest.fixture
def base(city):
    return CatalogueVersion.objects.get(code="2026.1")


@pytest.fixture
def draft(base):
    return drafting.begin(based_on=base, by=SYSTEM)


def duty_of(version, code) -> Duty:
    return Duty.objects.get(version=version, code=code)


def add(draft, **values) -> Duty:
    return drafting.add_duty(version=draft, by=SYSTEM, **NEW | values)


def typed(page, **changes) -> dict:
    """The form of a duty as it stands on the page, with some fields typed anew."""
    form = page.context["form"]
    sent = {}
    for field in form:
        value = field.value()
        if value is not None:
            sent[field.name] = value
    return sent | changes


def labels(row) -> list[str]:
    return [action["label"] for action in row["actions"]]


# --- who ---------------------------------------------------------------------------------


def pages_of(draft, duty, place) -> dict[str, str]:
    return {
        "list": LIST, "detail": f"{LIST}{draft.pk}/", "discard": f"{LIST}{draft.pk}/discard/",
        "add": f"{LIST}{draft.pk}/add/", "difference": f"{LIST}{draft.pk}/difference/",
        "unit": f"{LIST}{draft.pk}/difference/{place.pk}/", "apply": f"{LIST}{draft.pk}/apply/",
        "duty": f"{LIST}duties/{duty.pk}/", "drop": f"{LIST}duties/{duty.pk}/drop/",
    }


@pytest.mark.parametrize("who, reads, edits", [
    ("gongwei_admin", 200, 200), ("gongwei", 200, 403), ("ducha", 200, 403),
    ("xitong", 403, 403), ("shenji", 403, 403), ("jyj_jgdw", 403, 403)])
def test_the_committee_reads_and_its_administrators_edit(login, city, draft, who, reads, edits):
    browser = login(who)
    urls = pages_of(draft, duty_of(draft, "ZB-01"), city.place("jyj"))
    got = {name: browser.get(url).status_code for name, url in urls.items()}
    reading = ("list", "detail", "difference", "unit")
    assert got == {name: reads if name in reading else edits for name in urls}


@pytest.mark.parametrize("url", ["99999/", "99999/difference/", "duties/99999/", "99999/add/"])
def test_what_is_not_there_is_not_found(admin, url):
    assert admin.get(LIST + url).status_code == 404


# --- the versions ---------------------------------------------------------------------------


def test_the_version_in_force_offers_a_draft(admin, base):
    page = admin.get(LIST)
    (row,) = page.context["rows"]
    assert (row["code"], row["badge"].word, row["count"]) == ("2026.1", "2026年在用", 12)
    assert labels(row) == ["起草新版"]
    assert "一个支部25次任务" in row["load"]


def test_an_officer_is_offered_nothing_to_change(login, draft):
    rows = login("gongwei").get(LIST).context["rows"]
    assert [labels(row) for row in rows] == [["看差异"], []]


def test_a_draft_is_begun_changed_and_discarded(admin, base):
    answer = admin.post(f"{LIST}{base.pk}/begin/")
    draft = CatalogueVersion.objects.get(code="2026.2")
    assert answer["Location"] == f"{LIST}{draft.pk}/"
    rows = admin.get(LIST).context["rows"]
    assert [labels(row) for row in rows] == [["改职责", "看差异", "发布并用于今年", "作废草稿"], []]
    assert "草稿里改过的内容都会去掉" in admin.get(f"{LIST}{draft.pk}/discard/").text
    assert CatalogueVersion.objects.count() == 2
    admin.post(f"{LIST}{draft.pk}/discard/")
    assert list(CatalogueVersion.objects.all()) == [base]


def test_a_draft_is_not_begun_by_looking(admin, base):
    assert admin.get(f"{LIST}{base.pk}/begin/").status_code == 405
    assert CatalogueVersion.objects.count() == 1


def test_a_published_version_is_shown_without_buttons(admin, base):
    page = admin.get(f"{LIST}{base.pk}/")
    assert "新增职责" not in page.text and "三会一课" in page.text
    assert admin.get(f"{LIST}duties/{duty_of(base, 'ZB-01').pk}/").status_code == 409


def test_the_draft_marks_what_was_changed(admin, draft):
    add(draft)
    drafting.change_duty(duty=duty_of(draft, "ZB-01"), by=SYSTEM, minutes=9)
    page = admin.get(f"{LIST}{draft.pk}/")
    badges = {row["code"]: row["badge"].word for group in page.context["groups"]
              for row in group["rows"] if row["badge"]}
    assert badges == {"ZB-01": "改过", "ZB-04": "新增"}
    assert "新增1项、修改1项、撤下0项" in page.text
    assert "25 → 27" in page.text


# --- one duty --------------------------------------------------------------------------------


def test_the_form_sent_back_as_it_came_changes_nothing(admin, draft):
    for duty in Duty.objects.filter(version=draft):
        url = f"{LIST}duties/{duty.pk}/"
        answer = admin.post(url, typed(admin.get(url)))
        assert answer.status_code == 302, answer.context["form"].errors
    page = admin.get(f"{LIST}{draft.pk}/")
    assert page.context["summary"] == "与现行一版没有不同"


def test_a_change_is_saved_and_the_load_is_reckoned_anew(admin, draft):
    url = f"{LIST}duties/{duty_of(draft, 'ZB-03').pk}/"
    answer = admin.post(url, typed(
        admin.get(url), cadence="quarterly", due_rule="after", due_days=3, due_shift="later",
        due_month="", due_day="", clauses="4.2.1、4.2.2 4.2.5"), follow=True)
    duty = duty_of(draft, "ZB-03")
    assert duty.due == {"anchor": "period_end", "days": 3, "shift": "later"}
    assert sorted(clause.code for clause in duty.clauses.all()) == ["4.2.1", "4.2.2", "4.2.5"]
    rows = {row["name"]: row for row in answer.context["load"]}
    assert rows["党支部清单"]["occurrences"] == rows["一个党支部"]["occurrences"] == "25 → 28"
    assert rows["一个单位支部以上各级"]["limit"] == "120次、60次"


def test_too_much_load_is_said_beside_the_form(admin, draft, settings):
    settings.LOAD_BRANCH_ENTRIES = 20
    page = admin.get(f"{LIST}duties/{duty_of(draft, 'ZB-03').pk}/")
    assert page.text.count("超过上限，不能发布") == 1


@pytest.mark.parametrize("changes, field, sentence", [
    ({"why": "《中国共产党支部工作条例（试行）》第99条要求。"}, "why", "没有核对过原文"),
    ({"due_rule": "day", "due_month": 2, "due_day": 30}, "due_rule", "算不出最迟日期"),
    ({"due_rule": "before", "due_days": ""}, "due_days", "请填数字。"),
    ({"due_rule": ""}, "due_rule", "算不出最迟日期"), ({"title": ""}, "title", "请填这一栏。"),
    ({"clauses": "9.9.9"}, "clauses", "没有“9.9.9”"), ({"text": "机密★"}, "text", "密级标志"),
    ({"minutes": ""}, "minutes", "请填这一栏。"), ({"minutes": 0}, "minutes", "要大于0"),
    ({"runs_from": "昨天"}, "runs_from", "请写成"),
])
def test_what_cannot_be_said_is_refused_at_its_field(admin, draft, changes, field, sentence):
    url = f"{LIST}duties/{duty_of(draft, 'ZB-03').pk}/"
    page = admin.post(url, typed(admin.get(url), **changes))
    assert page.status_code == 200
    assert sentence in "".join(page.context["form"].errors[field])
    assert page.context["form"]["evidence_why"].value() == duty_of(draft, "ZB-03").evidence_why


def test_two_at_one_duty_do_not_overwrite_each_other(admin, draft):
    duty = duty_of(draft, "ZB-03")
    url = f"{LIST}duties/{duty.pk}/"
    sent = typed(admin.get(url), minutes=30)
    drafting.change_duty(duty=duty, by=SYSTEM, minutes=20)
    page = admin.post(url, sent)
    assert "刚被别人改过" in page.text and 'value="30"' in page.text
    assert duty_of(draft, "ZB-03").minutes == 20


def test_a_duty_is_added_with_the_next_code(admin, draft):
    url = f"{LIST}{draft.pk}/add/"
    answer = admin.post(url, typed(admin.get(url)) | {
        name: value for name, value in NEW.items() if name not in ("due", "clauses")} | {
        "clauses": "4.1.5", "due_rule": "before", "due_days": 0, "due_shift": "earlier"})
    duty = duty_of(draft, "ZB-04")
    assert answer["Location"] == f"{LIST}duties/{duty.pk}/"
    assert (duty.title, duty.due) == (NEW["title"], NEW["due"])


def test_a_duty_is_dropped_after_a_question(admin, draft):
    url = f"{LIST}duties/{duty_of(draft, 'ZB-02').pk}/drop/"
    assert "还没到期的免报" in admin.get(url).text
    assert Duty.objects.filter(version=draft, code="ZB-02").exists()
    assert admin.post(url)["Location"] == f"{LIST}{draft.pk}/"
    assert not Duty.objects.filter(version=draft, code="ZB-02").exists()


def test_two_duties_that_ask_the_same_are_named(admin, draft):
    duty = add(draft, text=duty_of(draft, "ZB-01").text)
    page = admin.get(f"{LIST}duties/{duty.pk}/")
    assert "ZB-01 三会一课、ZB-04 联系服务群众：“做什么”几乎一样" in page.text
    other = admin.get(f"{LIST}duties/{duty_of(draft, 'DZ-02').pk}/")
    assert "可能要的是同一件事" not in other.text
    assert "可能要的是同一件事" in admin.get(f"{LIST}{draft.pk}/").text


# --- differences, preview, run -----------------------------------------------------------------


@pytest.fixture
def changed(draft):
    add(draft)
    drafting.drop_duty(duty=duty_of(draft, "ZB-02"), by=SYSTEM)
    drafting.change_duty(duty=duty_of(draft, "JG-01"), by=SYSTEM, title="年度党建报告",
                         due={"month": 12, "day": 20, "shift": "earlier"})
    return draft


def test_the_difference_goes_by_duty_and_by_unit(admin, changed, city):
    Item.unscoped.filter(duty__code="JG-01").update(measures="先征求支部意见。")
    page = admin.get(f"{LIST}{changed.pk}/difference/")
    for text in ("ZB-04 联系服务群众", "ZB-02 主题党日", "向工委报告年度党建", "年度党建报告",
                 "12月10日，遇休息日提前", "12月20日，遇休息日提前"):
        assert text in page.text
    rows = {row["name"]: row["cells"][:5] for row in page.context["units"]["rows"]}
    assert rows["市教育局党组"] == ["4", "1", "4", "—", "1"]
    assert page.context["units"]["untouched"] == 1
    unit = admin.get(next(r["url"] for r in page.context["units"]["rows"]
                          if r["name"] == "市教育局党组"))
    for text in ("ZB-04 联系服务群众，11月23日起算", "保留本单位的措施", "12月10日 → 12月18日",
                 "市教育局机关第一党支部（党支部）"):
        assert text in unit.text


def test_nobody_sees_a_unit_that_is_none(admin, changed, city):
    url = f"{LIST}{changed.pk}/difference/{city.place('jyj_zb1').pk}/"
    assert admin.get(url).status_code == 404


def test_the_preview_is_confirmed_and_the_run_shows_its_progress(admin, changed):
    url = f"{LIST}{changed.pk}/apply/"
    page = admin.get(url)
    assert "发布并调整3个单位的清单" in page.text
    assert not Job.objects.exists() and changed.state == "loaded"
    answer = admin.post(url)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.kind, job.state, job.done, job.total) == ("apply", Job.State.DONE, 4, 4)
    assert job.message.startswith("3个单位的清单有变化：事项新增7项、修改3项、撤下7项")
    assert set(Checklist.unscoped.values_list("version__code", flat=True)) == {"2026.2"}
    assert LIST in admin.get(answer["Location"]).text
    rows = admin.get(LIST).context["rows"]
    assert [labels(row) for row in rows] == [["起草新版"], ["起草新版", "看差异", "撤回到这一版"]]


def test_the_version_before_is_the_way_back(admin, changed, base):
    versions.apply(version=changed, year=YEAR, by=SYSTEM)
    page = admin.get(f"{LIST}{base.pk}/apply/")
    assert "撤回，调整3个单位的清单" in page.text
    admin.post(f"{LIST}{base.pk}/apply/")
    assert set(Checklist.unscoped.values_list("version__code", flat=True)) == {"2026.1"}


def test_the_way_back_is_closed_where_something_was_reported(admin, changed, base, city):
    versions.apply(version=changed, year=YEAR, by=SYSTEM)
    hand_in(city.task("jyj_zb1", "ZB-04"), city.user("jyj_zb1"))
    url = f"{LIST}{base.pk}/apply/"
    for page in (admin.get(url), admin.post(url)):
        assert "市教育局机关第一党支部“联系服务群众（下半年）”" in page.text
        assert not [form for form in forms(page) if form["action"] == ""]
    assert not Job.objects.exists()


def test_a_draft_above_the_budget_shows_why_it_is_not_published(admin, changed, settings):
    settings.LOAD_UNIT_ENTRIES = 1
    page = admin.post(f"{LIST}{changed.pk}/apply/")
    assert "现在不能办" in page.text and "超过了" in page.text
    changed.refresh_from_db()
    assert changed.state == "loaded"


def test_a_second_run_is_refused_while_one_is_going_on(admin, changed, city):
    jobs.start(kind="apply", title="在办", by=city.user("gongwei_admin"))
    assert "正在进行" in admin.post(f"{LIST}{changed.pk}/apply/").text


def test_a_failing_run_says_so(admin, changed, monkeypatch):
    monkeypatch.setattr("apps.checklists.tasks.versions.apply", lambda **values: 1 / 0)
    answer = admin.post(f"{LIST}{changed.pk}/apply/")
    assert "没有做完" in admin.get(answer["Location"]).text

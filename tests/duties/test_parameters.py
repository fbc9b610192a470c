"""Values that the sources leave open: set by the committee, printed with their duty."""

import pytest
from django.urls import reverse

from apps.core import audit
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import Campaign, Duty, Mechanism, Parameter, SelfCheckQuestion
from apps.duties.services.parameters import set_parameter

LIST = "/admin/duties/parameter/"


@pytest.fixture
def age(city):
    """Kept by the site."""
    return Parameter.objects.get(code="youth_age")


@pytest.fixture
def days(city):
    """Kept in a duty."""
    return Parameter.objects.get(code="prompt_study_days")


@pytest.fixture
def admin(city):
    return city.user("gongwei_admin")


def page_of(row) -> str:
    return reverse(f"admin:duties_{row._meta.model_name}_change", args=[row.pk])


def told() -> list[str]:
    return [audit.sentence(event) for event in
            AuditEvent.objects.filter(code="duties.parameter.set").order_by("number")]


# --- the verb ---------------------------------------------------------------------------


def test_the_site_sets_its_own_value_and_the_audit_tells_both(age, admin):
    assert set_parameter(parameter=age, value=" 35 ", by=admin).value == "35"
    age.refresh_from_db()
    assert (age.value, age.start_value, age.shown()) == ("35", "40", "35周岁")
    assert told() == [f"{admin.name}把本市设定“青年年龄界限”从“40”改为“35”"]


def test_the_old_value_is_that_of_the_table_and_not_of_the_form(age, admin):
    age.value = "99"
    set_parameter(parameter=age, value="35", by=admin)
    assert told() == [f"{admin.name}把本市设定“青年年龄界限”从“40”改为“35”"]


def test_the_same_value_again_tells_nothing(age, admin):
    set_parameter(parameter=age, value="40", by=admin)
    assert told() == []


@pytest.mark.parametrize("who", ["gongwei", "ducha", "jyj_shuji", "xitong"])
def test_only_an_administrator_of_the_committee_sets_it(city, age, who):
    with pytest.raises(NotAllowed, match="由工委管理员修改"):
        set_parameter(parameter=age, value="35", by=city.user(who))
    assert Parameter.objects.get(pk=age.pk).value == "40"


def test_a_value_that_lives_in_a_duty_is_not_set_here(days, admin):
    with pytest.raises(Conflict, match="DZ-04.days_after_event"):
        set_parameter(parameter=days, value="5", by=admin)


@pytest.mark.parametrize("value, sentence", [
    (" \n", "请填本市的设定。"), ("好" * 201, "太长了，请写在200字以内。"),
    ("机密★3年", "这里不能出现密级标志")])
def test_what_cannot_be_a_value_is_refused_at_the_field(age, admin, value, sentence):
    with pytest.raises(Invalid) as caught:
        set_parameter(parameter=age, value=value, by=admin)
    assert sentence in caught.value.fields["value"]
    assert Parameter.objects.get(pk=age.pk).value == "40"
    set_parameter(parameter=age, value="好" * 200, by=admin)


# --- the pages ----------------------------------------------------------------------------


def test_the_table_shows_each_value_or_where_it_stands(login, age, days):
    text = login("ducha").get(LIST).text
    assert "40周岁" in text and "见DZ-04的发生后几个工作日内报" in text


def test_the_form_sets_the_value_through_the_verb(login, age, admin):
    desk = login("gongwei_admin")
    page = desk.get(page_of(age))
    assert list(page.context["adminform"].form.fields) == ["value"]
    assert "没有写多大年纪算青年" in page.text and "试用目录的安排" in page.text
    answer = desk.post(page_of(age), {"value": "35"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "青年年龄界限：35周岁。" in answer.text
    assert told() == [f"{admin.name}把本市设定“青年年龄界限”从“40”改为“35”"]


@pytest.mark.parametrize("value, sentence", [
    (" ", "请填本市的设定。"), ("机密★3年", "这里不能出现密级标志"),
    ("好" * 201, "太长了，请写在200字以内。")])
def test_what_is_refused_stays_in_the_form(login, age, value, sentence):
    page = login("gongwei_admin").post(page_of(age), {"value": value})
    assert page.status_code == 200 and sentence in page.text and value in page.text
    assert Parameter.objects.get(pk=age.pk).value == "40"


def test_a_value_that_lives_in_a_duty_has_no_field(login, days):
    desk = login("gongwei_admin")
    page = desk.get(page_of(days))
    assert not page.context["adminform"].form.fields and 'name="_save"' not in page.text
    assert "见DZ-04的发生后几个工作日内报。要改，请起草新版责任目录" in page.text
    assert desk.post(page_of(days), {"value": "5"}).status_code == 403


@pytest.mark.parametrize("who", ["gongwei", "ducha"])
def test_others_of_the_committee_read_it(login, age, who):
    desk = login(who)
    page = desk.get(page_of(age))
    assert page.status_code == 200 and 'name="_save"' not in page.text
    assert desk.post(page_of(age), {"value": "35"}).status_code == 403
    assert Parameter.objects.get(pk=age.pk).value == "40"


def test_no_value_is_added_by_hand(login, age):
    desk = login("gongwei_admin")
    assert "addlink" not in desk.get(LIST).text
    assert desk.get(f"{LIST}add/").status_code == 404


@pytest.mark.parametrize("model, words", [
    (Campaign, "那几年围绕脱贫攻坚办事"), (Mechanism, "方阵按目录给每个单位下发清单"),
    (SelfCheckQuestion, "今年哪件业务是先讲清政治上的轻重")])
def test_what_lies_beside_the_duties_is_read_and_not_changed(login, model, words):
    desk, row = login("gongwei_admin"), model.objects.get()
    listed = desk.get(reverse(f"admin:duties_{model._meta.model_name}_changelist"))
    assert listed.status_code == 200 and "addlink" not in listed.text
    page = desk.get(page_of(row))
    assert words in page.text and 'name="_save"' not in page.text
    assert desk.post(page_of(row), {"text": "改了"}).status_code == 403


def test_the_page_of_a_duty_says_what_answers_it_in_words(city, login):
    duty = city.version().duties.get(code="ZB-01")
    Duty.objects.filter(pk=duty.pk).update(
        risks="会停上几个月。", expected_effect="说得出议了什么。", applies_to=["window_unit"],
        also_fulfils=["DZ-02"], parameters=["youth_age", "prompt_study_days"],
        activity_kinds=["party_lecture"], theme="meetings")
    other = city.version().duties.filter(cadence="monthly").exclude(code="ZB-01").first()
    Duty.objects.filter(pk=other.pk).update(theme="meetings", activity_kinds=["party_lecture"])
    page = login("ducha").get(page_of(duty))
    assert "event_label" not in str(page.context["adminform"].fieldsets)
    assert "同一次活动还能履行" in page.text
    text = page.text
    for words in ("会停上几个月。", "说得出议了什么。", "窗口单位", "DZ-02 理论学习中心组学习",
                  "青年年龄界限：40周岁；跟进学习期限：见DZ-04的发生后几个工作日内报",
                  "party_lecture", str(other)):
        assert words in text


def test_the_page_of_a_duty_on_event_says_how_often_and_how_it_begins(city, login):
    duty = city.version().duties.get(code="JG-02")
    Duty.objects.filter(pk=duty.pk).update(opened_by="appointment", events_a_year=3)
    text = login("ducha").get(page_of(duty)).text
    assert "有新任书记" in text and "新任书记" in text and "估计一年几次" in text

"""Draft versions: copied whole, edited duty by duty under the rules of the files."""

import pytest

from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties import editions
from apps.duties.models import CatalogueVersion, Chapter, Clause, Duty, SelfCheckQuestion
from apps.duties.services import drafting
from apps.duties.services.loading import load_catalogue, publish_version
from tests.city import CATALOGUE

NEW = {
    "subject": "branch", "title": "联系服务群众", "chapter": 4,
    "text": "支部每半年走访一次结对社区。", "standard": "写清哪天去的、几人去、办了什么。",
    "example": "5月12日6人到结对社区，听了4条意见，"
    "当场办了2条，剩下2条转给物业，约定6月底前回复，由组织委员盯着办。",
    "why": "专题党课第四部分要求联系服务群众。每半年一次是本目录的安排。", "sources": ["lecture"],
    "clauses": ["4.1.5"], "evidence": "words", "evidence_why": "几句话就能核对。",
    "cadence": "half_yearly", "due": {"anchor": "period_end", "days": 0, "shift": "earlier"},
    "review_mode": "sample", "minutes": 5,
}


@pytest.fixture
def admin(city):
    return city.user("gongwei_admin")


@pytest.fixture
def base(city):
    version = city.version()
    question = SelfCheckQuestion.objects.create(
        version=version, number=2, title="学得怎样", text="学了什么？",
        chapter=Chapter.objects.get(number=3))
    question.clauses.set(Clause.objects.filter(kind="principle")[:2])
    return version


@pytest.fixture
def draft(city, admin):
    return drafting.begin(based_on=city.version(), by=admin)


def duty_of(version, code) -> Duty:
    return Duty.objects.get(version=version, code=code)


def codes() -> list[str]:
    events = AuditEvent.objects.filter(code__startswith="duties.", outcome="done")
    return [event.code for event in events.order_by("number")]


def test_a_draft_asks_what_its_base_asks(base, admin):
    draft = drafting.begin(based_on=base, by=admin)
    assert (draft.code, draft.year, draft.digest, draft.state) == ("2026.2", 2026, "", "loaded")
    assert draft.based_on == base and drafting.is_draft(draft)
    assert editions.entries(draft) == editions.entries(base)
    copied, original = draft.questions.get(number=2), base.questions.get(number=2)
    assert (copied.title, editions.codes(copied.clauses)) == ("学得怎样", editions.codes(
        original.clauses))
    assert copied.clauses.count() == 2
    assert codes()[-1] == "duties.catalogueversion.begin"


def test_every_field_is_copied(base, admin):
    Duty.objects.filter(version=base, code="JG-02").update(
        risks="没人带。", expected_effect="上手快。", theme="talks", opened_by="appointment",
        events_a_year=3, parameters=["youth_age"], position=7)
    draft = drafting.begin(based_on=base, by=admin)
    names = {f.attname for f in Duty._meta.concrete_fields} - {"id", "version_id"}
    old, new = duty_of(base, "JG-02"), duty_of(draft, "JG-02")
    assert {n: getattr(old, n) for n in names} == {n: getattr(new, n) for n in names}


@pytest.mark.parametrize("who", ["gongwei", "ducha", "jyj_jgdw", "xitong"])
def test_only_an_administrator_of_the_committee_drafts(city, draft, who):
    user, duty = city.user(who), duty_of(draft, "ZB-01")
    for act in (lambda: drafting.begin(based_on=city.version().based_on or draft.based_on, by=user),
                lambda: drafting.change_duty(duty=duty, by=user, minutes=9),
                lambda: drafting.add_duty(version=draft, by=user, **NEW),
                lambda: drafting.drop_duty(duty=duty, by=user),
                lambda: drafting.discard(version=draft, by=user)):
        with pytest.raises(NotAllowed):
            act()
    assert editions.entries(draft) == editions.entries(draft.based_on)


def test_a_second_draft_of_the_year_is_refused(city, draft, admin):
    with pytest.raises(Conflict, match="已经有一版草稿2026.2"):
        drafting.begin(based_on=city.version(), by=admin)


def test_a_version_that_is_not_published_is_no_base(draft, admin):
    with pytest.raises(Conflict, match="还没有发布"):
        drafting.begin(based_on=draft, by=admin)


def test_a_field_is_changed_and_the_audit_says_which(draft, admin):
    row = drafting.change_duty(duty=duty_of(draft, "ZB-01"), by=admin, minutes=9,
                               clauses=["4.1.3", "4.1.4"], title="三会一课")
    row = Duty.objects.get(pk=row.pk)
    assert row.minutes == 9 and editions.codes(row.clauses) == ["4.1.3", "4.1.4"]
    event = AuditEvent.objects.filter(code="duties.duty.change").get()
    assert event.details["fields"] == "预计用时（分钟）、条文"
    assert duty_of(draft.based_on, "ZB-01").minutes == 15


def test_nothing_changed_is_nothing_recorded(draft, admin):
    drafting.change_duty(duty=duty_of(draft, "ZB-01"), by=admin, minutes=15)
    assert codes()[-1] == "duties.catalogueversion.begin"


@pytest.mark.parametrize("values, field", [
    ({"due": {"month": 2, "day": 30, "shift": "earlier"}}, "due"),
    ({"due": {"month": 6, "day": 30, "shift": "earlier"}}, "due"),  # a month is not a year
    ({"due": {}}, "due"),
    ({"why": "《中国共产党党和国家机关基层组织工作条例》第99条要求。"}, "why"),
    ({"why": "《不在来源里的条例》要求。"}, "why"),
    ({"clauses": []}, "clauses"), ({"clauses": ["9.9.9"]}, "clauses"),
    ({"sources": []}, "sources"), ({"chapter": 7}, "chapter"), ({"minutes": 0}, "minutes"),
    ({"title": "三会一课三会一课三会一课三会一课"}, "title"), ({"text": "  "}, "text"),
    ({"example": "太短"}, "example"), ({"cadence": "weekly"}, "cadence"),
    ({"applies_to": ["large"]}, "applies_to"), ({"subject": "secretary"}, "subject"),
    ({"event_label": "有事"}, "event_label"), ({"also_fulfils": ["ZB-03"]}, "also_fulfils"),
    ({"text": "机密★10年"}, "text"), ({"standard": "秘密 ★"}, "standard"),
])
def test_what_a_file_could_not_say_is_refused_at_its_field(draft, admin, values, field):
    duty = duty_of(draft, "ZB-01")
    with pytest.raises(Invalid) as refusal:
        drafting.change_duty(duty=duty, by=admin, **values)
    assert field in refusal.value.fields
    assert editions.entries(draft) == editions.entries(draft.based_on)


def test_a_confirmed_article_may_be_named(draft, admin):
    why = "《中国共产党党和国家机关基层组织工作条例》第14条要求。"
    assert drafting.change_duty(duty=duty_of(draft, "ZB-01"), by=admin, why=why).why == why


def test_the_rhythm_of_a_duty_that_is_fulfilled_along_is_kept(draft, admin):
    with pytest.raises(Invalid) as refusal:
        drafting.change_duty(duty=duty_of(draft, "DZ-03"), by=admin, cadence="quarterly")
    assert "DZ-01" in refusal.value.fields["cadence"]


def test_a_duty_is_fulfilled_along_with_one_only(draft, admin):
    with pytest.raises(Invalid) as refusal:
        drafting.change_duty(duty=duty_of(draft, "DZ-02"), by=admin, also_fulfils=["DZ-03"],
                             cadence="half_yearly")
    assert "DZ-01" in refusal.value.fields["also_fulfils"]


def test_who_saw_an_older_text_is_told(draft, admin):
    duty = duty_of(draft, "ZB-01")
    seen = drafting.mark(editions.entry(duty))
    drafting.change_duty(duty=duty, by=admin, seen=seen, minutes=9)
    with pytest.raises(Conflict, match="刚被别人改过"):
        drafting.change_duty(duty=duty, by=admin, seen=seen, minutes=10)


def test_a_new_duty_takes_the_next_code_that_no_version_has_used(draft, admin):
    first = drafting.add_duty(version=draft, by=admin, **NEW)
    assert (first.code, first.position, first.version) == ("ZB-04", 13, draft)
    drafting.drop_duty(duty=first, by=admin)
    publish_version(version=draft, by=SYSTEM)
    following = drafting.begin(based_on=draft, by=admin)
    kept = drafting.add_duty(version=following, by=admin, **NEW)
    again = drafting.add_duty(version=following, by=admin, **NEW | {"title": "另一项"})
    assert again.code > kept.code


def test_a_withdrawn_code_is_not_given_again(city, draft, admin):
    drafting.drop_duty(duty=duty_of(draft, "ZB-03"), by=admin)
    assert drafting.next_code("branch") == "ZB-04"


@pytest.mark.parametrize("subject, prefix", [("party_group", "DZ"), ("secretary", "SJ"), (
    "member", "CY"), ("organ_committee", "JG"), ("discipline_committee", "JW"),
    ("branch", "ZB"), ("committee", "GW")])
def test_each_subject_has_its_letters(draft, subject, prefix):
    assert drafting.next_code(subject).startswith(f"{prefix}-")


def test_a_duty_on_which_another_one_counts_is_not_dropped(draft, admin):
    with pytest.raises(Conflict, match="DZ-01"):
        drafting.drop_duty(duty=duty_of(draft, "DZ-03"), by=admin)
    drafting.change_duty(duty=duty_of(draft, "DZ-01"), by=admin, also_fulfils=[])
    drafting.drop_duty(duty=duty_of(draft, "DZ-03"), by=admin)
    assert not Duty.objects.filter(version=draft, code="DZ-03").exists()
    assert codes()[-1] == "duties.duty.drop"


def test_a_discarded_draft_leaves_nothing(base, admin):
    draft = drafting.begin(based_on=base, by=admin)
    before = SelfCheckQuestion.objects.count()
    drafting.discard(version=draft, by=admin)
    assert SelfCheckQuestion.objects.count() == before / 2
    assert list(CatalogueVersion.objects.all()) == [base]
    assert Duty.objects.count() == 12
    with pytest.raises(Conflict, match="刚被作废"):
        drafting.add_duty(version=draft, by=admin, **NEW)


@pytest.mark.parametrize("digest, state, day, sentence", [
    ("", "published", "2026-11-23", "已经发布，不能再改"), ("abc", "loaded", None, "从文件装入")])
def test_what_is_no_draft_is_not_edited(draft, admin, digest, state, day, sentence):
    CatalogueVersion.objects.filter(pk=draft.pk).update(
        digest=digest, state=state, published_on=day)
    duty = duty_of(draft, "ZB-01")
    for act in (lambda: drafting.change_duty(duty=duty, by=admin, minutes=9),
                lambda: drafting.add_duty(version=draft, by=admin, **NEW),
                lambda: drafting.drop_duty(duty=duty, by=admin),
                lambda: drafting.discard(version=draft, by=admin)):
        with pytest.raises(Conflict, match=sentence):
            act()


def test_a_draft_above_the_budget_is_saved_but_not_published(draft, admin, settings):
    settings.LOAD_BRANCH_OCCURRENCES = 30
    drafting.add_duty(version=draft, by=admin, **NEW | {
        "cadence": "monthly", "due": {"anchor": "period_end", "days": 0, "shift": "earlier"}})
    with pytest.raises(Conflict, match="超过了30次"):
        publish_version(version=draft, by=SYSTEM)
    draft.refresh_from_db()
    assert draft.state == "loaded"
    settings.LOAD_BRANCH_OCCURRENCES = settings.LOAD_BRANCH_ENTRIES = 50
    assert publish_version(version=draft, by=SYSTEM).state == "published"


def test_the_files_leave_a_draft_alone(draft):
    before = editions.entries(draft)
    load_catalogue(by=SYSTEM, folder=CATALOGUE)
    assert editions.entries(draft) == before

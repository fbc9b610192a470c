"""Loading brings the tables in line with the files, once, and leaves published ones alone."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.checklists.models import Checklist, Item, Occurrence, Slot
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.models import AuditEvent
from apps.duties.models import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Chapter,
    Clause,
    Duty,
    Mechanism,
    Parameter,
    SelfCheckQuestion,
    Source,
)
from apps.duties.services.loading import Counts, load_catalogue, publish_version
from apps.organizations.models import Appointment, Organization, Portfolio

pytestmark = pytest.mark.django_db

WRITES = ("INSERT", "UPDATE", "DELETE")
# Each after what it points to.
TABLES = (Source, Clause, CatalogueVersion, Chapter, ActivityKind, Duty, SelfCheckQuestion,
          Campaign, Mechanism, Parameter)


@pytest.fixture(autouse=True)
def empty_tables(city):
    """The city's catalogue makes way, inside the test's transaction."""
    Item.unscoped.update(fulfilled_by=None)
    for model in (Occurrence, Item, Checklist):
        model.unscoped.all().delete()
    for model in (Slot, *reversed(TABLES)):
        model.objects.all().delete()
    AuditEvent.objects.all()._raw_delete(AuditEvent.objects.db)


@pytest.fixture
def committee():
    """Publishing is its right."""
    return Organization.objects.get(depth=1)


@pytest.fixture
def clerk():
    """A person without any right over the catalogue."""
    return SimpleNamespace(pk=1, name="王海宁", may=lambda permission, *, at: False)


def load(folder):
    return load_catalogue(by=SYSTEM, folder=folder.path)


def everything() -> list:
    links = (Duty.clauses, Duty.sources, SelfCheckQuestion.clauses, Campaign.clauses,
             Mechanism.clauses)
    return [list(model.objects.order_by("pk").values())
            for model in (*TABLES, *(link.through for link in links))]


def test_the_shipped_catalogue_loads_with_all_its_parts(shipped):
    [file] = shipped.versions
    result = load_catalogue(by=SYSTEM)
    assert result.clauses == Counts(created=373)
    assert result.versions == {"2026.2": Counts(created=len(file.duties))}
    version = CatalogueVersion.objects.get()
    assert (version.code, version.year, version.state) == ("2026.2", 2026, "loaded")
    talk = Duty.objects.in_version(version).get(code="JG-02")
    assert talk.clauses.filter(code="6.4.7").exists()
    assert "lecture" in {source.code for source in talk.sources.all()}
    assert talk.risks and talk.expected_effect and talk.events_a_year
    questions = SelfCheckQuestion.objects.filter(version=version)
    assert sum(each.clauses.count() for each in questions) == 99
    assert sum(each.clauses.count() for each in Campaign.objects.all()) == 15
    beside = [ActivityKind, Parameter, Campaign, Mechanism]
    assert [model.objects.count() for model in beside] == [
        len(each) for each in (file.activity_kinds, shipped.parameters, shipped.campaigns,
                               shipped.mechanisms)]
    assert result.beside == Counts(created=sum(model.objects.count() for model in beside))
    assert Source.objects.get(code="organ-regulations").articles[0] == 14


def test_duties_come_in_the_order_of_chapters_and_of_the_file(folder):
    folder.version(
        folder.duty(code="DZ-03", chapter=2), folder.duty(code="DZ-02"), folder.duty(code="DZ-01")
    )
    load(folder)
    duties = Duty.objects.borne_by(Duty.Subject.PARTY_GROUP).in_order()
    assert [duty.code for duty in duties] == ["DZ-02", "DZ-01", "DZ-03"]


def test_the_same_files_again_write_nothing():
    load_catalogue(by=SYSTEM)
    before, events = everything(), AuditEvent.objects.count()
    with CaptureQueriesContext(connection) as captured:
        result = load_catalogue(by=SYSTEM)
    assert result.clauses == Counts()
    assert result.versions == {"2026.2": Counts()}
    assert result.beside == Counts()
    assert not [q["sql"] for q in captured if q["sql"].startswith(WRITES)]
    assert len(captured) <= 40
    assert everything() == before
    assert AuditEvent.objects.count() == events


def test_a_load_is_told_in_the_audit(folder):
    load(folder)
    codes = AuditEvent.objects.order_by("number").values_list("code", "target_label")
    assert list(codes) == [("duties.clauses.load", ""), ("duties.catalogue.load", "2026.1")]


def test_a_loaded_version_follows_its_file(folder):
    folder.version(folder.duty(), folder.duty(code="DZ-02"), folder.duty(code="DZ-03"))
    load(folder)
    keys = dict(Duty.objects.values_list("code", "pk"))
    due = {"anchor": "period_end", "days": -5, "shift": "earlier"}
    folder.version(
        folder.duty(text="每季度开两次会。", chapter=2, due=due),
        folder.duty(code="DZ-02", clauses=["1.0.2"]),
        folder.duty(code="DZ-04"),
    )
    assert load(folder).versions == {"2026.1": Counts(created=1, changed=2, removed=1)}
    rows = {duty.code: duty for duty in Duty.objects.all()}
    assert set(rows) == {"DZ-01", "DZ-02", "DZ-04"}
    first = rows["DZ-01"]
    assert (first.pk, first.text) == (keys["DZ-01"], "每季度开两次会。")
    assert (first.chapter.number, first.due) == (2, due)
    assert [clause.code for clause in rows["DZ-02"].clauses.all()] == ["1.0.2"]


def test_a_change_of_words_that_touches_no_duty_is_still_told(folder):
    load(folder)
    folder.version(title="正式目录")
    assert load(folder).versions == {"2026.1": Counts()}
    assert CatalogueVersion.objects.get().title == "正式目录"
    assert AuditEvent.objects.filter(code="duties.catalogue.load").count() == 2


def test_the_newest_version_decides_the_words_of_chapters_and_sources(folder):
    folder.version(
        name="2026.2",
        chapters=[{"number": n, "name": f"新{n}人", "subtitle": "内容"} for n in range(1, 7)],
    )
    load(folder)
    assert Chapter.objects.get(number=1).name == "新1人"
    with CaptureQueriesContext(connection) as captured:
        load(folder)
    assert not [q["sql"] for q in captured if q["sql"].startswith(WRITES)]


def test_a_mistake_in_one_file_changes_nothing_at_all(folder):
    load(folder)
    before = everything()
    folder.version(folder.duty(text="每季度开两次会。"))
    folder.version(folder.duty(applies_to=["has_canteen"]), name="2026.2")
    with pytest.raises(Invalid, match="2026.2.yaml DZ-01 applies_to：没有“has_canteen”"):
        load(folder)
    assert everything() == before


def test_a_published_version_cannot_be_changed_and_the_next_number_is_named(folder, committee):
    load(folder)
    publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    folder.version(name="2026.2")
    load(folder)
    before = everything()
    folder.version(folder.duty(text="每季度开两次会。"))
    folder.version(folder.duty(title="别的名称"), name="2026.2")
    with pytest.raises(Conflict, match="责任目录2026.1已经发布.*2026.3.yaml"):
        load(folder)
    assert everything() == before


def test_a_comment_in_the_file_of_a_published_version_is_no_change(folder, committee):
    load(folder)
    publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    path = folder.path / "2026.1.yaml"
    path.write_text("# 说明\n" + path.read_text("utf-8"), "utf-8")
    assert load(folder).versions == {"2026.1": Counts()}


def test_a_loaded_clause_stays(folder):
    load(folder)
    folder.clauses(
        {"code": "1.0.1", "line": 1, "kind": "duty", "paraphrase": "按季", "anchor": "要按季开会"}
    )
    with pytest.raises(Invalid, match="1.0.2：装入过的条文不能去掉"):
        load(folder)
    assert Clause.objects.get(code="1.0.1").paraphrase == "按季开会"


def test_publishing_sets_state_and_date_and_is_told(folder, committee):
    load(folder)
    version = publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    assert version.state == CatalogueVersion.State.PUBLISHED
    assert version.published_on is not None
    assert list(CatalogueVersion.objects.published().of_year(2026)) == [version]
    assert AuditEvent.objects.filter(code="duties.catalogueversion.publish").count() == 1


def test_publishing_twice_is_a_conflict(folder, committee):
    load(folder)
    version = publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    with pytest.raises(Conflict, match="系统发布责任目录2026.1"):
        publish_version(version=version, by=SYSTEM)


def test_loading_needs_the_right(folder, clerk):
    with pytest.raises(NotAllowed, match="由工委管理员装入"):
        load_catalogue(by=clerk, folder=folder.path)
    assert not Clause.objects.exists()


def test_publishing_needs_the_right(folder, committee, clerk):
    load(folder)
    with pytest.raises(NotAllowed, match="发布不在您的职权里"):
        publish_version(version=CatalogueVersion.objects.get(), by=clerk)
    assert CatalogueVersion.objects.get().state == CatalogueVersion.State.LOADED


def test_nobody_publishes_before_the_committee_is_set_up(folder):
    Portfolio.unscoped.all().delete()
    Appointment.unscoped.all().delete()
    Organization.objects.all().delete()
    load(folder)
    with pytest.raises(NotAllowed):
        publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)


def test_the_command_says_what_it_did(capsys):
    call_command("load_catalogue")
    duties = Duty.objects.count()
    assert f"责任目录2026.2：新增{duties}项，修改0项，去掉0项。" in capsys.readouterr().out


def test_the_command_fails_with_the_sentence(monkeypatch, folder):
    folder.version(folder.duty(minutes=0))
    monkeypatch.setattr(
        "apps.duties.management.commands.load_catalogue.load_catalogue",
        lambda *, by: load_catalogue(by=by, folder=folder.path),
    )
    with pytest.raises(CommandError, match="2026.1.yaml DZ-01 minutes：要大于0"):
        call_command("load_catalogue")


@pytest.mark.parametrize(
    "changes",
    [
        {"minutes": 0},
        {"cadence": "on_event"},
        {"days_after_event": 5},
        {"event_label": "有新任书记"},
        {"runs_from": "2026-05-01", "runs_to": "2026-04-01"},
    ],
)
def test_the_database_keeps_what_the_files_promise(folder, changes):
    load(folder)
    with pytest.raises(IntegrityError), transaction.atomic():
        Duty.objects.update(**changes)


def test_a_code_stands_once_in_a_version(folder):
    load(folder)
    duty = Duty.objects.get()
    duty.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        duty.save(force_insert=True)

"""What a version brings beside its duties: questions, kinds, campaigns, mechanisms, values."""

import pytest

from apps.core.act import SYSTEM
from apps.core.errors import Conflict, Invalid
from apps.core.models import AuditEvent
from apps.duties.models import (
    ActivityKind,
    Campaign,
    CatalogueVersion,
    Mechanism,
    Parameter,
    SelfCheckQuestion,
)
from apps.duties.services.loading import load_catalogue, publish_version
from apps.duties.services.parameters import set_parameter
from apps.duties.services.rows import Counts
from tests.duties.conftest import KINDS, QUESTION
from tests.duties.test_catalogue_folder import CAMPAIGN, DATED, PARAMETER
from tests.duties.test_load_catalogue import empty_tables, everything, load  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(folder):
    """Only a complete version."""
    (folder.path / "2026.1.yaml").unlink()
    folder.edition()
    return folder


def told(code: str) -> int:
    return AuditEvent.objects.filter(code=code).count()


def test_questions_follow_their_file_with_their_clauses(folder):
    load(folder)
    question = SelfCheckQuestion.objects.get()
    assert (question.title, question.chapter.number) == ("会短不短", 1)
    assert [clause.code for clause in question.clauses.all()] == ["1.0.2"]
    folder.edition(questions=[{**QUESTION, "title": "会开短没有"}])
    load(folder)
    assert SelfCheckQuestion.objects.get().title == "会开短没有"
    assert SelfCheckQuestion.objects.get().pk == question.pk
    assert told("duties.catalogue.load") == 2


def test_a_question_that_the_file_drops_goes(folder):
    folder.clauses(
        *({"code": f"1.0.{n}", "line": n, "kind": "principle" if n > 1 else "duty",
           "paraphrase": "开短会", "anchor": f"会{n}"} for n in (1, 2, 3)))
    folder.edition(questions=[QUESTION, {**QUESTION, "number": 2, "clauses": ["1.0.3"]}])
    load(folder)
    folder.edition(questions=[{**QUESTION, "clauses": ["1.0.2", "1.0.3"]}])
    load(folder)
    assert [clause.code for clause in SelfCheckQuestion.objects.get().clauses.all()] == [
        "1.0.2", "1.0.3"]


def test_the_questions_of_a_published_version_stay(folder):
    load(folder)
    publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    folder.edition(questions=[{**QUESTION, "title": "会开短没有"}])
    with pytest.raises(Conflict, match="2026.2已经发布.*新的2026.3"):
        load(folder)
    assert SelfCheckQuestion.objects.get().title == "会短不短"


def test_kinds_campaigns_and_mechanisms_follow_their_files(folder):
    mechanism = {"code": "M01", "name": "责任清单", "text": "方阵下发清单。", "clauses": ["1.0.1"]}
    clauses = folder.path / "clauses.yaml"
    clauses.write_text(clauses.read_text("utf-8") + "- {code: 2.0.1, line: 3, kind: duty, "
                       "paraphrase: 往年的事, anchor: 那一年, dated: true}\n", "utf-8")
    folder.beside("campaigns", CAMPAIGN)
    folder.beside("mechanisms", mechanism, mechanism | {"code": "M02"})
    assert load(folder).beside == Counts(created=4)
    assert [clause.code for clause in Campaign.objects.get().clauses.all()] == [DATED["code"]]
    assert Mechanism.objects.get(code="M02").clauses.get().code == "1.0.1"
    folder.beside("mechanisms", mechanism | {"text": "方阵按目录下发清单。"})
    folder.edition(head={"activity_kinds": [KINDS[0] | {"name": "支部会"}]})
    before = told("duties.beside.load")
    assert load(folder).beside == Counts(changed=2, removed=1)
    assert Mechanism.objects.get().text == "方阵按目录下发清单。"
    assert ActivityKind.objects.get().name == "支部会"
    assert told("duties.beside.load") == before + 1
    assert load(folder).beside == Counts()
    assert told("duties.beside.load") == before + 1


def test_what_the_site_has_set_survives_new_files(folder):
    folder.beside("parameters", PARAMETER)
    load(folder)
    row = Parameter.objects.get()
    assert (row.value, row.start_value) == ("40", "40")
    set_parameter(parameter=row, value="35", by=SYSTEM)
    assert load(folder).beside == Counts()
    folder.beside("parameters", PARAMETER | {"value": "45", "basis": "别的做法。"})
    assert load(folder).beside == Counts(changed=1)
    row = Parameter.objects.get()
    assert (row.value, row.start_value, row.basis) == ("35", "45", "别的做法。")


def test_a_value_that_moves_into_a_duty_and_back_begins_anew(folder):
    folder.beside("parameters", PARAMETER)
    load(folder)
    folder.beside("parameters", PARAMETER | {"value": "", "lives_in": "DZ-01.minutes"})
    load(folder)
    row = Parameter.objects.get()
    assert (row.value, row.shown()) == ("", "见DZ-01的预计用时（分钟）")
    folder.beside("parameters", PARAMETER)
    load(folder)
    assert Parameter.objects.get().shown() == "40"


def test_a_loaded_value_is_not_lost_with_its_file(folder):
    folder.beside("parameters", PARAMETER)
    load(folder)
    (folder.path / "parameters.yaml").unlink()
    with pytest.raises(Invalid, match="parameters.yaml youth_age：装入过的本市设定不能去掉"):
        load(folder)
    assert Parameter.objects.get().value == "40"


def test_a_number_taken_by_a_draft_of_the_app_is_refused(folder):
    load(folder)
    CatalogueVersion.objects.create(code="2026.3", year=2026, title="草稿")
    folder.edition("2026.3")
    before = everything()
    with pytest.raises(Conflict, match="2026.3是在后台起草的，2026.3不能再用.*改名为2026.4"):
        load(folder)
    assert everything() == before


# --- budget and places ------------------------------------------------------------------


def test_a_complete_version_above_the_budget_is_not_loaded(folder, settings):
    settings.LOAD_UNIT_OCCURRENCES = 3
    with pytest.raises(Invalid, match="一个单位支部以上各级一年4次任务、4次填报，超过了3次、60次"):
        load(folder)
    assert not CatalogueVersion.objects.exists()
    settings.LOAD_UNIT_OCCURRENCES = 4
    load(folder)


def test_a_complete_version_that_leaves_a_clause_is_not_loaded(folder):
    folder.clauses(
        {"code": "1.0.1", "line": 1, "kind": "duty", "paraphrase": "按季", "anchor": "要按季开会"},
        {"code": "1.0.2", "line": 2, "kind": "principle", "paraphrase": "短", "anchor": "会要短"},
        {"code": "1.0.3", "line": 3, "kind": "duty", "paraphrase": "记下来", "anchor": "要记录"})
    with pytest.raises(Invalid, match="责任目录2026.2：1条条文没有落处：1.0.3 记下来。"):
        load(folder)


def test_a_budget_that_is_tightened_later_leaves_published_versions_alone(folder, settings):
    load(folder)
    publish_version(version=CatalogueVersion.objects.get(), by=SYSTEM)
    settings.LOAD_UNIT_OCCURRENCES = 3
    assert load_catalogue(by=SYSTEM, folder=folder.path).versions == {"2026.2": Counts()}


def test_a_partial_version_may_leave_what_it_likes(folder, settings):
    settings.LOAD_UNIT_OCCURRENCES = 3
    folder.edition(head={"complete": False})
    assert load(folder).versions == {"2026.2": Counts(created=1)}

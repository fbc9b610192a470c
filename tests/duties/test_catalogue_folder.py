"""A version in a folder: one file a subject, complete; and what lies beside the versions."""

from itertools import pairwise

import pytest
import yaml

from apps.duties import catalogue_entries
from apps.duties import models as rows
from apps.duties.catalogue_file import CatalogueError, read_folder
from apps.duties.services.loading import WORDS
from tests.duties.conftest import KINDS, QUESTION

DATED = {"code": "2.0.1", "line": 3, "kind": "duty", "paraphrase": "往年的事", "anchor": "那一年",
         "dated": True}
CAMPAIGN = {"code": "LS-01", "title": "往年专项", "text": "当时办的事。", "note": "已经过去。",
            "clauses": ["2.0.1"]}
PARAMETER = {"code": "youth_age", "name": "青年年龄界限", "value": "40", "unit": "",
             "left_open": "没有写几岁。", "basis": "常见做法。"}


@pytest.fixture
def folder(folder):
    """With a complete version beside the small one."""
    folder.edition()
    return folder


def problems(folder) -> str:
    with pytest.raises(CatalogueError) as caught:
        read_folder(folder.path, WORDS)
    return "\n".join(caught.value.problems)


def edition(folder):
    return read_folder(folder.path, WORDS).versions[-1]


def with_dated_clause(folder):
    path = folder.path / "clauses.yaml"
    clauses = yaml.safe_load(path.read_text("utf-8"))["clauses"]
    folder.clauses(*clauses, DATED)


# --- the folder -----------------------------------------------------------------------


def test_the_lists_of_a_folder_come_in_the_order_of_the_subjects(folder):
    folder.edition(
        branch=[folder.full_duty(code="ZB-01", subject="branch")],
        secretary=[folder.full_duty(code="SJ-01", subject="secretary")],
        party_group=[folder.full_duty(code="DZ-02"), folder.full_duty(code="DZ-01")],
    )
    version = edition(folder)
    assert [duty.code for duty in version.duties] == ["DZ-02", "DZ-01", "SJ-01", "ZB-01"]
    assert version.complete and len(version.self_check) == len(version.activity_kinds) == 1


def test_a_word_in_any_file_of_the_folder_changes_the_digest(folder):
    digests = [edition(folder).digest]
    path = folder.path / "2026.2" / "party_group.yaml"
    path.write_text("# 说明\n" + path.read_text("utf-8"), "utf-8")
    assert edition(folder).digest == digests[0]
    for change in (
        {"party_group": [folder.full_duty(text="每季度开两次会。")]},
        {"questions": [QUESTION | {"text": "会短了吗？"}]},
        {"head": {"title": "正式目录"}},
        {"head": {"activity_kinds": [*KINDS, {"code": "talk", "name": "谈话"}]}},
    ):
        folder.edition(**change)
        digests.append(edition(folder).digest)
    assert all(one != other for one, other in pairwise(digests))


def test_a_folder_and_one_file_with_the_same_content_have_the_same_digest(folder):
    before = edition(folder).digest
    for path in (folder.path / "2026.2").iterdir():
        path.unlink()
    (folder.path / "2026.2").rmdir()
    folder.version(folder.full_duty(), name="2026.2", complete=True, activity_kinds=KINDS,
                   self_check=[QUESTION])
    assert edition(folder).digest == before


def test_a_mistake_in_a_folder_is_named_with_its_file(folder):
    folder.edition(branch=[folder.full_duty(code="ZB-01", subject="branch", minutes=0)])
    assert "2026.2/branch.yaml ZB-01 minutes：要大于0" in problems(folder)
    folder.edition(branch=[folder.full_duty(code="ZB-01", subject="branch", text=" ")])
    assert "2026.2/branch.yaml ZB-01 text：没有填" in problems(folder)


def test_a_file_holds_the_duties_of_its_subject_only(folder):
    folder.edition(branch=[folder.full_duty()])
    assert "2026.2/branch.yaml DZ-01 subject：这个文件只放branch的职责" in problems(folder)


@pytest.mark.parametrize("file, content, sentence", [
    ("notes.yaml", "a: 1", "2026.2/notes.yaml：不认识这个文件"),
    ("branch.yaml", "branch: []", "2026.2/branch.yaml duties：要是不空的列表"),
    ("branch.yaml", "duties: [x]", "2026.2/branch.yaml duties第1项：要是“名称: 内容”"),
    ("branch.yaml", "a: [", "2026.2/branch.yaml第1行：不是合格的YAML"),
    ("self_check.yaml", "duties: []", "2026.2/self_check.yaml：不认识“duties”"),
    ("version.yaml", "duties: []", "2026.2/version.yaml：不认识“duties”"),
    ("version.yaml", "version: '2026.3'", "2026.2/version.yaml version：要与文件名相同"),
])
def test_a_wrong_file_of_a_folder_is_named(folder, file, content, sentence):
    (folder.path / "2026.2" / file).write_text(content, "utf-8")
    assert sentence in problems(folder)


@pytest.mark.parametrize("file, sentence", [
    ("version.yaml", "没有2026.2/version.yaml"), ("party_group.yaml", "2026.2 duties：要是不空"),
    ("self_check.yaml", "self_check：原则类条文1.0.2没有归入任何一题")])
def test_a_missing_file_of_a_folder_is_named(folder, file, sentence):
    (folder.path / "2026.2" / file).unlink()
    assert sentence in problems(folder)


def test_a_version_stands_once(folder):
    folder.version(name="2026.2")
    assert "版本号“2026.2”重复" in problems(folder)


# --- what a complete version promises, and a partial one does not ------------------------


@pytest.mark.parametrize("changes, sentence", [
    ({"risks": ""}, "DZ-01 risks：没有填"),
    ({"expected_effect": ""}, "DZ-01 expected_effect：没有填"),
    ({"clauses": ["1.0.2"]}, "DZ-01 clauses：1.0.2是原则，归入年度自查"),
    ({"clauses": ["2.0.1"]}, "DZ-01 clauses：2.0.1是有时限的专项，归入往年专项"),
    ({"activity_kinds": ["talk"]}, "DZ-01 activity_kinds：version.yaml里没有“talk”"),
    ({"cadence": "on_event", "due": {}, "event_label": "有新任书记", "days_after_event": 5},
     "DZ-01 events_a_year：要估计一年几次"),
])
def test_only_a_complete_version_is_asked_for_more(folder, changes, sentence):
    with_dated_clause(folder)
    folder.beside("campaigns", CAMPAIGN)
    folder.version(folder.duty(**changes))
    assert len(read_folder(folder.path, WORDS).versions) == 2
    folder.edition(party_group=[folder.full_duty(**changes)])
    assert f"2026.2/party_group.yaml {sentence}" in problems(folder)


def test_an_event_that_the_app_opens_is_taken(folder):
    folder.edition(party_group=[folder.full_duty(
        cadence="on_event", due={}, event_label="有新文件", days_after_event=5, events_a_year=4,
        opened_by="document", theme="study", activity_kinds=["branch_meeting"])])
    [duty] = edition(folder).duties
    assert (duty.opened_by, duty.events_a_year, duty.theme) == ("document", 4, "study")


# --- the self-check -----------------------------------------------------------------------


@pytest.mark.parametrize("questions, sentence", [
    ([{**QUESTION, "number": n, "clauses": ["1.0.2"]} for n in range(1, 17)],
     "self_check：最多15题，现有16题"),
    ([{**QUESTION, "number": 2}], "self_check：题号要从1起连着编"),
    ([QUESTION, {**QUESTION, "number": 2}], "clauses：条文“1.0.2”重复"),
    ([{**QUESTION, "clauses": ["1.0.1"]}], "1 clauses：1.0.1不是原则类条文"),
    ([{**QUESTION, "clauses": ["9.9.9"]}], "1 clauses：9.9.9不是原则类条文"),
    ([{**QUESTION, "clauses": []}], "1 clauses：至少要有一条"),
    ([{**QUESTION, "chapter": 7}], "1 chapter：没有第7章"),
    ([{**QUESTION, "title": "一二三四五六七八九十一二三四五"}], "1 title：最多14个字，现有15个"),
])
def test_a_wrong_question_is_named(folder, questions, sentence):
    folder.edition(questions=questions)
    found = problems(folder)
    assert "2026.2/self_check.yaml" in found and sentence in found


# --- beside the versions ------------------------------------------------------------------


def test_past_campaigns_hold_the_dated_clauses_and_no_others(folder):
    with_dated_clause(folder)
    assert "campaigns.yaml：有时限的专项条文2.0.1没有归入往年专项" in problems(folder)
    folder.beside("campaigns", CAMPAIGN)
    [campaign] = read_folder(folder.path, WORDS).campaigns
    assert campaign.clauses == ["2.0.1"]
    folder.beside("campaigns", CAMPAIGN, CAMPAIGN | {"clauses": ["2.0.1", "1.0.1"]})
    found = problems(folder)
    assert "campaigns.yaml LS-01 clauses：1.0.1不是有时限的专项条文" in found
    assert "campaigns.yaml：条文“2.0.1”重复" in found
    assert "campaigns.yaml：代码“LS-01”重复" in found


@pytest.mark.parametrize("clauses, sentence", [
    (["1.0.2"], "1.0.2是原则，归入年度自查"), (["9.9.9"], "没有“9.9.9”"),
    (["1.0.1", "1.0.1"], "“1.0.1”重复")])
def test_a_mechanism_offers_what_a_clause_asks(folder, clauses, sentence):
    mechanism = {"code": "M01", "name": "责任清单", "text": "方阵下发清单。"}
    folder.beside("mechanisms", mechanism | {"clauses": ["1.0.1"]})
    assert read_folder(folder.path, WORDS).mechanisms[0].code == "M01"
    folder.beside("mechanisms", mechanism | {"clauses": clauses})
    assert f"mechanisms.yaml M01 clauses：{sentence}" in problems(folder)


@pytest.mark.parametrize("changes, sentence", [
    ({"value": ""}, "value、lives_in：要填一个，也只填一个"),
    ({"lives_in": "DZ-01.cadence"}, "value、lives_in：要填一个，也只填一个"),
    ({"value": "", "lives_in": "DZ-09.cadence"}, "lives_in：没有“DZ-09.cadence”"),
    ({"value": "", "lives_in": "DZ-01.rhythm"}, "lives_in：没有“DZ-01.rhythm”"),
    ({"value": "", "lives_in": "cadence"}, "lives_in：没有“cadence”"),
    ({"basis": ""}, "basis：没有填"),
    ({"name": "好" * 21}, "name：最多20个字，现有21个"),
])
def test_a_value_that_the_sources_leave_open_says_where_it_stands(folder, changes, sentence):
    folder.beside("parameters", PARAMETER | changes)
    assert f"parameters.yaml youth_age {sentence}" in problems(folder)


def test_a_duty_may_use_a_value_that_is_there(folder):
    folder.beside("parameters", PARAMETER,
                  PARAMETER | {"code": "rhythm", "value": "", "lives_in": "DZ-01.cadence"})
    folder.edition(party_group=[folder.full_duty(parameters=["youth_age"])])
    assert edition(folder).duties[0].parameters == ["youth_age"]


# --- the entries and the tables -------------------------------------------------------------


@pytest.mark.parametrize("entry, model", [
    ("ClauseEntry", rows.Clause), ("SourceEntry", rows.Source), ("ChapterEntry", rows.Chapter),
    ("KindEntry", rows.ActivityKind), ("DutyEntry", rows.Duty),
    ("QuestionEntry", rows.SelfCheckQuestion), ("CampaignEntry", rows.Campaign),
    ("MechanismEntry", rows.Mechanism), ("ParameterEntry", rows.Parameter)])
def test_what_the_files_admit_fits_the_columns(entry, model):
    longest = {name: each.metadata["longest"]
               for name, each in getattr(catalogue_entries, entry).__dataclass_fields__.items()
               if "longest" in each.metadata}
    assert longest
    assert longest == {name: model._meta.get_field(name).max_length for name in longest}


# --- the shipped catalogue --------------------------------------------------------------------


def test_the_shipped_catalogue_is_one_complete_version(shipped):
    assert len(shipped.clauses) == 373
    [version] = shipped.versions
    assert (version.code, version.complete) == ("2026.2", True)
    assert [chapter.name for chapter in version.chapters] == [
        "明白人", "举旗人", "领头人", "推动人", "严实人", "履行人",
    ]
    assert {duty.subject for duty in version.duties} == set(WORDS.subjects)
    assert {duty.chapter for duty in version.duties} == {1, 2, 3, 4, 5, 6}
    assert {duty.evidence for duty in version.duties} == set(WORDS.evidence)


# Guide of the architecture, section 3; the committee's own list has none there.
GUIDE = {"party_group": (18, 22), "secretary": (6, 8), "member": (3, 5),
         "organ_committee": (15, 20), "discipline_committee": (5, 6), "branch": (10, 12)}


@pytest.mark.parametrize("subject", GUIDE)
def test_a_list_is_about_as_long_as_the_architecture_says(shipped, subject):
    least, most = GUIDE[subject]
    duties = [duty for duty in shipped.versions[0].duties if duty.subject == subject]
    assert least <= len(duties) <= most


def test_what_is_anchored_in_the_lecture_stays_short_of_a_quotation(shipped):
    assert max(len(clause.anchor) for clause in shipped.clauses) <= 16

"""The files are refused with sentences that say where; the shipped ones pass."""

from datetime import date

import pytest

from apps.duties.catalogue_file import CatalogueError, read_folder, version_key
from apps.duties.services.loading import WORDS


def problems(folder) -> str:
    with pytest.raises(CatalogueError) as caught:
        read_folder(folder.path, WORDS)
    return "\n".join(caught.value.problems)


def test_an_optional_field_may_be_left_out(folder):
    [duty] = read_folder(folder.path, WORDS).versions[0].duties
    assert (duty.applies_to, duty.also_fulfils, duty.event_label) == ([], [], "")
    assert duty.runs_from is None


def test_a_comment_does_not_change_the_digest_but_a_word_does(folder):
    path = folder.path / "2026.1.yaml"
    before = read_folder(folder.path, WORDS).versions[0].digest
    path.write_text("# 说明\n" + path.read_text("utf-8"), "utf-8")
    assert read_folder(folder.path, WORDS).versions[0].digest == before
    folder.version(folder.duty(text="每季度开两次会。"))
    assert read_folder(folder.path, WORDS).versions[0].digest != before


def test_versions_come_oldest_first_and_ten_after_nine(folder):
    for name in ("2026.10", "2026.9"):
        folder.version(name=name)
    codes = [version.code for version in read_folder(folder.path, WORDS).versions]
    assert codes == ["2026.1", "2026.9", "2026.10"]
    assert version_key("2026.10") > version_key("2026.9")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "DZ1"}, "2026.1.yaml DZ1 code：要形如DZ-01"),
        ({"title": "一二三四五六七八九十一二三四五"}, "DZ-01 title：最多14个字，现有15个"),
        ({"evidence_why": "好" * 121}, "DZ-01 evidence_why：最多120个字，现有121个"),
        ({"theme": "从严治党"}, "DZ-01 theme：“从严治党”要用小写字母和下划线"),
        ({"parameters": ["youth_age"]}, "DZ-01 parameters：没有“youth_age”"),
        ({"opened_by": "mail"}, "DZ-01 opened_by：没有“mail”，可用appointment、document"),
        ({"opened_by": "document"}, "DZ-01 opened_by、events_a_year：只用于发生一次报一次"),
        ({"events_a_year": 2}, "DZ-01 opened_by、events_a_year：只用于发生一次报一次"),
        ({"cadence": "on_event", "due": {}, "events_a_year": 0}, "DZ-01 events_a_year：要大于0"),
        ({"text": " "}, "DZ-01 text：没有填"),
        ({"minutes": "十"}, "DZ-01 minutes：“十”的写法不对"),
        ({"minutes": True}, "DZ-01 minutes：“True”的写法不对"),
        ({"minutes": 0}, "DZ-01 minutes：要大于0"),
        ({"example": "太短。"}, "DZ-01 example：要40至90个字，现有3个"),
        ({"subject": "group"}, "DZ-01 subject：没有“group”"),
        ({"cadence": "weekly"}, "DZ-01 cadence：没有“weekly”"),
        ({"evidence": "photo"}, "DZ-01 evidence：没有“photo”"),
        ({"review_mode": "never"}, "DZ-01 review_mode：没有“never”"),
        ({"applies_to": ["has_canteen"]}, "DZ-01 applies_to：没有“has_canteen”"),
        ({"activity_kinds": ["党课"]}, "DZ-01 activity_kinds：“党课”要用小写字母"),
        ({"chapter": 7}, "DZ-01 chapter：没有第7章"),
        ({"clauses": []}, "DZ-01 clauses：要1至12条，现有0条"),
        ({"clauses": ["9.9.9"]}, "DZ-01 clauses：没有“9.9.9”"),
        ({"clauses": ["1.0.1", "1.0.1"]}, "DZ-01 clauses：“1.0.1”重复"),
        ({"clauses": [1.1]}, "DZ-01 clauses：“[1.1]”的写法不对"),
        ({"sources": []}, "DZ-01 sources：至少要有一个来源"),
        ({"sources": ["other"]}, "DZ-01 sources：没有“other”"),
        ({"why": "《别的规定》要求。"}, "DZ-01 why：《别的规定》不在这项的sources里"),
        ({"why": "《支部规程》第4条。"}, "DZ-01 why：《支部规程》第4条没有核对过原文"),
        ({"also_fulfils": ["DZ-01"]}, "DZ-01 also_fulfils：DZ-01自己也带着别的职责"),
        ({"also_fulfils": ["DZ-09"]}, "DZ-01 also_fulfils：没有“DZ-09”"),
        ({"photos": 3}, "DZ-01 photos：不认识这个字段"),
        ({"event_label": "有新任书记"}, "只用于发生一次报一次的职责"),
        ({"due": {}}, "DZ-01 due："),
        ({"due": {"anchor": "middle", "days": 0, "shift": "later"}}, "DZ-01 due："),
        ({"due": {"anchor": "period_end", "days": 0, "shift": "up"}}, "DZ-01 due："),
        ({"due": {"anchor": "period_end", "days": 999, "shift": "later"}}, "DZ-01 due："),
        ({"due": {"anchor": "period_start", "days": -1, "shift": "later"}}, "DZ-01 due："),
        ({"due": {"month": 6, "day": 30, "shift": "earlier"}}, "DZ-01 due："),
        ({"cadence": "once"}, "DZ-01 due："),
        ({"cadence": "once", "due": {"month": 2, "day": 30, "shift": "later"}}, "DZ-01 due："),
        ({"cadence": "once", "due": {"month": 13, "day": 1, "shift": "later"}}, "DZ-01 due："),
        ({"cadence": "standing"}, "DZ-01 due：发生一次报一次的和常态履行的没有固定日期"),
        ({"cadence": "on_event", "due": {}}, "DZ-01 event_label：发生一次报一次的要写按钮文字"),
        ({"cadence": "on_event", "due": {}, "event_label": "有"}, "DZ-01 days_after_event："),
        ({"runs_from": date(2026, 5, 1), "runs_to": date(2026, 4, 1)}, "runs_to：早于runs_from"),
    ],
)
def test_a_wrong_duty_is_named_with_its_field(folder, changes, sentence):
    folder.version(folder.duty(**changes))
    assert sentence in problems(folder)


def test_a_missing_field_is_named(folder):
    duty = folder.duty()
    del duty["why"]
    folder.version(duty)
    assert "2026.1.yaml DZ-01 why：没有填" in problems(folder)


def test_all_mistakes_are_told_at_once(folder):
    folder.version(folder.duty(minutes=0, chapter=7))
    found = problems(folder)
    assert "minutes" in found and "chapter" in found


def test_a_duty_code_stands_once(folder):
    folder.version(folder.duty(), folder.duty())
    assert "职责代码“DZ-01”重复" in problems(folder)


def test_a_duty_is_fulfilled_along_with_one_of_the_same_cadence_only(folder):
    folder.version(
        folder.duty(also_fulfils=["DZ-02"]),
        folder.duty(code="DZ-02", cadence="monthly"),
    )
    assert "DZ-01 also_fulfils：DZ-02的频次不同，不在同一期" in problems(folder)


def test_a_duty_is_not_fulfilled_along_with_two_others(folder):
    folder.version(
        folder.duty(also_fulfils=["DZ-03"]),
        folder.duty(code="DZ-02", also_fulfils=["DZ-03"]),
        folder.duty(code="DZ-03"),
    )
    assert "DZ-03：只能随一项职责一并履行，现有2项写了它" in problems(folder)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": "2026.2"}, "2026.1.yaml version：要与文件名相同"),
        ({"year": 2027}, "2026.1.yaml year：要与版本号开头的年份相同"),
        ({"title": ""}, "2026.1.yaml title：没有填"),
        ({"chapters": []}, "2026.1.yaml chapters：要是不空的列表"),
        ({"duties": ["DZ-01"]}, "2026.1.yaml duties第1项"),
        ({"owner": "工委"}, "2026.1.yaml：不认识“owner”"),
        ({"complete": "yes"}, "2026.1.yaml complete：要写true或false"),
        ({"title": "好" * 61}, "2026.1.yaml title：最多60个字"),
        ({"activity_kinds": [{"code": "会", "name": "会"}]}, "activity_kinds：“会”要用小写字母"),
        ({"activity_kinds": [{"code": "talk", "name": "谈话"}] * 2}, "活动类型代码“talk”重复"),
    ],
)
def test_a_wrong_version_is_named_with_its_field(folder, changes, sentence):
    folder.version(**changes)
    assert sentence in problems(folder)


def test_six_chapters_are_needed(folder):
    folder.version(chapters=[{"number": 1, "name": "第1人", "subtitle": "内容"}])
    assert "chapters：要有第1至6章" in problems(folder)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"anchor": "一二三四五六七八九十一二三四五六七"}, "1.0.2 anchor：要1至16个字，现有17个"),
        ({"anchor": "要按季开会"}, "定位文字（anchor）“要按季开会”重复"),
        ({"code": "1.0.1"}, "条文代码“1.0.1”重复"),
        ({"kind": "wish"}, "1.0.2 kind：没有“wish”这一类"),
    ],
)
def test_a_wrong_clause_is_named_with_its_field(folder, changes, sentence):
    first = {"code": "1.0.1", "line": 1, "kind": "duty", "paraphrase": "甲", "anchor": "要按季开会"}
    second = {"code": "1.0.2", "line": 2, "kind": "duty", "paraphrase": "乙", "anchor": "会要短"}
    folder.clauses(first, {**second, **changes})
    assert sentence in problems(folder)


@pytest.mark.parametrize("text", ["a: [", "- 1", "due: 2026-02-30", ""])
def test_a_file_that_is_no_yaml_of_ours_is_named(folder, text):
    (folder.path / "2026.2.yaml").write_text(text, encoding="utf-8")
    assert "2026.2.yaml" in problems(folder)


def test_a_folder_without_versions_or_clauses_is_refused(folder):
    (folder.path / "2026.1.yaml").unlink()
    assert "没有版本文件" in problems(folder)
    (folder.path / "clauses.yaml").unlink()
    assert "没有clauses.yaml" in problems(folder)

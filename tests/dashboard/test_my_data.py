"""What is kept about oneself: shown, taken along, put right."""

import json
from io import BytesIO

import pytest
from openpyxl import load_workbook

from apps.core import privacy
from apps.core.act import SYSTEM
from apps.core.errors import Conflict, NotAllowed
from apps.core.models import AuditEvent
from apps.organizations import services
from apps.organizations.models import Correction
from apps.organizations.roster import apply as rosters
from apps.organizations.services import personal_data
from tests.checklists.steps import hand_in
from tests.organizations.roster_files import workbook

REQUEST = "姓名应为李一凡。"


def content(response) -> bytes:
    return b"".join(response.streaming_content)


def taken(phone) -> dict:
    return json.loads(content(phone.post("/me/data/json/")))


def done(code: str) -> int:
    return AuditEvent.objects.filter(code=code).count()


# --- seen and taken along -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["jyj_zb1", "gongwei_admin", "xitong", "shenji"])
def test_everybody_sees_what_is_kept_about_himself(city, login, who):
    page = login(who).get("/me/data/")
    kinds = {kind["label"]: kind["count"] for kind in page.context["kinds"]}
    assert kinds["任职"] == 1 and city.user(who).username in page.text
    assert all(kind["purpose"] and kind["kept"] and kind["seen_by"]
               for kind in page.context["kinds"])


def test_a_report_that_one_filed_is_counted_and_taken_along(city, login):
    phone = login("jyj_zb1")
    before = [k for k in phone.get("/me/data/").context["kinds"] if k["label"] == "填报"]
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), city.user("jyj_zb1"), words="开了支委会。")
    (kind,) = [k for k in phone.get("/me/data/").context["kinds"] if k["label"] == "填报"]
    assert (before, kind["count"], kind["role"]) == ([], 1, "填报人")
    (part,) = [part for part in taken(phone)["记录"] if part["类别"] == "填报"]
    assert "开了支委会。" in part["条"][0].values()


def test_the_file_holds_every_kind_that_the_page_counts(city, login):
    phone = login("jyj_jgdw")
    hand_in(city.task("jyj_jgdw", "JG-03", "2026-Q3"), city.user("jyj_jgdw"))
    shown = {(kind["label"], kind["role"]): kind["count"]
             for kind in phone.get("/me/data/").context["kinds"]}
    file = {(part["类别"], part["本人在其中"]): len(part["条"]) for part in taken(phone)["记录"]}
    only_secret = {key for key in shown if key not in file}
    assert only_secret <= {("用过的密码", "本人")}
    assert {key: count for key, count in file.items() if key[0] != "审计记录"} == {
        key: count for key, count in shown.items()
        if key not in only_secret and key[0] != "审计记录"}


def test_a_reference_to_a_person_that_is_new_is_in_the_file_by_itself(city):
    """The ways are read off the models, so none can be forgotten."""
    assert {"drafted_by", "confirmed_by", "by", "asked_by", "decided_by", "signed_by",
            "uploaded_by", "actor_id", "appointment__user"} <= {
        way.lookup for way in privacy.holdings()}


def test_no_hash_and_no_key_leaves(city, login):
    user = city.user("jyj_zb1")
    phone = login("jyj_zb1")
    text = json.dumps(taken(phone), ensure_ascii=False)
    assert user.password not in text and phone.session.session_key not in text
    assert "李一帆" in text


def test_of_others_nothing_leaves(city, login):
    other = city.user("czj_zb1")
    personal_data.set_phone(user=other, work_phone="0571-88886666", by=other)
    hand_in(city.task("czj_zb1", "ZB-01", "2026-11"), other, words="别人的填报")
    text = json.dumps(taken(login("jyj_zb1")), ensure_ascii=False)
    assert "88886666" not in text and "别人的填报" not in text and "孙晓东" not in text


def test_what_others_wrote_does_not_leave_with_who_answered_it(city, login):
    """Else a post that was laid down long ago still opened what it once had to read."""
    clerk = city.user("jyj_jgdw")
    asked = personal_data.ask_correction(request=REQUEST, by=city.user("jyj_zb1"))
    personal_data.settle(correction=asked, by=clerk, seen=0, answer="改好了。")
    text = json.dumps(taken(login("jyj_jgdw")), ensure_ascii=False)
    (part,) = [part for part in taken(login("jyj_jgdw"))["记录"] if part["类别"] == "更正申请"]
    assert "改好了。" in part["条"][0].values() and REQUEST not in text
    own = json.dumps(taken(login("jyj_zb1")), ensure_ascii=False)
    assert REQUEST in own and "改好了。" in own


def test_the_file_of_a_roster_is_not_the_importers_own_data(city, login):
    rosters.check(uploads=[workbook(people=[("xinren", "辛仁")])], by=city.user("gongwei_admin"))
    (part,) = [part for part in taken(login("gongwei_admin"))["记录"] if part["类别"] == "名册"]
    assert part["条"] and "辛仁" not in str(part)


def test_the_sheet_is_text_and_says_what_for(city, login):
    user = city.user("jyj_zb1")
    hand_in(city.task("jyj_zb1", "ZB-01", "2026-11"), user, words="=1+1")
    book = load_workbook(BytesIO(content(login("jyj_zb1").post("/me/data/excel/"))))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[0][0] == "李一帆的个人信息"
    assert ["账号", "姓名", "李一帆"] in [row[:3] for row in rows]
    assert any("=1+1" in str(row[2]) for row in rows)
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


@pytest.mark.parametrize("form", ["excel", "json"])
def test_each_export_stands_in_the_audit(login, form):
    phone = login("jyj_zb1")
    assert phone.get(f"/me/data/{form}/").status_code == 405
    content(phone.post(f"/me/data/{form}/"))
    assert done("organizations.user.data_export") == 1


def test_the_numbers_cost_one_statement(city, django_assert_num_queries):
    user = city.user("jyj_zb1")
    with django_assert_num_queries(1):
        assert privacy.counts(user)


def test_who_looked_at_the_number_is_told_to_its_owner(city, login):
    user = city.user("jyj_zb1")
    personal_data.set_phone(user=user, work_phone="0571-88886666", by=user)
    personal_data.view_phone(user=user, by=city.user("jyj_jgdw"))
    page = login("jyj_zb1").get("/me/data/")
    assert "查看过号码的：11月23日 10:00，陈立新" in page.text


# --- put right ----------------------------------------------------------------------------


def test_the_own_telephone_is_set_and_cleared(city, login):
    phone = login("jyj_zb1")
    phone.post("/me/data/phone/", {"work_phone": "０５７１-88886666"})
    assert city.user("jyj_zb1").work_phone == "0571-88886666"
    phone.post("/me/data/phone/", {"work_phone": ""})
    assert city.user("jyj_zb1").work_phone == ""


def test_a_bad_number_stays_in_the_form(city, login):
    page = login("jyj_zb1").post("/me/data/phone/", {"work_phone": "一二三"})
    assert page.status_code == 200 and 'value="一二三"' in page.text
    assert "请写办公电话或工作手机" in page.text and city.user("jyj_zb1").work_phone == ""


@pytest.mark.parametrize("who, waits", [
    ("gongwei_admin", 1), ("jyj_jgdw", 1), ("jyj_jgdwsj", 1), ("jyj_zb1", 0), ("czj_zz", 0),
    ("ducha", 0)])
def test_a_request_waits_for_who_keeps_the_account(login, who, waits):
    login("jyj_zb1").post("/me/data/correction/", {"request": REQUEST})
    found = login(who).get("/").context["corrections"]
    assert (found["count"] if found else 0) == waits


def test_the_system_administrator_finds_it_on_his_first_page(login):
    assert "更正申请" not in login("xitong").get("/admin/").text
    login("jyj_zb1").post("/me/data/correction/", {"request": REQUEST})
    assert "1件等答复。" in login("xitong").get("/admin/").text


def test_it_is_answered_and_the_person_reads_the_answer(city, login):
    phone, desk = login("jyj_zb1"), login("jyj_jgdw")
    phone.post("/me/data/correction/", {"request": REQUEST})
    row = Correction.unscoped.get()
    assert REQUEST in desk.get("/corrections/").text
    answered = desk.post(f"/corrections/{row.pk}/", {
        "decision": "settle", "answer": "改好了。", "seen": row.version}, follow=True)
    assert "答复了李一帆。" in answered.text
    page = phone.get("/me/data/").text
    assert "已更正" in page and "改好了。" in page and "陈立新" in page
    assert login("gongwei_admin").get("/").context["corrections"] is None


def test_no_needs_a_reason(city, login):
    login("jyj_zb1").post("/me/data/correction/", {"request": REQUEST})
    row = Correction.unscoped.get()
    page = login("jyj_jgdw").post(f"/corrections/{row.pk}/", {
        "decision": "decline", "answer": " ", "seen": row.version})
    assert "请写一句答复不更正的理由。" in page.text
    assert Correction.unscoped.get().state == "asked"


def test_nobody_answers_himself(city, login):
    secretary = city.user("jyj_jgdwsj")
    row = personal_data.ask_correction(request=REQUEST, by=secretary)
    with pytest.raises(NotAllowed, match="不能由自己"):
        personal_data.settle(correction=row, by=secretary, seen=0)
    assert login("jyj_jgdwsj").get("/").context["corrections"] is None
    assert login("gongwei_admin").get("/").context["corrections"]["count"] == 1


def test_two_answers_at_once_are_one(city):
    row = personal_data.ask_correction(request=REQUEST, by=city.user("jyj_zb1"))
    personal_data.settle(correction=row, by=city.user("jyj_jgdw"), seen=0)
    with pytest.raises(Conflict, match="陈立新"):
        personal_data.decline(correction=row, by=city.user("gongwei_admin"), seen=0, answer="不。")


def test_one_request_waits_at_a_time(city, login):
    phone = login("jyj_zb1")
    for _ in range(2):
        page = phone.post("/me/data/correction/", {"request": REQUEST})
    assert "上一次的更正申请还没有答复" in page.text and Correction.unscoped.count() == 1


@pytest.mark.parametrize("request_", ["", "  ", "字" * 301, "机密★文件"])
def test_a_request_without_words_or_with_a_mark_is_refused(city, login, request_):
    page = login("jyj_zb1").post("/me/data/correction/", {"request": request_})
    assert page.status_code == 200 and page.context["form"].errors["request"]
    assert not Correction.unscoped.exists()


@pytest.mark.parametrize("who, status", [("czj_zz", 404), ("jyj_zb1", 403), ("ducha", 403),
                                         ("shenji", 403), ("gongwei_admin", 200)])
def test_a_request_is_read_by_who_may_answer_it(city, login, who, status):
    row = personal_data.ask_correction(request=REQUEST, by=city.user("jyj_zb1"))
    assert login(who).get(f"/corrections/{row.pk}/").status_code == status


def test_who_holds_no_post_asks_the_committee(city, login):
    user = services.create_user(username="neu", name="新人", password="x", by=SYSTEM,
                                is_demo=True)
    personal_data.ask_correction(request=REQUEST, by=user)
    assert login("jyj_jgdw").get("/").context["corrections"] is None
    assert login("gongwei_admin").get("/").context["corrections"]["count"] == 1

"""Personal fields of checklists: who did what, and words that may name somebody."""

from apps.core.privacy import SENSITIVE, Personal

FOREVER = "不自动删除"
READERS = "看得到这份清单的人"

_HOLDER = Personal("个人清单是谁的、事项由谁负责", FOREVER, READERS)
_REPORT = Personal("说明做了什么、由谁填报和确认", FOREVER, READERS)
_REVIEW = Personal("说明由谁审核、为什么退回", FOREVER, READERS)
_ADOPTED = Personal("说明清单由谁签认、审定", FOREVER, READERS)
_ASKED = Personal("说明谁提出申请、谁答复", FOREVER, READERS)
_SENT = Personal("说明谁下发、谁催办", FOREVER, READERS)
_PHOTO = Personal("佐证；照片里可能有人像，上传时去掉拍摄地点", FOREVER, READERS, SENSITIVE)

PERSONAL = {
    "checklists.checklist": {"holder": _HOLDER},
    "checklists.item": {"owner": _HOLDER},
    "checklists.occurrence": {"event": Personal("发生了什么事，可能提到人名", FOREVER, READERS)},
    "checklists.report": dict.fromkeys(
        ("activity_on", "words", "document_number", "drafted_by", "submitted_at", "confirmed_by",
         "confirmed_at"), _REPORT),
    "checklists.evidence": {"file": _PHOTO},
    "checklists.review": dict.fromkeys(("decision", "reason", "by", "at"), _REVIEW),
    "checklists.adoption": dict.fromkeys(("signed_by", "signed_on", "approved_by"), _ADOPTED),
    "checklists.petition": dict.fromkeys(
        ("kind", "reason", "asked_by", "asked_at", "decided_by", "decided_at", "answer"), _ASKED),
    "checklists.adhoctask": dict.fromkeys(("title", "sent_by", "sent_at"), _SENT),
    "checklists.nudge": dict.fromkeys(("by", "at", "words"), _SENT),
}
NAMES = {"checklists.evidence.file": "文件"}
OTHERS = {"checklists.petition.decided_by": "reason asked_by"}
REST = {
    "checklists.adhoctask": "id version organization duty basis year state withdrawn_reason",
    "checklists.adoption": "id version checklist state deliberated_on minutes_number adopted_on",
    "checklists.checklist":
        "id organization subject year version published_on counts_from",
    "checklists.evidence": "id report position",
    "checklists.item":
        "id checklist duty fulfilled_by measures days_earlier upper carried_from "
        "not_applicable_since archived_on archive_reason withdrawn_in counts_from",
    "checklists.listyear": "id version year state closed_on is_reopened",
    "checklists.nudge": "id occurrence on",
    "checklists.occurrence":
        "id version item organization slot period opened_by starts_on ends_on due_on state "
        "correct_by first_filed_on is_confirmed reviewed_by report withdrawn_in",
    "checklists.petition":
        "id version item occurrence proposed_on due_before due_after addressed_to state",
    "checklists.report": "id occurrence number submit_key",
    "checklists.review": "id report organization",
    "checklists.slot": "id version duty year period starts_on ends_on due_on is_provisional",
}

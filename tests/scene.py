"""One scene for the tests that walk over every URL: whose rows they are, who knocks.

A branch has a waiting report with evidence and a task with a draft and a file; its
superior has a waiting report on an event; a leader has an entry to confirm; the
committee has a job. Every text that a stranger must not see carries a canary.
"""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.checklists.models import Evidence
from apps.checklists.services import events, reporting
from apps.core import drafts, jobs
from apps.core.access import routes
from apps.core.act import SYSTEM
from apps.core.files import store
from apps.core.models import AuditEvent, DraftFile
from apps.organizations import services
from tests.city import PASSWORD, TODAY
from tests.core import hostile_files

# Column of the table -> account.
CAST = {
    "own": "jyj_zb1",
    "superior": "jyj_jgdw",
    "holder": "jyj_shuji",
    "sibling": "jyj_zb2",
    "other": "czj_zb1",
    "rival": "czj_zz",  # reviews too, but in another unit
    "inspector": "ducha",
    "committee": "gongwei",
    "admin": "gongwei_admin",
    "norole": "wuzhiwu",
    "system": "xitong",
    "auditor": "shenji",
    "anonymous": "",
}
# What all canaries begin with: a search for it must not find one.
CANARY = "金丝雀"
BRANCH_CANARIES = ("金丝雀一做法", "金丝雀二文号", "金丝雀三附件")
DRAFT_CANARIES = ("金丝雀四草稿", "金丝雀五草稿附件")
EVENT_CANARIES = ("金丝雀六事由", "金丝雀七谈话")
# Who must never meet which canary, on any page.
OUTSIDERS = {
    BRANCH_CANARIES: ("sibling", "other", "rival", "norole", "system", "auditor", "anonymous"),
    DRAFT_CANARIES: tuple(person for person in CAST if person != "own"),
    EVENT_CANARIES: ("own", "sibling", "other", "rival", "norole", "system", "anonymous"),
}


def picture(name: str) -> SimpleUploadedFile:
    """A photograph to upload."""
    return SimpleUploadedFile(name, hostile_files.jpg(64, 48), content_type="image/jpeg")


class Scene:
    """Rows to knock at; `samples` and `bodies` go by URL name."""

    def __init__(self, city):
        self.city = city
        services.create_user(username="wuzhiwu", name="吴职务", password=PASSWORD, by=SYSTEM)
        own, clerk = city.user("jyj_zb1"), city.user("jyj_jgdw")
        self.waiting = self.report(city.task("jyj_zb1", "ZB-01", "2026-10"), own)
        self.open = city.task("jyj_zb1", "ZB-01", "2026-11")
        self.draft_file(own)
        self.item = city.item("jyj_jgdw", "JG-02")
        happened = events.open_event(item=self.item, event=EVENT_CANARIES[0], happened_on=TODAY,
                                     by=clerk)
        self.event = self.submit(happened, clerk, EVENT_CANARIES[1])
        self.unconfirmed = self.submit(city.task("jyj", "SJ-01"), clerk, "讲了专题党课。")
        self.job = jobs.start(kind="publish", title="下发", by=city.user("gongwei_admin"))
        jobs.finish(self.job, "好了")
        self.samples, self.bodies = self.all_samples(), self.all_bodies()

    def report(self, task, user):
        """A waiting report of the branch, with words, number and a photograph."""
        draft = drafts.save(user=user, target=task, data={})
        drafts.add_file(draft=draft, file=store(picture(f"{BRANCH_CANARIES[2]}.jpg"), by=user))
        return self.submit(task, user, BRANCH_CANARIES[0], BRANCH_CANARIES[1])

    def draft_file(self, user) -> None:
        """A draft with a file, as if the person were still typing."""
        draft = drafts.save(user=user, target=self.open, data={"words": DRAFT_CANARIES[0]})
        drafts.add_file(draft=draft, file=store(picture(f"{DRAFT_CANARIES[1]}.jpg"), by=user))

    def submit(self, task, user, words: str, number: str = ""):
        """Submit in one go; returns the fresh row."""
        reporting.submit(occurrence=task, by=user, activity_on=TODAY, words=words,
                         document_number=number, submit_key=uuid4())
        return type(task).unscoped.for_page().get(pk=task.pk)

    def all_samples(self) -> dict[str, dict]:
        """Arguments of every URL that takes some."""
        city, file = self.city, DraftFile.objects.get(draft__target_id=str(self.open.pk))
        evidence = Evidence.unscoped.get(report=self.waiting.report)
        checklist = self.waiting.item.checklist
        rows = {
            "checklist_detail": checklist, "checklist_history": checklist,
            "event_open": self.item, "task": self.waiting, "task_history": self.waiting,
            "report_submit": self.open, "draft_save": self.open, "draft_file_add": self.open,
            "report_withdraw": self.waiting, "report_send_back": self.unconfirmed,
            "review_detail": self.waiting, "review_accept": self.waiting,
            "review_return": self.waiting, "draft_file": file, "draft_file_preview": file,
            "evidence": evidence, "evidence_preview": evidence,
        }
        found = {f"checklists:{name}": {"pk": row.pk} for name, row in rows.items()}
        found["checklists:draft_file_remove"] = {"pk": self.open.pk, "file_pk": file.pk}
        found["dashboard:job"] = {"pk": self.job.pk}
        found["admin:app_list"] = {"app_label": "organizations"}
        for name in ("review_detail", "review_accept", "review_return"):
            found[f"admin:{name}"] = {"pk": self.event.pk}
        changed = {
            "core_auditevent": AuditEvent.objects.get(target_id=self.waiting.pk,
                                                      code="checklists.occurrence.submit"),
            "duties_catalogueversion": city.version(),
            "duties_duty": self.item.duty,
            "organizations_organization": city.place("jyj_zb1"),
            "organizations_appointment": city.user("jyj_zb1").posts[0],
            "organizations_user": city.user("jyj_zb1"),
        }
        return found | {f"admin:{name}_change": {"object_id": row.pk}
                        for name, row in changed.items()}

    def all_bodies(self) -> dict[str, dict]:
        """What the right person would post, so that a refusal is not one of the form."""
        typed = {"activity_on": "2026-11-20", "words": "开了支委会。", "document_number": "",
                 "seen": self.open.version, "submit_key": str(uuid4())}
        decision = {"seen": self.waiting.version, "canned": "", "reason": "请补一句。"}
        holder = self.unconfirmed
        return {
            "checklists:report_submit": typed, "checklists:draft_save": typed,
            "checklists:draft_file_add": typed, "checklists:draft_file_remove": typed,
            "checklists:report_withdraw": {"seen": self.waiting.version},
            "checklists:report_send_back": {"seen": holder.version, "reason": "再改改。"},
            "checklists:confirm": {"task": holder.pk, f"seen-{holder.pk}": holder.version},
            "checklists:event_open": {"event": "又有新任书记", "happened_on": "2026-11-20"},
            "checklists:review_accept": decision, "checklists:review_return": decision,
            "admin:review_accept": decision | {"seen": self.event.version},
            "admin:review_return": decision | {"seen": self.event.version},
            "admin:publish_year": {"version": self.city.version().pk, "year": TODAY.year},
        }


def all_routes() -> list[tuple[str, str]]:
    """Every (route, URL name) of the site."""
    return [(route, name) for route, name, _pattern in routes()]

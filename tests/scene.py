"""One scene for the tests that walk over every URL: whose rows they are, who knocks.

A branch has a waiting report with evidence and a task with a draft and a file; its
superior has a waiting report on an event; a leader has an entry to confirm; the
committee has a job. Every text that a stranger must not see carries a canary.
"""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.checklists.models import Checklist, Evidence, ListYear, Occurrence
from apps.checklists.services import (
    adopting,
    events,
    nudging,
    petitioning,
    reporting,
    tailoring,
)
from apps.core import drafts, jobs
from apps.core.access import routes
from apps.core.act import SYSTEM
from apps.core.files import store
from apps.core.models import AuditEvent, CalendarYear, DraftFile
from apps.dashboard.catalogue_forms import DutyForm
from apps.duties import editions
from apps.duties.models import Campaign, Chapter, Duty, Mechanism, Parameter, SelfCheckQuestion
from apps.duties.services import drafting
from apps.organizations import services
from apps.organizations.roster import apply as roster_checks
from apps.organizations.services import personal_data
from tests import scene_changes
from tests.checklists.sending import ask, send
from tests.city import PASSWORD, TODAY
from tests.core import hostile_files
from tests.organizations.roster_files import text_table

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
PETITION_CANARIES = ("金丝雀八理由",)
# Said to one branch about its own row of a task that went to the branches of two units.
NUDGE_CANARIES = ("金丝雀九催办",)
CORRECTION_CANARIES = ("金丝雀丁更正",)
# A work telephone, which is masked until somebody in whose view its owner is asks for it.
PHONE_CANARIES = ("0571-86660123",)
LIST_CANARIES = ("金丝雀甲措施", "金丝雀乙自定")
# Who must never meet which canary, on any page.
OUTSIDERS = {
    CORRECTION_CANARIES: ("holder", "sibling", "other", "rival", "inspector", "committee",
                          "norole", "auditor", "anonymous"),
    PHONE_CANARIES: ("sibling", "other", "rival", "norole", "system", "auditor", "anonymous"),
    LIST_CANARIES: ("sibling", "other", "rival", "norole", "system", "anonymous"),
    BRANCH_CANARIES: ("sibling", "other", "rival", "norole", "system", "auditor", "anonymous"),
    PETITION_CANARIES: ("sibling", "other", "rival", "norole", "system", "anonymous"),
    NUDGE_CANARIES: ("sibling", "other", "rival", "norole", "system", "anonymous"),
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
        services.create_user(username="wuzhiwu", name="吴职务", password=PASSWORD, by=SYSTEM,
                             is_demo=True)
        own, clerk = city.user("jyj_zb1"), city.user("jyj_jgdw")
        self.waiting = self.report(city.task("jyj_zb1", "ZB-01", "2026-10"), own)
        self.open = city.task("jyj_zb1", "ZB-01", "2026-11")
        self.draft_file(own)
        self.item = city.item("jyj_jgdw", "JG-02")
        happened = events.open_event(item=self.item, event=EVENT_CANARIES[0], happened_on=TODAY,
                                     by=clerk)
        self.event = self.submit(happened, clerk, EVENT_CANARIES[1])
        self.unconfirmed = self.submit(city.task("jyj", "SJ-01"), clerk, "讲了专题党课。")
        self.petition = petitioning.ask(
            occurrence=self.open, kind="excuse", by=own, reason=PETITION_CANARIES[0])
        self.asked_above = petitioning.ask(
            occurrence=city.task("jyj_jgdw", "JG-03", "2026-Q4"), kind="excuse", by=clerk,
            reason="这一季度没有可用的案例。")
        self.ad_hoc = self.send_ad_hoc(city.user("gongwei"))
        self.own_item = self.tailored(own)
        self.signed = self.members_list()
        self.past_years()
        self.correction = self.personal(own)
        self.draft = drafting.begin(based_on=city.version(), by=SYSTEM)
        self.drafted = Duty.objects.get(version=self.draft, code="ZB-03")
        self.proposal = scene_changes.propose(city)
        self.job = jobs.start(kind="publish", title="下发", by=city.user("gongwei_admin"))
        jobs.finish(self.job, "好了")
        self.roster = roster_checks.check(
            uploads=[text_table([("xinren", "辛仁")], "utf-8")], by=city.user("gongwei_admin"))
        self.samples, self.bodies = self.all_samples(), self.all_bodies()

    def personal(self, user):
        """A work telephone, and a request to put something right."""
        personal_data.set_phone(user=user, work_phone=PHONE_CANARIES[0], by=user)
        return personal_data.ask_correction(request=CORRECTION_CANARIES[0], by=user)

    def past_years(self) -> None:
        """A closed year and one that can be closed, its working days entered."""
        for year in (TODAY.year - 2, TODAY.year - 1):
            Checklist.unscoped.create(
                organization=self.city.place("czj"), subject="party_group", year=year,
                version=self.city.version(), published_on=TODAY, counts_from=TODAY)
        ListYear.objects.create(year=TODAY.year - 2, state="closed", closed_on=TODAY)
        CalendarYear.objects.create(year=TODAY.year - 1)

    def send_ad_hoc(self, officer):
        """A task for the branches of two units; one of them is nudged."""
        task = send(self.city, "jyj", "czj", what=ask(subject="branch"))
        own = Occurrence.unscoped.filter(opened_by=task.key, organization__code="JYJ_ZB1")
        nudging.nudge(occurrences=own, words=NUDGE_CANARIES[0], by=officer)
        return task

    def report(self, task, user):
        """A waiting report of the branch, with words, number and a photograph."""
        draft = drafts.save(user=user, target=task, data={})
        drafts.add_file(draft=draft, file=store(picture(f"{BRANCH_CANARIES[2]}.jpg"), by=user))
        return self.submit(task, user, BRANCH_CANARIES[0], BRANCH_CANARIES[1])

    def tailored(self, user):
        """The branch's list with an own item and a measure."""
        tailoring.tailor(items=[self.open.item], by=user, measures=LIST_CANARIES[0])
        return tailoring.add_own(
            checklist=self.open.item.checklist, by=user, title=LIST_CANARIES[1], text="联建。",
            why="支部自己定的。", chapter=Chapter.objects.get(number=1), cadence="standing",
            due={}, evidence="none", minutes=5)

    def members_list(self):
        """A member's list that he has signed; the small catalogue has none."""
        like, member = self.city.checklist("jyj", "secretary"), self.city.user("jyj_chengyuan")
        found = Checklist.objects.create(
            organization=like.organization, subject="member", year=like.year, holder=member,
            version=like.version, published_on=TODAY, counts_from=TODAY)
        return adopting.sign_as_member(checklist=found, by=member).checklist

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
            "checklist_edit": checklist, "own_item_add": checklist,
            "checklist_uppers": checklist, "checklist_coverage": checklist,
            "checklist_print": checklist, "checklist_excel": checklist,
            "checklist_word": checklist, "checklist_sign": checklist,
            "checklist_deliberate": city.checklist("jyj_jgdw"),
            "checklist_approve": self.signed, "checklist_reopen": self.signed,
            "own_item_change": self.own_item, "own_item_withdraw": self.own_item,
            "event_open": self.item, "task": self.waiting, "task_history": self.waiting,
            "report_submit": self.open, "draft_save": self.open, "draft_file_add": self.open,
            "report_withdraw": self.waiting, "report_send_back": self.unconfirmed,
            "review_detail": self.waiting, "review_accept": self.waiting,
            "review_return": self.waiting, "draft_file": file, "draft_file_preview": file,
            "evidence": evidence, "evidence_preview": evidence,
            "petition_ask": self.open, "item_petition_ask": self.open.item,
            "petition_detail": self.petition, "petition_withdraw": self.petition,
        }
        found = {f"checklists:{name}": {"pk": row.pk} for name, row in rows.items()}
        found["checklists:duty"] = {"pk": self.item.duty_id}
        for name in ("draft_detail", "draft_discard", "duty_add", "difference", "apply"):
            found[f"admin:catalogue_{name}"] = {"pk": self.draft.pk}
        found["admin:catalogue_draft_begin"] = {"pk": self.draft.based_on_id}
        found["admin:catalogue_difference_unit"] = {
            "pk": self.draft.pk, "unit_pk": city.place("jyj").pk}
        for name in ("draft_duty", "duty_drop"):
            found[f"admin:catalogue_{name}"] = {"pk": self.drafted.pk}
        found["checklists:draft_file_remove"] = {"pk": self.open.pk, "file_pk": file.pk}
        for name in ("person", "person_phone"):
            found[f"dashboard:{name}"] = {"pk": city.user("jyj_zb1").pk}
        found["dashboard:correction_detail"] = {"pk": self.correction.pk}
        found["dashboard:job"] = {"pk": self.job.pk}
        for name in ("detail", "result", "apply", "passwords"):
            found[f"admin:roster_{name}"] = {"pk": self.roster.pk}
        found["dashboard:organization"] = {"pk": city.place("jyj_zb1").pk}
        found |= scene_changes.samples(city, self.proposal)
        found["account_reset"] = {"token": "nobody-was-given-this-link"}
        for name in ("reset", "block", "admit", "sessions"):
            found[f"admin:account_{name}"] = {"pk": city.user("jyj_zb1").pk}
        years = {"working_days": 1, "working_days_paste": 1, "working_days_load": -1,
                 "working_days_settle": 0, "working_days_reopen": -1, "year_close": -1,
                 "year_reopen": -2}
        found |= {f"admin:{name}": {"year": TODAY.year + n} for name, n in years.items()}
        found["admin:app_list"] = {"app_label": "organizations"}
        for name in ("review_detail", "review_accept", "review_return"):
            found[f"admin:{name}"] = {"pk": self.event.pk}
        found["admin:petition_detail"] = {"pk": self.asked_above.pk}
        for name in ("ad_hoc_detail", "ad_hoc_withdraw"):
            found[f"admin:{name}"] = {"pk": self.ad_hoc.pk}
        changed = {
            "core_auditevent": AuditEvent.objects.get(target_id=self.waiting.pk,
                                                      code="checklists.occurrence.submit"),
            "duties_catalogueversion": city.version(),
            "duties_duty": self.item.duty,
            "duties_campaign": Campaign.objects.get(),
            "duties_mechanism": Mechanism.objects.get(),
            "duties_parameter": Parameter.objects.get(code="youth_age"),
            "duties_selfcheckquestion": SelfCheckQuestion.objects.get(version=city.version()),
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
        answer = {"decision": "grant", "answer": "", "seen": 0}
        holder = self.unconfirmed
        own_words = {"title": "换个名字", "text": "联建。", "why": "支部定的。", "minutes": "5",
                     "chapter": self.own_item.duty.chapter_id, "evidence": "none"}
        return scene_changes.bodies(self.city) | {
            "dashboard:my_data_phone": {"work_phone": "0571-88886666"},
            "dashboard:my_data_correct": {"request": "姓名的第二个字写错了。"},
            "dashboard:correction_detail": {"decision": "settle", "answer": "改好了。", "seen": 0},
            "checklists:checklist_edit": {"act": "save"},
            "checklists:own_item_add": own_words | {"cadence": "standing"},
            "checklists:own_item_change": own_words,
            "checklists:own_item_withdraw": {"reason": "不办了。"},
            "checklists:checklist_uppers": {},
            "checklists:checklist_deliberate": {"held_on": "2026-11-20", "seen": 0,
                                                "minutes_number": "1号"},
            "checklists:checklist_sign": {"seen": 0}, "checklists:checklist_approve": {"seen": 1},
            "checklists:checklist_reopen": {"seen": 1, "reason": "换了分工。"},
            "checklists:report_submit": typed, "checklists:draft_save": typed,
            "checklists:draft_file_add": typed, "checklists:draft_file_remove": typed,
            "checklists:report_withdraw": {"seen": self.waiting.version},
            "checklists:report_send_back": {"seen": holder.version, "reason": "再改改。"},
            "checklists:confirm": {"task": holder.pk, f"seen-{holder.pk}": holder.version},
            "checklists:event_open": {"event": "又有新任书记", "happened_on": "2026-11-20"},
            "checklists:review_accept": decision, "checklists:review_return": decision,
            "checklists:petition_ask": {"kind": "extension", "proposed_on": "2026-12-16",
                                        "reason": "书记出差。"},
            "checklists:item_petition_ask": {"reason": "没有这件事。"},
            "checklists:petition_detail": answer,
            "checklists:petition_withdraw": {"seen": self.petition.version},
            "admin:petition_detail": answer,
            "checklists:outstanding_nudge": {"all": "1", "words": "请这两天报。"},
            "admin:outstanding_nudge": {"all": "1", "words": "请这两天报。"},
            "admin:ad_hoc_new": {"step": "pick"}, "admin:ad_hoc_open": {"step": "pick"},
            "admin:ad_hoc_withdraw": {"seen": self.ad_hoc.version, "reason": "不用了。"},
            "admin:review_accept": decision | {"seen": self.event.version},
            "admin:review_return": decision | {"seen": self.event.version},
            "admin:duties_parameter_change": {"value": "35"},
            "admin:working_days": {"kind": "off", "first": "5月3日", "last": "", "name": "劳动节"},
            "admin:working_days_paste": {"lines": "5月3日 放假 劳动节"},
            "admin:year_close": {"seen": 0}, "admin:year_reopen": {"seen": 0, "reason": "补报。"},
            "admin:catalogue_draft_duty": duty_form(self.drafted),
            "admin:catalogue_duty_add": duty_form(self.drafted) | {
                "subject": "branch", "activity_kinds": []},
            "admin:publish_year": {"version": self.city.version().pk, "year": TODAY.year},
        }


def duty_form(duty) -> dict:
    """What the form of a duty sends when nothing was typed."""
    entry = editions.entry(duty)
    form = DutyForm.of(entry, seen=drafting.mark(entry))
    return {field.name: field.value() for field in form if field.value() is not None}


def all_routes() -> list[tuple[str, str]]:
    """Every (route, URL name) of the site."""
    return [(route, name) for route, name, _pattern in routes()]

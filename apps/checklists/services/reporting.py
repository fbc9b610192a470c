"""Fill in, submit, withdraw, confirm: what the unit does with a task."""

from datetime import date, timedelta
from uuid import UUID

from django.conf import settings

from apps.checklists import reviewers
from apps.checklists.models import Evidence, Occurrence, Report, Review
from apps.core import drafts
from apps.core.act import SYSTEM, act
from apps.core.calendar import now, today
from apps.core.dates import day_label, full_label
from apps.core.errors import Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.models import Draft
from apps.core.workflow import advance, amend, locked
from apps.duties.models import Duty
from apps.organizations.permissions import Permission

# A date that lies so far before the period is a slip of the year.
LONG_BEFORE = timedelta(days=183)


def may_fill_list(checklist, user) -> bool:
    """Fills in the organisation's list by his post; a leader's as himself or his drafter."""
    place = checklist.organization.path
    if not user.may(Permission.REPORT_FILL, at=place):
        return False
    if checklist.holder_id is None:
        return user.may(Permission.CHECKLIST_FILL, at=place)
    return checklist.holder_id in {user.pk, *user.drafts_for_ids}


def may_fill(occurrence, user) -> bool:
    """See `may_fill_list`."""
    return may_fill_list(occurrence.item.checklist, user)


def ensure_may_fill(occurrence, user) -> None:
    """Raise NotAllowed unless `may_fill`."""
    if not may_fill(occurrence, user):
        raise NotAllowed(f"这一项由{occurrence.item.checklist.bearer}填报，您可以查看。",
                         target=occurrence)


def check(*, duty, starts_on: date, activity_on: date, words: str, document_number: str,
          files: int) -> None:
    """Raise Invalid naming each field that the catalogue's evidence rule finds lacking."""
    problems = {}
    if activity_on > today():
        problems["activity_on"] = f"{day_label(activity_on)}还没到。请填实际做这件事的日期。"
    elif starts_on - activity_on > LONG_BEFORE:
        problems["activity_on"] = f"{full_label(activity_on)}比这一期早了半年以上，请核对年份。"
    if duty.evidence == Duty.Evidence.WORDS and not words:
        problems["words"] = "请写几句做了什么。"
    if duty.evidence == Duty.Evidence.NUMBER and not document_number and not files:
        problems["document_number"] = "请填文号或纪要编号；没有编号的，传一份文件也行。"
    if duty.evidence == Duty.Evidence.FILE and not files:
        problems["files"] = "请传一份文件，拍照也行。"
    for name, text in (("words", words), ("document_number", document_number)):
        if has_secret_mark(text):
            problems[name] = CLASSIFIED
    if problems:
        raise Invalid(fields=problems)


def is_submitted(occurrence, *, by, submit_key: UUID | None) -> bool:
    """Whether `by` has made a report of `occurrence` under this key already."""
    return submit_key is not None and Report.unscoped.filter(
        submit_key=submit_key, occurrence=occurrence, drafted_by=by).exists()


def submit(*, occurrence, by, activity_on: date, words: str, document_number: str,
           submit_key: UUID, seen: int | None = None) -> Occurrence:
    """Submit the next version with the files of `by`'s draft; the draft is then forgotten.

    The same `submit_key` again answers with the report that it made. Raises Invalid,
    NotAllowed, or Conflict when somebody else was first.
    """
    with act(by=by):
        row = locked(occurrence)
        if is_submitted(row, by=by, submit_key=submit_key):
            return row
        ensure_may_fill(row, by)
        draft = drafts.load(user=by, target=row)
        files = [each.file for each in draft.files.order_by("pk")] if draft else carried(row)
        check(duty=row.item.duty, starts_on=row.starts_on, activity_on=activity_on, words=words,
              document_number=document_number, files=len(files))
        report = Report(occurrence=row, activity_on=activity_on, words=words,
                        document_number=document_number, drafted_by=by, submit_key=submit_key,
                        submitted_at=now(), number=row.reports.count() + 1)
        row = advance(row, "submit", by=by, seen=seen, number=report.number,
                      prepare=lambda locked_row: _hand_in(locked_row, report, files))
        if draft:
            drafts.discard(draft=draft)
        return _file_away(row)


def carried(occurrence) -> list:
    """Files of a returned version: the next one starts from them."""
    if occurrence.state != Occurrence.State.RETURNED:
        return []
    evidence = occurrence.report.evidence.select_related("file").order_by("position")
    return [each.file for each in evidence]


def keep_draft(*, occurrence, by, data: dict, submit_key: UUID | None = None) -> Draft:
    """Keep what is being typed; the first draft of a correction takes the files along."""
    is_first = drafts.load(user=by, target=occurrence) is None
    draft = drafts.save(user=by, target=occurrence, data=data, submit_key=submit_key)
    for file in carried(occurrence) if is_first else []:
        drafts.add_file(draft=draft, file=file)
    return draft


def release(*, by) -> int:
    """Entries that wait for a holder who has left need his confirmation no more; how many."""
    released = 0
    waiting = Occurrence.unscoped.waiting().filter(is_confirmed=False).for_page()
    for row in waiting:
        if row.item.checklist.holder.may(Permission.REPORT_CONFIRM, at=row.organization.path):
            continue
        place = reviewers.reviewer(row.item.checklist, row.item.duty, own=row.own)
        values = {"is_confirmed": True, "reviewed_by": place}
        released += amend(row, "release", by=by, values=values) is not None
    return released


def withdraw(*, occurrence, by, seen: int) -> Occurrence:
    """Take back what nobody has decided yet; the words come back as a draft. What the list
    has ceased to ask before it was due is then not owed again."""
    with act(by=by):
        row = advance(occurrence, "withdraw", by=by, seen=seen)
        report = row.report
        draft = drafts.save(user=by, target=row, data={
            "activity_on": f"{report.activity_on:%Y-%m-%d}", "words": report.words,
            "document_number": report.document_number})
        for evidence in report.evidence.order_by("position"):
            drafts.add_file(draft=draft, file=evidence.file)
        ended = row.item.archived_on or row.item.not_applicable_since
        if ended and min(row.due_on, row.ends_on) >= ended:
            row = advance(row, "excuse", by=SYSTEM, note="这一项已经不要报了")
        return row


def confirm(*, occurrence, by, seen: int) -> Occurrence:
    """The holder of a personal list confirms what was typed for him (本人确认)."""

    def prepare(row):
        row.report.confirmed_by, row.report.confirmed_at = by, now()
        row.report.save(update_fields=["confirmed_by", "confirmed_at"])
        row.is_confirmed = True
        row.reviewed_by = reviewers.reviewer(row.item.checklist, row.item.duty, own=row.own)
        return ["is_confirmed", "reviewed_by"]

    with act(by=by):
        row = advance(occurrence, "confirm", by=by, seen=seen, prepare=prepare)
        return _file_away(row)


def send_back(*, occurrence, by, seen: int, reason: str) -> Occurrence:
    """The holder sends an entry back to the clerk who typed it, with a sentence."""

    def prepare(row):
        Review.unscoped.create(report=row.report, decision=Review.Decision.SEND_BACK, by=by,
                               reason=reason, organization=row.organization, at=now())
        row.is_confirmed = True
        return ["is_confirmed"]

    return advance(occurrence, "send_back", by=by, seen=seen, note=reason, prepare=prepare)


def _hand_in(row, report, files) -> list[str]:
    report.save()
    Evidence.unscoped.bulk_create(
        Evidence(report=report, file=file, position=position)
        for position, file in enumerate(files, start=1)
    )
    row.report = report
    typed_for_him = row.holder_id is not None and row.holder_id != report.drafted_by_id
    row.is_confirmed = not (typed_for_him and settings.CONFIRMATION_REQUIRED)
    row.reviewed_by = reviewers.reviewer(row.item.checklist, row.item.duty, own=row.own)
    return ["report", "is_confirmed", "reviewed_by"]


def _file_away(row) -> Occurrence:
    """备查: what is complete is accepted by rule, and the event names the app as actor."""
    if row.item.duty.review_mode != Duty.ReviewMode.FILE or not row.is_confirmed:
        return row
    return advance(row, "accept", by=SYSTEM, number=row.report.number, note="备查事项，材料齐全")

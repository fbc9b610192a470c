"""临时任务: an officer asks chosen units for something, and sees beforehand what it loads on
them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from apps.checklists.models import AdHocTask, Checklist, Item, Occurrence
from apps.checklists.services import events
from apps.checklists.services.asks import Ask, Opening
from apps.checklists.services.recipients import Recipient, everyone
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import now, today
from apps.core.dates import day_label, local_day
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.workflow import advance
from apps.duties.models import Duty, committee
from apps.duties.similar import NEARLY_EQUAL, likeness
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


@dataclass
class Share:
    """What one unit would get: its lists, and what it owes already this month."""

    unit: Organization
    lists: list[Checklist]
    open_now: int
    minutes: int

    @property
    def entries(self) -> int:
        return len(self.lists)


@dataclass
class Preview:
    """The load of a task before it is sent."""

    shares: list[Share] = field(default_factory=list)
    skipped: list[Organization] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def entries(self) -> int:
        return sum(share.entries for share in self.shares)

    @property
    def minutes(self) -> int:
        return sum(share.minutes for share in self.shares)


def choose(*, by, shape: str = "", officer: int | None = None,
           facts: Iterable[str] = ()) -> list[Recipient]:
    """The units in tree order that meet every filter that is set. Raises NotAllowed."""
    _ensure_may_send(by)
    found = everyone(by=by, year=today().year)
    return [each for each in found if each.meets(shape=shape, officer=officer, facts=facts)]


def preview(*, ask: Ask | Opening, units: Iterable[int], by) -> Preview:
    """What sending `ask` to these units would load on them. A unit without a list of the
    subject (or without that duty) is named and skipped. Raises NotAllowed or Invalid."""
    _ensure_may_send(by)
    ask.check()
    chosen = _chosen(units, by)
    lists = [each for one in chosen for each in one.lists.get(ask.subject, ())]
    items, owed = ask.items(lists), _owed_this_month()
    found = Preview(warnings=_asked_already(ask))
    for each in chosen:
        mine = [one for one in each.lists.get(ask.subject, ()) if one.pk in items]
        if mine:
            found.shares.append(Share(each.unit, mine, owed[each.unit.path],
                                      minutes=len(mine) * ask.minutes))
        else:
            found.skipped.append(each.unit)
    return found


def send(*, ask: Ask | Opening, units: Iterable[int], by) -> AdHocTask:
    """Send it: one task on each list, all from today's act. One event for the run and one for
    each unit. Raises NotAllowed, Invalid, or Conflict when it was sent today already."""
    with act(by=by):
        root = _ensure_may_send(by)
        # Numbers are given one after the other, and a second tap waits here.
        Organization.objects.select_for_update(no_key=True).get(pk=root.pk)
        plan = preview(ask=ask, units=units, by=by)
        if not plan.shares:
            raise Invalid(fields={"units": "选中的单位都没有这类清单，没有下发。"})
        _ensure_not_sent_today(ask)
        duty = ask.duty if isinstance(ask, Opening) else _new_duty(ask)
        task = AdHocTask.unscoped.create(
            organization=root, duty=duty, title=ask.title, basis=ask.basis, year=today().year,
            sent_by=by, sent_at=now())
        lists = [each for share in plan.shares for each in share.lists]
        items = ask.items(lists)
        if isinstance(ask, Ask):
            for item in items.values():
                item.duty = duty
            Item.unscoped.bulk_create(items.values())
        events.open_all(items=items.values(), opened_by=task.key, event=ask.event,
                        starts_on=ask.starts_on, due=ask.due_on)
        record("checklists.adhoctask.send", task, number=duty.code, units=len(plan.shares),
               tasks=plan.entries)
        for share in plan.shares:
            record("checklists.adhoctask.deliver", share.unit, title=task.title, task=task.pk,
                   year=task.year, tasks=share.entries)
        return task


def withdraw(*, task: AdHocTask, reason: str, by, seen: int | None = None) -> AdHocTask:
    """Take it back: what is not yet reported is excused with the reason, what was reported
    stays. Raises NotAllowed, Invalid without a reason, or Conflict."""

    def prepare(row):
        row.withdrawn_reason = reason[:500]
        return ["withdrawn_reason"]

    with act(by=by):
        row = advance(task, "withdraw", by=by, seen=seen, note=reason, prepare=prepare)
        sent = Occurrence.unscoped.filter(opened_by=row.key)
        for each in sent.to_do():
            advance(each, "excuse", by=SYSTEM, note=f"临时任务撤回，{reason}")
        kept = sent.exclude(state=Occurrence.State.EXCUSED).values("item")
        Item.unscoped.filter(duty=row.duty_id, duty__origin=Duty.Origin.AD_HOC).exclude(
            pk__in=kept).update(archived_on=today(), archive_reason=f"撤回：{reason}"[:200])
        return row


def _ensure_may_send(by) -> Organization:
    root = committee()
    if root is None or not by.may(Permission.TASK_SEND, at=root.path):
        raise NotAllowed("临时任务由工委下发。")
    return root


def _chosen(units: Iterable[int], by) -> list[Recipient]:
    """The chosen units that `by` may send to; others are as if they were not there."""
    wanted = set(units)
    if not wanted:
        raise Invalid(fields={"units": "请至少选一个单位。"})
    return [each for each in everyone(by=by, year=today().year) if each.unit.pk in wanted]


def _owed_this_month() -> Counter:
    """How many begun tasks due by the end of this month each unit owes, by its path."""
    day = today()
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    rows = (Occurrence.unscoped.to_do().in_open_years()
            .filter(starts_on__lt=following, due_on__lt=following)
            .values_list("organization__path").annotate(n=Count("pk")))
    width, found = Organization.steplen * 2, Counter[str]()
    for path, count in rows:
        found[path[:width]] += count
    return found


def _asked_already(ask: Ask | Opening) -> list[str]:
    """Sentences about what asks the same: duties of the catalogue, tasks sent this year."""
    sent = AdHocTask.unscoped.filter(year=today().year, state=AdHocTask.State.SENT)
    if isinstance(ask, Opening):
        sent = sent.filter(duty=ask.duty)
    found = [
        f"{day_label(local_day(each.sent_at))}下发过“{each.title}”（{each.duty.code}），问的是同一件事。"
        for each in sent.select_related("duty") if _is_same(ask, each.title, each.duty)
    ]
    if isinstance(ask, Opening):
        return found
    versions = Checklist.unscoped.filter(year=today().year).values("version")
    asked = Duty.objects.filter(version__in=versions, subject=ask.subject)
    return found + [
        f"责任目录里已有“{each.title}”（{each.code}，{each.get_cadence_display()}），"
        "问的是同一件事。"
        for each in asked.in_order() if _is_same(ask, each.title, each)
    ]


def _is_same(ask: Ask | Opening, title: str, duty: Duty) -> bool:
    """The same title, or nearly the same text asked of the same subject."""
    if ask.title.strip() == title:
        return True
    return (isinstance(ask, Ask) and ask.subject == duty.subject
            and likeness(ask.text, duty.text) >= NEARLY_EQUAL)


def _ensure_not_sent_today(ask: Ask | Opening) -> None:
    same = AdHocTask.unscoped.filter(title=ask.title, state=AdHocTask.State.SENT).order_by("-pk")
    last = same.first()
    if last and local_day(last.sent_at) == today():
        raise Conflict(f"今天已经下发过“{last.title}”，没有再下发一次。", target=last)


def _new_duty(ask: Ask) -> Duty:
    numbers = Duty.every.filter(origin=Duty.Origin.AD_HOC).aggregate(n=Count("pk"))["n"]
    return Duty.every.create(
        origin=Duty.Origin.AD_HOC, version=None, code=f"LS-{numbers + 1:02}",
        position=numbers + 1, chapter=ask.chapter, subject=ask.subject, title=ask.title,
        text=ask.text, standard=ask.standard, why=f"依据：{ask.basis}", evidence=ask.evidence,
        evidence_why=ask.evidence_why, cadence=Duty.Cadence.ONCE, minutes=ask.minutes,
        review_mode=Duty.ReviewMode.EACH)

"""Make a list one's own before it is adopted: measures, owners, earlier dates, own items
(自定事项), links to the list above.

After adoption nothing changes here until the list is opened again (`adopting.reopen`).
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import Any

from apps.checklists import uppers
from apps.checklists.models import Adoption, Checklist, Item, ListYear
from apps.checklists.models.years import CLOSED
from apps.checklists.services import due_dates, resuming
from apps.checklists.services.reporting import may_fill_list
from apps.core.act import SYSTEM, act, record
from apps.core.calendar import today
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.core.workflow import advance
from apps.duties.models import Duty

Cadence, Evidence = Duty.Cadence, Duty.Evidence
MOST_DAYS = 180
# Longest text of each field that people write.
LONGEST = {"measures": 500, "owner": 60, "title": 14, "text": 500, "why": 300, "standard": 300,
           "archive_reason": 200}
NAMES = {"measures": "措施", "owner": "责任人", "days_earlier": "提前"}
# What a unit may set itself: a rhythm of the calendar, or none at all.
DATED = (Cadence.MONTHLY, Cadence.QUARTERLY, Cadence.HALF_YEARLY, Cadence.YEARLY, Cadence.ONCE)
OWN_CADENCES = (*DATED, Cadence.STANDING)
OWN_CODE = "ZD"
# After everything of the catalogue in its chapter.
OWN_POSITION = 900
EVIDENCE_WHY = {
    Evidence.NONE: "只填日期就行，不为它另写材料。",
    Evidence.WORDS: "几句话写清就能核对，不另做材料。",
    Evidence.NUMBER: "有编号就能查到原件，不要照片。",
    Evidence.FILE: "这项要看原件，传一份就行。",
}
STANDARD = "写清哪天做的、做了什么、结果怎样，几句话就够。"


def hindrance(checklist, user) -> Exception | None:
    """Why `user` cannot change this list now; None when nothing is in the way."""
    if not may_fill_list(checklist, user):
        return NotAllowed(f"这份清单由{checklist.bearer}调整，您可以查看。", target=checklist)
    if not ListYear.objects.is_open(checklist.year):
        return Conflict(CLOSED, target=checklist)
    row = Adoption.unscoped.filter(checklist=checklist).first()
    if row and row.state != Adoption.State.TAILORING:
        # A member's list is approved by his secretary and filed with nobody.
        is_adopted = row.state == Adoption.State.ADOPTED
        word = "已审定" if is_adopted else row.get_state_display()
        return Conflict(f"这份清单{word}。要改，请先说明理由，重新调整。",
                        target=checklist)
    return None


def tailor(*, items: Iterable[Item], by, measures: str | None = None, owner: str | None = None,
           days_earlier: int | None = None) -> list[Item]:
    """Set what is given on all `items` in one act; None leaves it. Returns what has changed.

    Days move the open tasks; a duty without fixed dates keeps its own. Raises NotAllowed,
    Conflict after adoption, Invalid naming a field.
    """
    values = {"measures": measures, "owner": owner, "days_earlier": days_earlier}
    values = {name: value.strip() if isinstance(value, str) else value
              for name, value in values.items() if value is not None}
    with act(by=by):
        rows = _locked_items(items, by)
        _check_values(values)
        return [row for row in rows if _set(row, values)]


def tailor_rows(*, rows: Iterable[tuple[Item, dict[str, Any]]], by) -> list[Item]:
    """Set on each item its own values, all in one act; see `tailor`."""
    with act(by=by):
        return [changed for item, values in rows
                for changed in tailor(items=[item], by=by, **values)]


def add_own(*, checklist, by, title: str, text: str, why: str, chapter, cadence: str, due: dict,
            evidence: str, minutes: int, standard: str = "") -> Item:
    """An item that the list sets itself, with tasks for the periods of the year not yet due.

    `due` is a rule of `checklists.schedule` (see `due_rule`), empty for a standing item.
    Raises NotAllowed, Conflict after adoption, Invalid naming a field.
    """
    with act(by=by):
        _lock_list(checklist, by)
        _check_own(title=title, text=text, why=why, standard=standard, minutes=minutes)
        if cadence not in OWN_CADENCES:
            raise Invalid(fields={"cadence": "请选一个频次。"}, target=checklist)
        number = _next_number(checklist)
        duty = Duty.every.create(
            origin=Duty.Origin.OWN, code=f"{OWN_CODE}-{number:02}",
            position=OWN_POSITION + number, subject=checklist.subject, chapter=chapter,
            title=title.strip(), text=text.strip(), why=why.strip(),
            standard=standard.strip() or STANDARD, evidence=evidence,
            evidence_why=EVIDENCE_WHY[Evidence(evidence)], cadence=cadence, due=due,
            review_mode=Duty.ReviewMode.SAMPLE, minutes=minutes)
        item = Item.unscoped.create(checklist=checklist, duty=duty)
        tasks = due_dates.open_own(item=item, since=max(today(), checklist.counts_from))
        if cadence in DATED and not tasks:
            raise Invalid(fields={"last_day": "今年这一期已经过了，请改日期或频次。"},
                          target=checklist)
        record("checklists.item.add_own", item, cadence=duty.get_cadence_display(),
               tasks=tasks)
        return item


def change_own(*, item: Item, by, title: str, text: str, why: str, chapter, evidence: str,
               minutes: int, standard: str = "") -> Item:
    """Other words for an own item. Its rhythm stays: tasks stand on it already."""
    with act(by=by):
        row, = _locked_items([item], by)
        ensure_own(row)
        _check_own(title=title, text=text, why=why, standard=standard, minutes=minutes)
        values = {"title": title.strip(), "text": text.strip(), "why": why.strip(),
                  "standard": standard.strip() or STANDARD, "chapter": chapter,
                  "evidence": evidence, "evidence_why": EVIDENCE_WHY[Evidence(evidence)],
                  "minutes": minutes}
        duty, old = _own_duty(row), row.duty.title
        for name, value in values.items():
            setattr(duty, name, value)
        duty.save()
        row.duty = duty
        row.save(update_fields=["duty"])
        record("checklists.item.change_own", row, old=old)
        return row


def withdraw_own(*, item: Item, by, reason: str) -> Item:
    """Take an own item off the list, with a reason; its tasks to come are excused. What was
    reported stays, and so does what is overdue. Raises NotAllowed, Conflict or Invalid."""
    with act(by=by):
        row, = _locked_items([item], by)
        ensure_own(row)
        reason = reason.strip()
        if not reason:
            raise Invalid(fields={"reason": "请写一句撤下的理由。"}, target=row)
        _check_texts({"archive_reason": reason}, {"archive_reason": "reason"})
        row.archived_on, row.archive_reason = today(), reason
        row.save(update_fields=["archived_on", "archive_reason"])
        for task in resuming.due_from(row.occurrences.to_do(), today()).order_by("pk"):
            advance(task, "excuse", by=SYSTEM, note=f"{row}已撤下：{reason}")
        record("checklists.item.withdraw_own", row, reason=reason)
        return row


def link_upper(*, item: Item, upper: Item | None, by) -> Item:
    """Say which item of the list above this one carries further down; None unlinks it.

    Raises NotAllowed, Conflict after adoption, Invalid for an item of any other list.
    """
    with act(by=by):
        row, = _locked_items([item], by)
        if upper is not None:
            above = uppers.list_above(row.checklist)
            if above is None or upper.checklist_id != above.pk or not upper.is_in_force:
                raise Invalid(fields={"upper": "只能关联上一级清单里的事项。"}, target=row)
        if row.upper_id != (upper.pk if upper else None):
            row.upper = upper
            row.save(update_fields=["upper"])
            record("checklists.item.link_upper", row,
                   upper=f"“{upper.duty.title}”" if upper else "无")
        return row


def link_uppers(*, links: Iterable[tuple[Item, Item | None]], by) -> list[Item]:
    """Link each item to its item above, all in one act; see `link_upper`."""
    with act(by=by):
        return [link_upper(item=item, upper=upper, by=by) for item, upper in links]


def due_rule(*, cadence: str, last_day: date | None = None, days_before_end: int = 0) -> dict:
    """The rule of `checklists.schedule` for an own item: a day of the year for what is done
    once or yearly, days before the end of the period for what comes back within the year."""
    if cadence in (Cadence.YEARLY, Cadence.ONCE):
        if last_day is None:
            raise Invalid(fields={"last_day": "请填最迟哪天办完。"})
        return {"month": last_day.month, "day": last_day.day, "shift": "earlier"}
    if cadence in DATED:
        return {"anchor": "period_end", "days": -days_before_end, "shift": "earlier"}
    return {}


def _lock_list(checklist, by) -> None:
    """Nobody signs the list while it is being changed."""
    Adoption.unscoped.select_for_update(of=("self",)).filter(checklist=checklist).first()
    if problem := hindrance(checklist, by):
        raise problem


def _locked_items(items: Iterable[Item], by) -> list[Item]:
    wanted = Item.unscoped.filter(pk__in={item.pk for item in items})
    # The list first, so that two people who save the same rows wait for one another.
    lists = Checklist.unscoped.filter(pk__in=wanted.values("checklist"))
    for checklist in lists.select_related("organization", "holder").order_by("pk"):
        _lock_list(checklist, by)
    found = list(wanted.select_for_update(of=("self",)).select_related(
        "duty", "checklist__organization", "checklist__holder").order_by("pk"))
    for row in found:
        if row.archived_on:
            raise Conflict(f"{row}已经撤下，不能再改。", target=row)
    return found


def _set(row: Item, values: dict[str, Any]) -> bool:
    """Set on one item what differs and record it; whether anything did."""
    old, new = {}, {}
    for name, value in values.items():
        if name == "days_earlier" and row.duty.cadence not in DATED:
            continue
        if getattr(row, name) != value:
            old[name], new[name] = getattr(row, name), value
            setattr(row, name, value)
    if not new:
        return False
    row.save(update_fields=list(new))
    record("checklists.item.tailor", row, changes="，".join(_said(n, v) for n, v in new.items()),
           old=old, new=new)
    if "days_earlier" in new:
        due_dates.bring_forward(item=row, reason=f"本清单提前{row.days_earlier}天"
                                if row.days_earlier else "本清单不再提前")
    return True


def _said(name: str, value) -> str:
    if name == "days_earlier":
        return f"提前{value}天" if value else "不提前"
    return f"{NAMES[name]}“{value}”" if value else f"{NAMES[name]}留空"


def _check_values(values: dict[str, Any]) -> None:
    days = values.get("days_earlier", 0)
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(fields={"days_earlier": f"提前的天数请填0到{MOST_DAYS}。"})
    _check_texts({n: v for n, v in values.items() if isinstance(v, str)})


def _check_own(*, minutes: int, **texts: str) -> None:
    asked = {"title": "请写事项名称。", "text": "请写做什么。", "why": "请写一句为什么要做。"}
    lacking = {name: say for name, say in asked.items() if not texts[name].strip()}
    if lacking:
        raise Invalid(fields=lacking)
    _check_texts(texts)
    if not 1 <= minutes <= 480:
        raise Invalid(fields={"minutes": "预计用时请填1到480分钟。"})


def _check_texts(texts: dict[str, str], fields: dict[str, str] | None = None) -> None:
    problems = {}
    for name, text in texts.items():
        field = (fields or {}).get(name, name)
        if len(text.strip()) > LONGEST[name]:
            problems[field] = f"太长了，请写在{LONGEST[name]}字以内。"
        elif has_secret_mark(text):
            problems[field] = CLASSIFIED
    if problems:
        raise Invalid(fields=problems)


def ensure_own(row: Item) -> None:
    """Raise Conflict for an item that the list has not set itself."""
    if row.duty.origin != Duty.Origin.OWN:
        raise Conflict("只有自定事项可以改写和撤下。责任目录里的，可以申请不适用。", target=row)


def _own_duty(row: Item) -> Duty:
    """The duty of an own item to write on: a copy where another year's list shares it."""
    if not Item.unscoped.filter(duty=row.duty).exclude(pk=row.pk).exists():
        return row.duty
    duty = copy(row.duty)
    duty.pk, duty._state.adding = None, True
    return duty


def _next_number(checklist) -> int:
    codes = checklist.items.filter(duty__origin=Duty.Origin.OWN).values_list(
        "duty__code", flat=True)
    return max((int(code.rpartition("-")[2]) for code in codes), default=0) + 1

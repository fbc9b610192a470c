"""Petitions as ready-made strings: the doors beside a task, rows of lists, one page."""

from django.db.models import Q
from django.urls import reverse

from apps.checklists import pages, states
from apps.checklists.models import Item, Occurrence, Petition
from apps.checklists.services import petition_rules as rules
from apps.checklists.services import petitioning, reporting
from apps.core.badges import Badge
from apps.core.dates import day_label, moment_label, weekday_label
from apps.core.models import AuditEvent
from apps.core.workflow import obstacle
from apps.organizations.permissions import Permission

Kind, State = Petition.Kind, Petition.State
DOORS = {Kind.EXTENSION: "申请延期", Kind.EXCUSE: "本期免报", Kind.EXPLANATION: "说明",
         Kind.APPEAL: "申诉"}
GRANT_LABELS = {Kind.EXTENSION: "同意延期", Kind.EXCUSE: "同意本期免报",
                Kind.EXPLANATION: "采纳说明", Kind.APPEAL: "同意申诉，撤销标记",
                Kind.NOT_APPLICABLE: "同意不适用"}
# What follows from a consent, said before it is given.
FOLLOWS = {
    Kind.EXTENSION: "同意后，最迟日期改到下面这一天，原来的日期留着。",
    Kind.EXCUSE: "同意后，这一次不用报，记为本期免报。",
    Kind.EXPLANATION: "采纳后，标记不变，旁边写“已说明”。",
    Kind.APPEAL: "同意后，逾期或者迟报的标记撤销；还没报的，最迟日期改到下面这一天。",
    Kind.NOT_APPLICABLE: "同意后，这一项从今天起不适用：没到期的任务免报，已经逾期的不变。"
                         "情况变了可以改为适用。",
}


def badge(row: Petition) -> Badge:
    """Colour, shape and word of a petition's state."""
    granted, refused = petitioning.consent(row.kind)
    return {
        State.ASKED: Badge("is-open", "m-wait", "待答复"),
        State.GRANTED: Badge("is-done", "m-done", granted),
        State.REFUSED: Badge("is-back", "m-back", refused),
        State.WITHDRAWN: Badge("is-off", "m-off", "已撤回"),
        State.REVOKED: Badge("is-off", "m-off", "已改为适用"),
    }[row.state]


def day(value) -> str:
    """11月25日 周三; empty for None."""
    return f"{day_label(value)} {weekday_label(value)}" if value else ""


def row(one: Petition, *, namespace: str) -> dict:
    """A petition as a row of a list that leads to its page."""
    until = f"，申请延到{day(one.proposed_on)}" if one.proposed_on else ""
    return {
        "url": reverse(f"{namespace}:petition_detail", args=[one.pk]), "title": str(one),
        "badge": badge(one), "bearer": one.item.checklist.bearer, "reason": one.reason,
        "when": f"{one.asked_by.name}，{moment_label(one.asked_at)}提出{until}",
    }


def facts(one: Petition) -> dict:
    """One petition with both sentences, as it stands on the page of its task."""
    return {
        "url": reverse("checklists:petition_detail", args=[one.pk]),
        "kind": one.get_kind_display(), "badge": badge(one), "reason": one.reason,
        "asked": f"{one.asked_by.name}，{moment_label(one.asked_at)}",
        "proposed": day(one.proposed_on), "answer": one.answer,
        "decided": f"{one.addressed_to.short_name}{one.decided_by.name}，"
                   f"{moment_label(one.decided_at)}" if one.decided_by else "",
        "moved": f"由{day(one.due_before)}改到{day(one.due_after)}" if one.due_after else "",
        "waits_for": f"等{one.addressed_to.name}答复" if one.state == State.ASKED else "",
    }


def of_task(task: Occurrence) -> list[Petition]:
    """What was asked of a task, and of its item as a whole; the latest first."""
    rows = task.item.petitions.for_page().filter(Q(occurrence=task) | Q(occurrence=None))
    return list(rows.order_by("-asked_at", "-pk"))


def facts_of_task(task: Occurrence) -> list[dict]:
    """What was asked of a task with both sentences, for who reviews it; what was withdrawn
    is left out."""
    return [facts(one) for one in of_task(task) if one.state != State.WITHDRAWN]


def beside(task: Occurrence, user) -> dict:
    """What the pages of a task show of petitions: answers, doors, and all that was asked."""
    rows = of_task(task)
    return {"petitions": [facts(one) for one in rows], "doors": doors(task, user, rows),
            "answered": answered(task, user, rows)}


def doors(task: Occurrence, user, rows: list[Petition]) -> dict | None:
    """The quiet line with what can be asked now; None when no door is open to this person."""
    if not reporting.may_fill(task, user):
        return None
    waiting = {one.kind for one in rows if one.state == State.ASKED}
    url = reverse("checklists:petition_ask", args=[task.pk])
    links = [{"label": DOORS[kind], "url": f"{url}?kind={kind}"}
             for kind in open_kinds(task, rows) if kind not in waiting]
    closed = petitioning.why_not_applicable_is_closed(task.item)
    if rules.is_owed(task) and not closed and Kind.NOT_APPLICABLE not in waiting:
        links.append({"label": "整项不适用",
                      "url": reverse("checklists:item_petition_ask", args=[task.item_id])})
    if not links:
        return None
    title = "办不到，或不该由我们办？" if rules.is_owed(task) else "标记不对？"
    return {"title": title, "links": links}


def open_kinds(task: Occurrence, rows: list[Petition]) -> list[Kind]:
    """Kinds that can be asked of `task` now; what was explained is not explained again."""
    explained = any(one.kind == Kind.EXPLANATION and one.state == State.GRANTED for one in rows)
    return [kind for kind in rules.OF_A_TASK if not rules.why_closed(task, kind)
            and not (explained and kind == Kind.EXPLANATION)]


def answered(task: Occurrence, user, rows: list[Petition]) -> dict | None:
    """The latest answer to what this person asked, as long as the task is not accepted."""
    own = [one for one in rows if one.asked_by_id == user.pk and one.decided_at]
    if not own or task.state == task.State.ACCEPTED:
        return None
    latest = max(own, key=lambda one: one.decided_at)
    shown, said = facts(latest), badge(latest)
    words = (moment_label(latest.decided_at), shown["moved"],
             f"“{latest.answer}”" if latest.answer else "")
    return {"cls": said.cls, "symbol": said.mark, "text": "，".join(filter(None, words)),
            "title": f"{latest.addressed_to.short_name}{latest.decided_by.name}{verdict(latest)}"}


def verdict(one: Petition) -> str:
    """What was decided, after the name of who did: 同意延期, 不同意申诉."""
    if one.state == State.REVOKED:
        return "把这一项改为适用"
    granted, refused = petitioning.consent(one.kind)
    return f"{granted if one.state == State.GRANTED else refused}{one.get_kind_display()}"


def detail(one: Petition) -> dict:
    """One petition on its own page."""
    where = one.occurrence or one.item
    url = (reverse("checklists:task", args=[one.occurrence_id]) if one.occurrence_id
           else reverse("checklists:checklist_detail", args=[one.item.checklist_id]))
    task = one.occurrence
    return facts(one) | {
        "pk": one.pk, "title": str(one), "about": str(where), "about_url": url,
        "bearer": one.item.checklist.bearer, "seen": one.version,
        "task_badge": states.badge(task, states.Day.now()) if task else None,
        "deadline": day(task.deadline_on) if task else "",
        "follows": FOLLOWS[one.kind], "grant_label": GRANT_LABELS[one.kind],
        "refuse_label": petitioning.consent(one.kind)[1],
    }


def acts(one: Petition, user) -> dict:
    """What this person can do with it now; who decides here, but not this one, is told why."""
    is_asked, decides = one.state == State.ASKED, obstacle(one, "refuse", user) is None
    closed = (rules.why_closed(one.occurrence, one.kind)
              if is_asked and one.occurrence else "")
    problem = obstacle(one, "grant", user) if is_asked else None
    is_place_of_his = user.may(Permission.PETITION_DECIDE, at=one.addressed_to.path)
    return {
        "can_answer": decides, "can_grant": decides and not closed,
        "can_revoke": obstacle(one, "revoke", user) is None,
        "why_not": closed or (problem.message if problem and is_place_of_his else ""),
        "withdraw_url": reverse("checklists:petition_withdraw", args=[one.pk])
        if obstacle(one, "withdraw", user) is None else "",
    }


def history(one: Petition) -> list[dict]:
    """What was done to a petition."""
    return pages.history(AuditEvent.objects.about(one))


def first_answer(one: Petition) -> dict:
    """What the form of the answer starts from."""
    return {"seen": one.version, "until": _first_day(one)}


def takes_day(one: Petition) -> bool:
    """Whether the answer names a day: for an extension, and for a mark of what is still owed."""
    if one.state != State.ASKED:
        return False
    if one.kind == Kind.APPEAL:
        return rules.is_owed(one.occurrence)
    return one.kind == Kind.EXTENSION


def _first_day(one: Petition):
    if one.kind == Kind.EXTENSION:
        return one.proposed_on
    return rules.new_start(one.occurrence) if takes_day(one) else None


def hint_of_days(task: Occurrence) -> str:
    """How far an extension reaches."""
    first, last = rules.days_to_choose(task)
    return f"现在最迟是{day(task.deadline_on)}，可以延到{day_label(first)}至{day_label(last)}。"


def item_head(item: Item, *, is_editing: bool) -> dict:
    """What stands at the top of the page on which "not applicable" is asked; back leads to
    the table for who is tailoring the list."""
    name = "checklists:checklist_edit" if is_editing else "checklists:checklist_detail"
    return {"title": item.duty.title, "bearer": item.checklist.bearer, "text": item.duty.text,
            "back_url": reverse(name, args=[item.checklist_id])}

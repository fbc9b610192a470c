"""The pages of a roster: what a check said, refusals first, and what can be done now."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse

from apps.core.badges import Badge
from apps.core.dates import moment_label
from apps.core.models import Job
from apps.organizations.models import Roster
from apps.organizations.roster.lines import ORDER, Outcome

ROWS = 50
RECENT = 10
BADGES = {
    Outcome.NEW: Badge("is-done", "m-done", "新增"),
    Outcome.CHANGED: Badge("is-soon", "m-soon", "变更"),
    Outcome.SAME: Badge("is-open", "m-open", "不变"),
    Outcome.REFUSED: Badge("is-late", "m-late", "拒绝"),
}


def recent(user) -> list[dict]:
    """The rosters that this person checked last."""
    rows = Roster.objects.of(user).select_related("job").order_by("-pk")
    return [{"name": row.name, "when": moment_label(row.checked_at), "state": state(row),
             "url": reverse("admin:roster_detail", args=[row.pk])}
            for row in rows.defer("rows", "lines")[:RECENT]]


def state(roster: Roster) -> str:
    """How far it is, in words."""
    if roster.applied_at:
        return f"{moment_label(roster.applied_at)}装入"
    if roster.job_id and roster.job.state == Job.State.RUNNING:
        return "正在装入"
    if roster.job_id and roster.job.state == Job.State.FAILED:
        return roster.job.message.rstrip("。")
    counts = roster.counts
    if counts[Outcome.REFUSED]:
        return f"{counts[Outcome.REFUSED]}行没有通过"
    is_same = not counts[Outcome.NEW] and not counts[Outcome.CHANGED]
    return "和现有的一样，不用装入" if is_same else "检查通过，还没有装入"


def detail(roster: Roster, show: str, number: str) -> dict:
    """Counts, the chosen rows, what can be done."""
    counts = roster.counts
    chosen = show if show in Outcome.values else ""
    lines = [line for line in roster.lines if not chosen or line[3] == chosen]
    page = Paginator(lines, ROWS).get_page(number)
    is_running = bool(roster.job_id) and roster.job.state == Job.State.RUNNING
    moving = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    return {
        "roster": {"pk": roster.pk, "name": roster.name, "state": state(roster),
                   "when": moment_label(roster.checked_at), "notes": roster.rows.get("notes", []),
                   "refused": counts[Outcome.REFUSED], "moving": moving,
                   "is_forgotten": not roster.rows,
                   "total": sum(counts.values()), "job_pk": roster.job_id},
        "chips": [{"label": Outcome(key).label if key else "全部", "url": query(key, 1),
                   "count": counts[key] if key else sum(counts.values()),
                   "is_current": key == chosen}
                  for key in ("", *ORDER) if not key or counts[key]],
        "rows": [{"sheet": sheet, "row": row, "label": label, "badge": BADGES[outcome],
                  "words": words} for sheet, row, label, outcome, words in page],
        "pager": pager(page, chosen),
        "can_apply": bool(moving and not counts[Outcome.REFUSED] and roster.rows
                          and not roster.applied_at and not is_running),
        "accounts": len(roster.accounts) if roster.applied_at else 0,
        "fetched": moment_label(roster.fetched_at) if roster.fetched_at else "",
    }


def pager(page, chosen: str) -> dict:
    """Links to the pages around."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {"has_others": page.has_other_pages(), "pages": [
        {"label": number, "is_current": number == page.number,
         "url": query(chosen, number) if isinstance(number, int) else ""} for number in numbers]}


def query(show: str, page: int) -> str:
    """The choice as it stands in an address."""
    kept = {"show": show, "page": page if page > 1 else ""}
    return f"?{urlencode({key: value for key, value in kept.items() if value})}"

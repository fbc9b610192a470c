"""The tables of what is not yet reported, with 催办 and 复制名单: one set of views with two
bases, the front pages and the admin."""

from collections import Counter
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.checklists import pages
from apps.checklists.ad_hoc_forms import NudgeForm
from apps.checklists.desk import FRONT, Base
from apps.checklists.lights import Light
from apps.checklists.models import Occurrence, with_doors
from apps.checklists.services import nudging
from apps.checklists.states import badge
from apps.checklists.unreported import PAGE, Chosen, Owed, Table, callers
from apps.core.access import requires
from apps.core.errors import Invalid
from apps.organizations.permissions import Permission


@requires(Permission.CHECKLIST_VIEW)
def outstanding(request, base: Base = FRONT):
    """What is not yet reported in this person's scope, by duty and unit."""
    return show(request, base, Table(request.user, Chosen.of(request.GET)), NudgeForm())


@requires(Permission.TASK_NUDGE)
@require_POST
def outstanding_nudge(request, base: Base = FRONT):
    """Nudge the ticked tasks, or all that the filters leave; ticks and words stay on an error."""
    table = Table(request.user, Chosen.of(request.GET))
    form = NudgeForm(request.POST)
    if form.is_valid():
        try:
            done = nudging.nudge(occurrences=wanted(request, table), by=request.user,
                                 words=form.cleaned_data["words"])
        except Invalid as refusal:
            form.take(refusal)
        else:
            messages.info(request, done.sentence)
            return redirect(f"{base.url('outstanding')}{query(table.chosen)}")
    return show(request, base, table, form)


def wanted(request, table: Table) -> list[Occurrence]:
    """The tasks that the form means, as far as this person may nudge them. Raises Invalid
    when nothing was ticked."""
    if "all" in request.POST:
        ticked = [row.pk for row in table.rows]
    else:
        ticked = [int(pk) for pk in request.POST.getlist("row") if pk.isdecimal()]
    if not ticked:
        raise Invalid("请先勾选要催办的任务，或者催办全部。")
    rows = Occurrence.objects.visible_to(request.user, for_=Permission.TASK_NUDGE)
    return list(rows.filter(pk__in=ticked))


def show(request, base: Base, table: Table, form: NudgeForm):
    """The whole page: filters, lights, one page of rows, the names."""
    shown = parts(request, base, table, form)
    late = sum(1 for row in table.rows if table.light(row) == Light.RED)
    return render(request, "checklists/outstanding.html", {
        "base_template": base.template, "form": form, "table": shown,
        "lead": f"{len(table.rows)}项还没有报，其中逾期{late}项。",
        "boxes": table.options(), "light": table.chosen.light,
        "lights": [{**each, "url": query(table.chosen, light=each["value"]) or "?"}
                   for each in table.lights()],
        "clear_url": base.url("outstanding") if table.chosen != Chosen.of({}) else "",
        "task_url": ad_hoc_url(request.user, table.chosen.task),
    })


def parts(request, base: Base, table: Table, form: NudgeForm) -> dict:
    """What the partial with the rows shows; also stands on the page of an ad-hoc task."""
    page = Paginator(table.rows, PAGE).get_page(request.GET.get("page"))
    light = list(page.object_list)
    ticked = set(request.POST.getlist("row"))
    rows = Occurrence.objects.visible_to(request.user, for_=Permission.CHECKLIST_VIEW)
    rows = rows.filter(pk__in=[row.pk for row in light]).for_page()
    tasks = {task.pk: task for task in with_doors(rows).annotate(**nudging.latest())}
    called = callers(request.user, tasks.values())
    cells = [(row, cell(row, tasks[row.pk], called, table, request.user, ticked))
             for row in light if row.pk in tasks]
    counts, names = Counter(row.group for row in table.rows), table.names(light)
    groups = [{"title": inside[0][0].asked, "count_label": f"{counts[key]}项",
               "rows": [each for _row, each in inside]}
              for key, inside in ((key, list(pairs)) for key, pairs in groupby(
                  cells, key=lambda pair: pair[0].group))]
    return {
        "groups": groups, "count": len(table.rows), "names": "\n".join(names),
        "names_count": len(names),
        "can_nudge": any(each["can_nudge"] for _row, each in cells),
        "nudge_url": f"{base.url('outstanding_nudge')}{query(table.chosen)}",
        "pager": pager(page, table.chosen),
    }


def cell(row: Owed, task, called: dict, table: Table, user, ticked: set[str]) -> dict:
    """One row, preformatted."""
    return {
        "pk": row.pk, "name": row.name, "url": reverse("checklists:task", args=[row.pk]),
        "unit": row.unit, "badge": badge(task, table.day), "when": pages.when(task),
        "caller": called[row.pk], "nudge": nudging.line(task),
        "can_nudge": user.may(Permission.TASK_NUDGE, at=row.path),
        "is_ticked": str(row.pk) in ticked,
    }


def ad_hoc_url(user, key: str) -> str:
    """The page of the ad-hoc task that is chosen, for whoever sends such tasks."""
    number = key.removeprefix("ad_hoc:")
    if number == key or not number.isdecimal() or not user.is_staff:
        return ""
    return reverse("admin:ad_hoc_detail", args=[number]) if user.holds(Permission.TASK_SEND) else ""


def pager(page, chosen: Chosen) -> dict:
    """Links to the pages around, and which rows are shown."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "label": f"第{page.start_index()}至{page.end_index()}项，共{page.paginator.count}项",
        "has_others": page.has_other_pages(),
        "pages": [{"label": number, "is_current": number == page.number,
                   "url": query(chosen, page=number) if isinstance(number, int) else ""}
                  for number in numbers],
    }


def query(chosen: Chosen, **more) -> str:
    """The filters as they stand in an address; empty when nothing is chosen."""
    values = {**{name: getattr(chosen, name) for name in Chosen.__dataclass_fields__}, **more}
    kept = {name: value for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else ""

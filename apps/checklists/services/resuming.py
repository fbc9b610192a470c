"""What was excused only because its item, or its list, was asked no more is owed again.

What a person has excused by itself stays so: a petition that was granted, a duty that an
edition withdrew, a 临时任务 that was taken back.
"""

from datetime import date

from django.db.models.functions import Coalesce

from apps.checklists.models import AdHocTask, Occurrence, Petition, Slot
from apps.core.act import SYSTEM
from apps.core.workflow import advance


def due_from(tasks, day: date):
    """Those of `tasks` whose date that counts is `day` or later."""
    return tasks.alias(deadline=Coalesce("correct_by", "due_on")).filter(deadline__gte=day)


def resume(items, *, since: date, note: str) -> int:
    """Ask for the tasks of `items` that are due from `since` on; how many. A period that the
    duty has no more, since an edition changed its rhythm meanwhile, is not asked for."""
    excused = Petition.unscoped.filter(kind=Petition.Kind.EXCUSE, state=Petition.State.GRANTED)
    taken_back = AdHocTask.unscoped.filter(state=AdHocTask.State.WITHDRAWN)
    tasks = due_from(Occurrence.unscoped, since).filter(
        item__in=items, state=Occurrence.State.EXCUSED, withdrawn_in=None)
    tasks = tasks.in_open_years().exclude(petitions__in=excused).exclude(
        opened_by__in=[each.key for each in taken_back])
    found = [task for task in tasks.select_related("item__checklist").order_by("pk")
             if _is_a_period(task)]
    for task in found:
        advance(task, "resume", by=SYSTEM, note=note)
    return len(found)


def _is_a_period(task: Occurrence) -> bool:
    return not task.period or Slot.objects.filter(
        duty=task.item.duty_id, year=task.item.checklist.year, period=task.period).exists()

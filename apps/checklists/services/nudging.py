"""催办: ask for what is not yet reported; the asked see it at the task until it is filed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery

from apps.checklists.models import Nudge, Occurrence
from apps.core.act import act, record
from apps.core.calendar import now, today
from apps.core.dates import day_label
from apps.core.errors import Invalid, NotAllowed
from apps.core.files import CLASSIFIED, has_secret_mark
from apps.organizations.permissions import Permission

WORDS_LENGTH = 200


@dataclass(frozen=True)
class Nudged:
    """What a run did: nudged, nudged before on the same day, no longer waiting for the unit."""

    done: int = 0
    already: int = 0
    settled: int = 0

    @property
    def sentence(self) -> str:
        """What the person reads afterwards."""
        parts = [f"已催办{self.done}项。" if self.done else "没有催办任何一项。"]
        if self.already:
            parts.append(f"{self.already}项今天已经催办过，没有再催。")
        if self.settled:
            parts.append(f"{self.settled}项已经报了或不用报，没有催。")
        return "".join(parts)


def nudge(*, occurrences: Iterable[Occurrence], words: str = "", by) -> Nudged:
    """Nudge the tasks that still wait for their unit, each at most once a day.

    Raises NotAllowed where `by` may not nudge one of the organisations, Invalid for words
    that cannot be taken.
    """
    words = words.strip()
    check(words)
    with act(by=by):
        wanted = {each.pk for each in occurrences}
        rows = list(
            Occurrence.unscoped.in_open_years().filter(pk__in=wanted)
            .select_related("organization", "item__duty", "item__checklist")
            .select_for_update(of=("self",)).order_by("pk"))
        for row in rows:
            if not by.may(Permission.TASK_NUDGE, at=row.organization.path):
                raise NotAllowed(f"催办{row.organization.name}不在您的职权里。", target=row)
        waiting = [row for row in rows if _is_waiting(row)]
        before = set(Nudge.unscoped.filter(occurrence__in=waiting, on=today())
                     .values_list("occurrence_id", flat=True))
        fresh = [row for row in waiting if row.pk not in before]
        moment = now()
        Nudge.unscoped.bulk_create(
            Nudge(occurrence=row, by_id=by.pk, on=today(), at=moment, words=words)
            for row in fresh)
        for row in fresh:
            record("checklists.occurrence.nudge", row, said=f"：“{words}”" if words else "")
        if fresh:
            record("checklists.nudge.run", None, count=len(fresh), already=len(before))
        return Nudged(len(fresh), len(before), len(wanted) - len(waiting))


def check(words: str) -> None:
    """Raise Invalid for words that are too long or carry a secret mark."""
    if len(words) > WORDS_LENGTH:
        raise Invalid(fields={"words": f"请写在{WORDS_LENGTH}字以内。"})
    if has_secret_mark(words):
        raise Invalid(fields={"words": CLASSIFIED})


def latest() -> dict[str, Subquery]:
    """For `annotate`: the last nudge of each task that came after its last report."""
    rows = Nudge.unscoped.filter(occurrence=OuterRef("pk")).filter(
        Q(occurrence__report=None) | Q(at__gt=F("occurrence__report__submitted_at")))
    rows = rows.order_by("-on")
    return {f"nudged_{name}": Subquery(rows.values(path)[:1])
            for name, path in (("on", "on"), ("words", "words"), ("by", "by__name"))}


def line(task) -> str:
    """王启明 11月23日催办：请这两天报上来。 Empty without a nudge, or once the task is filed.

    `task` is a row annotated with `latest`; without it nothing is said.
    """
    if getattr(task, "nudged_on", None) is None or not _is_owed(task):
        return ""
    head = f"{task.nudged_by or '系统'} {day_label(task.nudged_on)}催办"
    return f"{head}：{task.nudged_words}" if task.nudged_words else head


def _is_owed(task: Occurrence) -> bool:
    return task.state in (Occurrence.State.OPEN, Occurrence.State.RETURNED)


def _is_waiting(row: Occurrence) -> bool:
    """Owed by the unit, and begun."""
    return _is_owed(row) and row.starts_on <= today()

"""Net 3: every state change goes through `advance`.

A workflow model carries its table of steps; the state field is assigned here only.
"""

from dataclasses import dataclass

from django.db import models

from apps.core import audit
from apps.core.act import act, only_the_system, record
from apps.core.dates import moment_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.core.files.names import CLASSIFIED, has_secret_mark


@dataclass(frozen=True)
class Step:
    """One transition as data.

    `at` names the organisation field where `permission` must be held. `not_by` and
    `only_by` name person fields that exclude or alone admit the actor. `needs` are pairs:
    a boolean of the row and the sentence said while it is false.
    """

    sources: tuple[str, ...]
    target: str
    permission: str
    label: str
    at: str = "organization"
    not_by: tuple[str, ...] = ()
    only_by: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()
    reason_required: bool = False
    # What nobody decides himself, where it is no report.
    own_words: str = "自己填报、确认的"


class WorkflowModel(models.Model):
    """Base of models that have a `state`, a `version` and a table `STEPS`."""

    STEPS: dict[str, Step] = {}

    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def on_advanced(self, old: str, new: str) -> list[str]:
        """Derived fields that move with the state; return the names that changed."""
        return []


def obstacle(obj, name: str, user) -> Exception | None:
    """Why `user` cannot take step `name` on `obj` now; None when nothing is in the way."""
    step = obj.STEPS[name]
    place = getattr(obj, step.at)
    if place is None or not user.may(step.permission, at=place.path):
        return NotAllowed(f"{step.label}不在您的职权里，您可以查看。", target=obj)
    if user.pk is not None and user.pk in {getattr(obj, f"{who}_id") for who in step.not_by}:
        return NotAllowed(f"{step.own_words}，不能由自己{step.label}。", target=obj)
    if step.only_by and user.pk not in {getattr(obj, f"{who}_id") for who in step.only_by}:
        return NotAllowed(f"{step.label}只能由本人来做。", target=obj)
    if obj.state not in step.sources:
        return _too_late(obj, step)
    for name_of_fact, sentence in step.needs:
        if not getattr(obj, name_of_fact):
            return Conflict(sentence, target=obj)
    return None


def available(obj, user) -> list[tuple[str, Step]]:
    """The steps that `user` may take on `obj` now, in the order of the table."""
    return [(name, step) for name, step in obj.STEPS.items() if obstacle(obj, name, user) is None]


def locked(obj):
    """The row of `obj`, locked until the act ends."""
    return type(obj)._default_manager.select_for_update(of=("self",)).get(pk=obj.pk)


def advance(
    obj, name: str, *, by, seen: int | None = None, note: str = "", prepare=None, **details
):
    """Take step `name` on the locked row of `obj`; return the row.

    `seen` is the version that the actor looked at: another one means that somebody was
    first. `prepare(row)` runs between the checks and the change, for rows that belong to
    the step (a report, a review). Raises NotAllowed, Conflict or Invalid.
    """
    step = obj.STEPS[name]
    with act(by=by):
        row = locked(obj)
        problem = obstacle(row, name, by)
        if isinstance(problem, NotAllowed):
            raise problem
        if seen is not None and seen != row.version:
            raise _too_late(row, step)
        if problem:
            raise problem
        if step.reason_required and not note.strip():
            raise Invalid(fields={"reason": f"请写一句{step.label}的理由。"}, target=row)
        if has_secret_mark(note):
            raise Invalid(fields={"reason": CLASSIFIED}, target=row)
        prepared = prepare(row) if prepare else []
        old, row.state = row.state, step.target
        row.version += 1
        derived = row.on_advanced(old, row.state)
        row.save(update_fields=["state", "version", *prepared, *derived])
        record(f"{row._meta.app_label}.{row._meta.model_name}.{name}", row, note=note, **details)
        return row


def amend(obj, verb: str, *, by, values: dict, **details):
    """Set fields other than the state on the locked row of `obj`, as a rule of the system.

    Returns the row, or None when it has moved on since `obj` was read. Raises NotAllowed
    for a person.
    """
    with act(by=by):
        only_the_system(by)
        row = locked(obj)
        if row.version != obj.version:
            return None
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*values, "version"])
        record(f"{row._meta.app_label}.{row._meta.model_name}.{verb}", row, **details)
        return row


def _too_late(row, step: Step) -> Conflict:
    last = audit.last_event(row)
    if last is None:
        return Conflict(f"现在不能{step.label}，这一项的状态已经变了。", target=row)
    when = moment_label(last.at)
    return Conflict(
        f"没有{step.label}：{when}，{audit.sentence(last).rstrip('。')}。",
        target=row, who=last.actor_name, when=last.at,
    )

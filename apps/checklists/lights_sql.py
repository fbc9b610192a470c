"""The SQL twin of `lights.light`; a property test keeps the two in step."""

from datetime import date

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan, LessThanOrEqual

from apps.checklists.lights import DONE, WAITING, Light


def light_expression(today: date, soon_until: date) -> Case:
    """The light of an Occurrence row on `today`, as a value of `Light`, for `annotate`."""
    deadline = Coalesce("correct_by", "due_on")
    return Case(
        When(state__in=DONE, then=Value(Light.GREEN.value)),
        When(state__in=WAITING, then=Value(Light.BLUE.value)),
        When(LessThan(deadline, today), then=Value(Light.RED.value)),
        When(LessThanOrEqual(deadline, soon_until), then=Value(Light.YELLOW.value)),
        default=Value(Light.BLUE.value),
        output_field=CharField(),
    )

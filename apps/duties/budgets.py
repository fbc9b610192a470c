"""The load budget of this site, from its settings."""

from django.conf import settings

from apps.duties.load import Budget, Budgets


def budgets() -> Budgets:
    """What a version may ask a year of a unit above its branches, and of a branch."""
    return Budgets(
        unit=Budget(settings.LOAD_UNIT_OCCURRENCES, settings.LOAD_UNIT_ENTRIES),
        branch=Budget(settings.LOAD_BRANCH_OCCURRENCES, settings.LOAD_BRANCH_ENTRIES),
    )

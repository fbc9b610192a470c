"""What may stand below what, and which unit an organisation belongs to."""

from apps.organizations.models import Organization

Kind = Organization.Kind

# Kind -> the kinds of its superior.
SUPERIORS: dict[str, frozenset] = {
    Kind.COMMITTEE: frozenset(),
    Kind.UNIT: frozenset({Kind.COMMITTEE, Kind.UNIT}),
    Kind.ORGAN_COMMITTEE: frozenset({Kind.UNIT}),
    Kind.GENERAL_BRANCH: frozenset({Kind.UNIT, Kind.ORGAN_COMMITTEE}),
    Kind.DISCIPLINE_COMMITTEE: frozenset({Kind.ORGAN_COMMITTEE}),
    Kind.BRANCH: frozenset({Kind.UNIT, Kind.ORGAN_COMMITTEE, Kind.GENERAL_BRANCH}),
    Kind.GROUP: frozenset({Kind.BRANCH}),
}
# There is one of each in a unit: duties are borne by it.
ONE_A_UNIT = frozenset({Kind.ORGAN_COMMITTEE, Kind.DISCIPLINE_COMMITTEE})


def misfit(kind: str, parent: Organization) -> str | None:
    """Why an organisation of `kind` cannot stand below `parent`; None when it can."""
    if parent.closed_on is not None:
        return f"{parent.name}已经撤销。"
    if parent.kind not in SUPERIORS[kind]:
        return f"{Kind(kind).label}不能设在{parent.get_kind_display()}下面。"
    return None


def kinds_below(parent: Organization) -> list[str]:
    """What can be founded below `parent`, in the order of the kinds."""
    return [kind for kind in Kind.values if parent.kind in SUPERIORS[kind]]


def unit_of(organization: Organization) -> Organization:
    """The unit, or the committee, to which an organisation belongs; itself when it is one."""
    paths = [organization.path, *organization.parent_paths()]
    homes = Organization.objects.filter(path__in=paths, kind__in=[Kind.UNIT, Kind.COMMITTEE])
    return homes.order_by("-path").first()

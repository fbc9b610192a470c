"""Bring rows in line with what they should be, set by set, and tell which ones changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet


@dataclass(frozen=True)
class Counts:
    """Rows that a load created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.created + other.created, self.changed + other.changed,
                      self.removed + other.removed)


def put_all(
    rows: QuerySet, key: str, wanted: list[dict], links: dict[str, dict] | None = None
) -> Counts:
    """Make `rows` exactly `wanted`, each with its links; what is not wanted is removed.

    `links`: name of a many-to-many field -> key of a row -> primary keys of its targets.
    """
    gone = rows.exclude(**{f"{key}__in": [values[key] for values in wanted]})
    removed = gone.count()
    if removed:
        gone.delete()
    new, changed = put(rows, key, wanted)
    keys = dict(rows.values_list(key, "pk"))
    for name, targets in (links or {}).items():
        pairs = {(keys[each], target) for each, found in targets.items() for target in found}
        touched = put_links(rows, name, pairs)
        changed |= {each for each, pk in keys.items() if pk in touched} - new
    return Counts(len(new), len(changed), removed)


def put(rows: QuerySet, key: str, wanted: Iterable[dict]) -> tuple[set, set]:
    """Create and change rows so that they carry `wanted`; return the keys of both kinds."""
    held = {getattr(row, key): row for row in rows}
    new, changed, names = [], [], set()
    for values in wanted:
        row = held.get(values[key])
        if row is None:
            new.append(rows.model(**values))
            continue
        differing = {name for name, value in values.items() if getattr(row, name) != value}
        for name in differing:
            setattr(row, name, values[name])
        if differing:
            changed.append(row)
            names |= differing
    rows.model.objects.bulk_create(new)
    if changed:
        rows.model.objects.bulk_update(changed, sorted(name.removesuffix("_id") for name in names))
    return {getattr(row, key) for row in new}, {getattr(row, key) for row in changed}


def put_links(rows: QuerySet, name: str, wanted: set[tuple[int, int]]) -> set[int]:
    """Make the links of `rows` the (row, target) pairs `wanted`; return the touched rows."""
    field = rows.model._meta.get_field(name)
    through = field.remote_field.through
    source, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    held = {
        (getattr(link, source), getattr(link, target)): link.pk
        for link in through.objects.filter(**{f"{field.m2m_field_name()}__in": rows})
    }
    extra = [pk for pair, pk in held.items() if pair not in wanted]
    if extra:
        through.objects.filter(pk__in=extra).delete()
    missing = wanted - set(held)
    through.objects.bulk_create(
        through(**{source: row, target: other}) for row, other in sorted(missing)
    )
    return {row for row, _ in missing | (set(held) - wanted)}

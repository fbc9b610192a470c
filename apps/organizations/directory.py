"""The directory of organisations: found by name, short name, pinyin initials or code.

What is typed is taken as people type it: full-width letters, capitals and blanks do not
matter. Exact finds stand first, then beginnings, then the rest in order of the tree.
"""

import unicodedata
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When

from apps.organizations.models import Organization, OrganizationName
from apps.organizations.permissions import Permission

LONGEST, MOST_WORDS = 60, 8
FIELDS = ("name", "short_name", "initials", "code")
STANDING, CLOSED, ALL = "", "closed", "all"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; an empty part leaves everything in."""

    text: str = ""
    kind: str = ""
    is_window: bool = False
    closed: str = STANDING

    @classmethod
    def of(cls, query) -> "Wanted":
        """From the address of a page; words that mean nothing are left out."""
        kind, closed = query.get("kind", ""), query.get("closed", "")
        return cls(
            text=tidy(query.get("q", "")), kind=kind if kind in Organization.Kind.values else "",
            is_window=query.get("window") == "1",
            closed=closed if closed in (CLOSED, ALL) else STANDING)

    @property
    def query(self) -> dict[str, str]:
        """The same as parts of an address."""
        parts = {"q": self.text, "kind": self.kind, "window": "1" if self.is_window else "",
                 "closed": self.closed}
        return {name: value for name, value in parts.items() if value}


def tidy(typed: str) -> str:
    """The words as they are looked for: half width, lower case, single blanks."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", typed)
                    if unicodedata.category(sign) not in ("Cf", "Cs") and sign != "\0")
    return " ".join(plain.lower().split())[:LONGEST]


def find(user, wanted: Wanted):
    """The organisations in the person's scope that fit, the best find first."""
    rows = Organization.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.is_window:
        rows = rows.filter(is_window=True)
    if wanted.closed != ALL:
        rows = rows.filter(closed_on__isnull=wanted.closed == STANDING)
    words = wanted.text.split()[:MOST_WORDS]
    if not words:
        return rows.order_by("path")
    for word in words:
        rows = rows.filter(_either("icontains", word) | _once(user, word))
    return rows.annotate(rank=_rank("".join(words))).order_by("rank", "path")


def _either(way: str, text: str) -> Q:
    """One of the fields compares so."""
    condition = Q()
    for name in FIELDS:
        condition |= Q(**{f"{name}__{way}": text})
    return condition


def _once(user, word: str) -> Exists:
    """It bore such a name before (曾用名)."""
    names = OrganizationName.objects.visible_to(user, for_=Permission.ORGANIZATION_VIEW)
    return Exists(names.filter(Q(name__icontains=word) | Q(short_name__icontains=word),
                               organization=OuterRef("pk")))


def _rank(text: str) -> Case:
    """0 exact, 1 beginning, 2 inside, 3 by an earlier name or by words that stand apart."""
    ways = ("iexact", "istartswith", "icontains")
    return Case(*(When(_either(way, text), then=Value(rank)) for rank, way in enumerate(ways)),
                default=Value(len(ways)), output_field=IntegerField())

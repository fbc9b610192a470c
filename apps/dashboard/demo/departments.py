"""The other departments of the invented city: every shape that a municipal unit can have.

What they are stands in `data/departments.yaml`; here it becomes places, people and posts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

import yaml

from apps.dashboard.demo.names import names
from apps.dashboard.demo.people import PEOPLE, Person, Place
from apps.organizations.models import Organization
from apps.organizations.roles import RoleCode as R

Kind, Body = Organization.Kind, Organization.LeadingBody
FILE = Path(__file__).parent / "data" / "departments.yaml"
CITY = "云川"
SEED = 20250308
DIGITS = "一二三四五六七八九十"
# Shapes with an organ committee; the first and the third have a discipline committee too.
COMMITTEES = ("committee", "plain", "nested")
BIG = 5
# Officers of the committee beside the told one; each has units in his care.
OFFICERS = 6
GROUPS = 2


@dataclass(frozen=True)
class Department:
    """One department of the file; see its head for the fields."""

    key: str
    name: str
    shape: str
    branches: int
    sign: str
    work: tuple[str, str]
    offices: tuple[str, str]
    full: str = ""
    body: str = Body.PARTY_GROUP
    window: str = ""
    below: dict = field(default_factory=dict)
    shares: tuple[str, ...] = ()
    vacant: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How people in the city call it."""
        return f"市{self.name}"

    @property
    def led_by(self) -> str:
        """党组 or 党委."""
        return Body(self.body).label

    @property
    def size(self) -> int:
        """How many branches it has in all."""
        return self.branches + sum(self.below.values())


@cache
def departments() -> tuple[Department, ...]:
    """All departments of the file, in its order."""
    rows = yaml.safe_load(FILE.read_text("utf-8"))["departments"]
    return tuple(
        Department(**{"shares" if name == "with" else name: _frozen(value)
                      for name, value in row.items()})
        for row in rows
    )


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


def places(chosen: Sequence[Department]) -> list[Place]:
    """Every organisation of the chosen departments, each after its superior."""
    return [place for each in chosen for place in _places_of(each)]


def _places_of(unit: Department) -> Iterator[Place]:
    key, title = unit.key, unit.title
    name = f"中共{CITY}市{unit.full or unit.name}" + (
        "委员会" if unit.body == Body.PARTY_COMMITTEE else "党组")
    yield Place(key, "gw", Kind.UNIT, name, f"{title}{unit.led_by}",
                {"leading_body": unit.body, "is_window": bool(unit.window)})
    above = key
    if unit.shape in COMMITTEES:
        above = f"{key}_jgdw"
        yield Place(above, key, Kind.ORGAN_COMMITTEE, f"{title}机关党委", "机关党委")
        if unit.shape != "plain":
            yield Place(f"{key}_jw", above, Kind.DISCIPLINE_COMMITTEE, f"{title}机关纪委",
                        "机关纪委")
    elif unit.shape == "general":
        above = f"{key}_zz"
        yield Place(above, key, Kind.GENERAL_BRANCH, f"{title}机关党总支", "机关党总支")
    number = 0
    for label in _labels(unit):
        number += 1
        yield from _branch(f"{key}_zb{number}", above, title, label)
    for order, (office, count) in enumerate(unit.below.items(), start=1):
        general = f"{key}_zz{order}"
        yield Place(general, above, Kind.GENERAL_BRANCH, f"{title}{office}党总支",
                    f"{office}党总支")
        for inner in range(count):
            number += 1
            yield from _branch(f"{key}_zb{number}", general, f"{title}{office}",
                               f"第{DIGITS[inner]}党支部")


def _branch(key: str, above: str, title: str, label: str) -> Iterator[Place]:
    """A branch; every fourth or so has groups, which have no list and no account."""
    yield Place(key, above, Kind.BRANCH, f"{title}{label}", label.removeprefix("机关"))
    if Random(f"{SEED} groups {key}").random() < 0.22:
        for order in range(GROUPS + (Random(f"{SEED} third {key}").random() < 0.3)):
            group = f"第{DIGITS[order]}党小组"
            yield Place(f"{key}_xz{order + 1}", key, Kind.GROUP, f"{title}{label}{group}", group)


def _labels(unit: Department) -> list[str]:
    """Names of the branches that stand directly under the unit's own body."""
    if unit.shape == "single":
        return ["机关党支部"]
    if unit.shape == "joint":
        partners = {each.key: each.name for each in departments()}
        named = "、".join([unit.name, *(partners[key] for key in unit.shares)])
        return [f"（{named}）联合党支部"]
    labels = [f"机关第{_number(n)}党支部" for n in range(1, unit.branches + 1)]
    if unit.branches >= BIG:
        labels[-1] = "离退休党支部"
    return labels


def _number(n: int) -> str:
    return DIGITS[n - 1] if n <= len(DIGITS) else f"十{DIGITS[n - 11]}"


def people(chosen: Sequence[Department]) -> list[Person]:
    """Everybody who holds a post in the chosen departments, and the committee's officers."""
    found = []
    fresh = names(Random(SEED), {person.name for person in PEOPLE})
    for number in range(OFFICERS):
        found.append(Person(f"gongwei{number + 2}", next(fresh), ((R.COMMITTEE_OFFICER, "gw"),)))
    for unit in chosen:
        found += _people_of(unit, fresh)
    return found


def _people_of(unit: Department, fresh: Iterator[str]) -> Iterator[Person]:
    key, random = unit.key, Random(f"{SEED} people {unit.key}")
    body = {"general": f"{key}_zz", **dict.fromkeys(COMMITTEES, f"{key}_jgdw")}.get(unit.shape)
    clerk = f"{key}_jb"
    if "secretary" not in unit.vacant:
        yield Person(f"{key}_shuji", next(fresh), ((R.PARTY_GROUP_SECRETARY, key),), clerk)
    for number in range(random.randint(2, 5)):
        # Often a member of the leading body is the organ committee's secretary too.
        also = ((R.ORGAN_SECRETARY, body),) if body and number == 0 else ()
        yield Person(f"{key}_cy{number + 1}", next(fresh), ((R.MEMBER, key), *also), clerk)
    posts = ((R.ORGAN_CLERK, body),) if body else ()
    yield Person(clerk, next(fresh), (*posts, (R.PARTY_GROUP_CLERK, key)))
    if unit.shape in ("committee", "nested"):
        yield Person(f"{key}_jw", next(fresh), ((R.DISCIPLINE_SECRETARY, f"{key}_jw"),))
    for order in range(len(unit.below)):
        yield Person(f"{key}_zz{order + 1}", next(fresh),
                     ((R.ORGAN_SECRETARY, f"{key}_zz{order + 1}"),))
    for number in range(1, unit.size + 1):
        branch = f"{key}_zb{number}"
        yield Person(branch, next(fresh), ((R.BRANCH_SECRETARY, branch),))
        if number == 1 and unit.branches >= 2 * BIG:
            yield Person(f"{branch}_jb", next(fresh), ((R.BRANCH_CLERK, branch),))

"""Facts of the demo's units and branches, for the slots of the texts. Seeded by their keys."""

from collections import Counter
from datetime import date, timedelta
from random import Random

from apps.core.working_calendar import WorkingCalendar
from apps.dashboard.demo.departments import SEED, Department, departments
from apps.dashboard.demo.texts import PLACES
from apps.organizations.models import Organization

QUARTERS = ("一季度", "二季度", "三季度", "四季度")
# The told units have no row in the file of departments.
TOLD = (
    Department("jyj", "教育局", "committee", 4, "教", ("教师资格认定", "校外培训检查"),
               ("基教科", "考试院"), window="教师资格窗口"),
    Department("czj", "财政局", "general", 2, "财", ("预算审核", "惠农补贴发放"),
               ("预算科", "国库科")),
    Department("dag", "档案馆", "single", 1, "档", ("档案查阅", "档案数字化"),
               ("利用科", "保管科"), window="档案查阅窗口"),
    Department("gw", "直机关工委", "none", 0, "直工", ("支部换届提醒", "党务培训"),
               ("组织科", "办公室")),
)


class Book:
    """The facts of every place of the city, by organisation."""

    def __init__(self):
        groups = Organization.objects.filter(kind=Organization.Kind.GROUP)
        self.groups = Counter(node.path[:-node.steplen] for node in groups)
        self.departments, self.known = units(), {}

    def unit_of(self, place: Organization) -> Department:
        """The department to which a place belongs."""
        return self.departments[place.code.lower().split("_")[0]]

    def of(self, place: Organization) -> dict:
        """Slots of the place that stay the same all year."""
        if place.pk not in self.known:
            found = of_unit(self.unit_of(place))
            if place.kind == Organization.Kind.BRANCH:
                found |= of_branch(place.code.lower(), self.groups[place.path])
            self.known[place.pk] = found
        return self.known[place.pk]


def units() -> dict[str, Department]:
    """All units and the committee by key."""
    return {each.key: each for each in (*TOLD, *departments())}


def of_unit(unit: Department) -> dict:
    """What does not change from one report of a unit to the next."""
    random = Random(f"{SEED} facts {unit.key}")
    facts = {
        "unit": unit.title, "body": unit.led_by, "office": unit.offices[0],
        "office2": unit.offices[1], "work": unit.work[0], "work2": unit.work[1],
        "people": random.randint(18, 30) * max(unit.size, 1),
    }
    if unit.window:
        facts["window"] = unit.window
    if unit.size > 1:
        facts["branches"] = unit.size
    return facts


def of_branch(key: str, groups: int) -> dict:
    """Members, committee and groups of a branch."""
    random = Random(f"{SEED} branch {key}")
    members = random.randint(22, 46) if groups else random.randint(8, 24)
    facts = {"members": members, "staff": 5 if members > 15 else 3}
    return facts | ({"groups": groups} if groups else {})


def of_day(day: date, first: date, last: date, calendar: WorkingCalendar, random: Random) -> dict:
    """Dates around the work of `day`: later, and a theme day between `first` and `last`."""
    later = calendar.shift(day + timedelta(days=random.randint(16, 40)), "later")
    theme = calendar.shift(first + timedelta(days=random.randint(0, (last - first).days)),
                           "later")
    theme = theme if theme <= last else day
    return {
        "month": day.month, "day": day.day, "later": _label(later), "theme_day": _label(theme),
        "half": "上半年" if day.month <= 6 else "下半年", "quarter": QUARTERS[(day.month - 1) // 3],
    }


def figures(facts: dict, random: Random) -> dict:
    """Small figures that fit each other; fresh for each report."""
    members, people = facts.get("members", 12), facts.get("people", 60)
    few, some, many = random.randint(2, 4), random.randint(6, 11), random.randint(14, 38)
    return {
        "few": few, "few2": random.randint(2, few), "some": some,
        "some2": random.randint(5, some), "many": many, "many2": random.randint(20, 40),
        "pct": random.randint(88, 98), "place": random.choice(PLACES),
        "came": members - random.randint(0, max(1, members // 8)),
        "audience": random.randint(people // 2, people * 9 // 10),
    }


def _label(day: date) -> str:
    return f"{day.month}月{day.day}日"

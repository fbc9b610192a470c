"""The sheet of organisations: found, renamed, facts changed."""

import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date

from apps.core.act import SYSTEM
from apps.core.dates import full_label
from apps.organizations import tree
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission
from apps.organizations.roster.columns import NOTHING, PLACES, key_of
from apps.organizations.roster.lines import Outcome, Plan
from apps.organizations.roster.present import Present

Kind = Organization.Kind
OUTSIDE = "没有这个组织，或者不在您的范围内"
NOT_YOURS = "单位和组织由工委管理员设立、更名"
FIELDS = {"name": "全称", "short_name": "简称", "leading_body": "领导机构", "is_window": "窗口单位",
          "founded_on": "设立日期"}


@dataclass
class Entry:
    """One row: its organisation, new or standing, and what is wrong with it."""

    row: int
    values: dict
    problems: list[str]
    place: Organization | None = None
    is_new: bool = False
    changes: dict = field(default_factory=dict)


class Places:
    """Organisations by code and by name, those of the file among them."""

    def __init__(self, present: Present, by, today: date, plan: Plan):
        self.present, self.by, self.today, self.plan = present, by, today, plan
        self.by_path = {place.path: place for place in present.places}
        self.by_key = {key_of(place.code): place for place in present.places}
        self.by_name: dict[str, list[Organization]] = defaultdict(list)
        for place in present.places:
            if place.closed_on is None:
                self.by_name[_plain(place.name)].append(place)
        # Superiors of new organisations, by their key.
        self.above: dict[str, Organization | None] = {}
        self.bodies: Counter = Counter()
        # First days of standing organisations that the file puts right.
        self.founded: dict[int, date] = {}
        # Codes of rows of which too little is known to check what refers to them.
        self.vague: set[str] = set()

    def take(self, rows: list[dict]) -> None:
        """Plan all rows. Superiors may stand below their inferiors in the file."""
        entries = [self._entry(row) for row in rows]
        self._refuse_doubles(entries)
        for entry in entries:
            if entry.is_new and entry.place is not None:
                self.by_key.setdefault(key_of(entry.place.code), entry.place)
                self.by_name[_plain(entry.place.name)].append(entry.place)
        for entry in entries:
            self._find_superior(entry)
        fresh = [entry for entry in entries if entry.is_new and entry.place is not None]
        for entry in fresh:
            self._refuse_circle(entry)
        fresh.sort(key=lambda entry: len(self.superiors(entry.place)))
        self._count_bodies()
        standing = [entry for entry in entries if not entry.is_new and entry.place is not None]
        for entry in sorted(standing, key=lambda entry: len(entry.place.path)):
            self._compare(entry)
        for entry in fresh:
            self._check_new(entry)
        self._refuse_names(entries)
        for entry in entries:
            self._tell(entry)
        self.plan.places = [(entry.place, self.above.get(key_of(entry.place.code)))
                            for entry in fresh if not entry.problems]

    # --- what posts ask ---------------------------------------------------------------------

    def find(self, typed: str) -> Organization | str:
        """The organisation of a code or a full name that the importer sees, or a sentence.
        "" means a row of this file of which too little is known."""
        key = key_of(typed)
        if key in self.vague:
            return ""
        place = self.by_key.get(key)
        if place is None:
            named = [each for each in self.by_name.get(_plain(typed), [])
                     if self.is_seen(each)]
            if len(named) > 1:
                return f"有{len(named)}个组织叫“{typed}”，请填编号"
            place = named[0] if named else None
        if place is None or not self.is_seen(place):
            return f"“{typed}”：{OUTSIDE}"
        return "" if key_of(place.code) in self.vague else place

    def is_seen(self, place: Organization) -> bool:
        """Whether the importer sees it; what he sets up himself he does."""
        return place.pk is None or self.by.may(Permission.ORGANIZATION_VIEW, at=place.path)

    def superiors(self, place: Organization) -> list[Organization]:
        """From the superior up to the root, through the file and the tree."""
        found: list[Organization] = []
        while place is not None and len(found) <= len(self.by_key):
            if place.pk is None:
                place = self.above.get(key_of(place.code))
            else:
                place = self.by_path.get(place.path[:-Organization.steplen])
            if place is not None:
                found.append(place)
        return found

    def unit_of(self, place: Organization) -> Organization | None:
        """The unit or the committee to which it belongs; itself when it is one."""
        return next((each for each in (place, *self.superiors(place))
                     if each.kind in (Kind.UNIT, Kind.COMMITTEE)), None)

    # --- rows -------------------------------------------------------------------------------

    def _entry(self, row: dict) -> Entry:
        values = row["values"]
        entry = Entry(row["row"], values, list(row["problems"]))
        key = key_of(values["code"])
        if not key:
            return entry
        entry.place = self.by_key.get(key)
        if entry.place is None and values["kind"] and values["name"]:
            entry.is_new, entry.place = True, self._new(values)
        elif entry.place is None:
            self.vague.add(key)
        return entry

    def _new(self, values: dict) -> Organization:
        day = values.get("founded_on", "")
        body = values.get("leading_body", "")
        return Organization(
            kind=values["kind"], name=values["name"], code=values["code"],
            short_name=values.get("short_name") or values["name"][:60],
            leading_body="" if body == NOTHING else body,
            is_window=values.get("is_window") == "是",
            founded_on=date.fromisoformat(day) if day not in ("", NOTHING) else self.today)

    def _refuse_doubles(self, entries: list[Entry]) -> None:
        first: dict[str, int] = {}
        for entry in entries:
            key = key_of(entry.values["code"])
            if key and key in first:
                entry.problems.append(f"编号{entry.values['code']}和第{first[key]}行重复")
                entry.place = None if entry.is_new else entry.place
            first.setdefault(key, entry.row)

    def _find_superior(self, entry: Entry) -> None:
        typed, place = entry.values["parent"], entry.place
        if place is None:
            return
        if not typed:
            if entry.is_new:
                self.above[key_of(place.code)] = None
                if place.kind != Kind.COMMITTEE or self.present.places:
                    entry.problems.append("“上级编号”没有填")
            return
        found = self.find(typed)
        if isinstance(found, str):
            entry.problems += [f"上级{found}"] if found else []
            self.vague |= {key_of(place.code)} if entry.is_new else set()
        elif entry.is_new:
            self.above[key_of(place.code)] = found
        else:
            entry.problems += self._other_superior(place, found)

    def _other_superior(self, place: Organization, found: Organization) -> list[str]:
        """A standing organisation is not moved by a roster: its open tasks would go with it."""
        now = self.superiors(place)[:1]
        if now and found is now[0]:
            return []
        if found is place or place in self.superiors(found):
            return [f"上级绕成了一圈：{found.name}就在{place.name}里"]
        stands = f"现在的上级是{now[0].name}，" if now else "它没有上级，"
        return [f"{stands}划转请在组织的页面办理，会先看到任务怎么走"]

    def _refuse_circle(self, entry: Entry) -> None:
        chain, place = [entry.place], self.above.get(key_of(entry.place.code))
        while place is not None and place.pk is None:
            if place is entry.place:
                codes = "→".join(each.code for each in [*chain, place])
                entry.problems.append(f"上级绕成了一圈：{codes}")
                self.vague.add(key_of(entry.place.code))
                return
            if place in chain:
                return  # it hangs on a circle that other rows name
            chain.append(place)
            place = self.above.get(key_of(place.code))

    def _check_new(self, entry: Entry) -> None:
        place = entry.place
        key = key_of(place.code)
        above = self.above.get(key)
        if key in self.vague or (above is not None and key_of(above.code) in self.vague):
            self.vague.add(key)
            return
        place.path = f"{above.path}Z" if above is not None else ""
        if above is None:
            if self.by is not SYSTEM and not self.present.places:
                entry.problems.append("工委由安装时的命令设立")
            return
        if not self.by.may(Permission.ORGANIZATION_EDIT, at=above.path):
            entry.problems.append(NOT_YOURS)
        if problem := tree.misfit(place.kind, above):
            entry.problems.append(problem.rstrip("。"))
        if self.bodies[id(self.unit_of(place)), place.kind] > 1:
            entry.problems.append(f"本单位已经有{place.get_kind_display()}")
        since = self.founded.get(id(above), above.founded_on)
        if not since <= place.founded_on <= self.today:
            entry.problems.append(f"设立日期要在上级设立（{full_label(since)}）之后、今天以前")
        if place.leading_body and place.kind != Kind.UNIT:
            entry.problems.append("只有单位填领导机构")

    def _count_bodies(self) -> None:
        """How many there will be in a unit of the kinds of which there is one."""
        self.bodies = Counter(
            (id(self.unit_of(place)), place.kind) for place in self.by_key.values()
            if place.kind in tree.ONE_A_UNIT and place.closed_on is None)

    def _compare(self, entry: Entry) -> None:
        place, values = entry.place, entry.values
        if not self.by.may(Permission.ORGANIZATION_EDIT, at=place.path):
            entry.problems = [NOT_YOURS if self.is_seen(place) else
                              f"编号{values['code']}：{OUTSIDE}"]
            return
        if place.closed_on is not None:
            entry.problems.append(f"{place.name}已经撤销")
            return
        if values["kind"] and values["kind"] != place.kind:
            entry.problems.append(f"类别现在是{place.get_kind_display()}，不能用名册改")
        entry.changes = {key: value for key, value in self._wanted(values).items()
                         if value != getattr(place, key)}
        self.founded[id(place)] = entry.changes.get("founded_on", place.founded_on)
        entry.problems += self._why_not(place, entry.changes)

    def _wanted(self, values: dict) -> dict:
        """What the row says; an empty cell says nothing."""
        found = {key: values[key] for key in ("name", "short_name") if values.get(key)}
        if body := values.get("leading_body"):
            found["leading_body"] = "" if body == NOTHING else body
        if values.get("is_window"):
            found["is_window"] = values["is_window"] == "是"
        if (day := values.get("founded_on", "")) not in ("", NOTHING):
            found["founded_on"] = date.fromisoformat(day)
        return found

    def _why_not(self, place: Organization, changes: dict) -> list[str]:
        problems, founded = [], changes.get("founded_on", place.founded_on)
        if founded > place.founded_on:
            problems.append(f"设立日期登记的是{full_label(place.founded_on)}，只能改早")
        above = self.superiors(place)[:1]
        if "founded_on" in changes and above:
            since = min(above[0].founded_on, self.founded.get(id(above[0]), founded))
            if founded < since:
                problems.append(f"设立日期早于上级的{full_label(since)}")
        since = self.present.named_since.get(place.pk, founded)
        if ("name" in changes or "short_name" in changes) and since >= self.today:
            problems.append("现在的名称从今天用起，更名要等到明天")
        if changes.get("leading_body") and place.kind != Kind.UNIT:
            problems.append("只有单位填领导机构")
        return problems

    def _refuse_names(self, entries: list[Entry]) -> None:
        """No two living organisations bear one name, once everything is done."""
        renamed = {id(entry.place): entry.changes["name"] for entry in entries
                   if "name" in entry.changes}
        borne = Counter(renamed.get(id(place), place.name)
                        for places in self.by_name.values() for place in places)
        for entry in entries:
            if entry.place is None or not (entry.is_new or "name" in entry.changes):
                continue
            name = renamed.get(id(entry.place), entry.place.name)
            if borne[name] > 1:
                entry.problems.append(f"已经有“{name}”，或者表里还有一个")

    def _tell(self, entry: Entry) -> None:
        label = " ".join(filter(None, (entry.values["code"], entry.values["name"])))
        outcome, words = Outcome.SAME, ""
        if entry.problems:
            outcome, words = Outcome.REFUSED, "；".join(dict.fromkeys(entry.problems))
        elif entry.is_new:
            outcome = Outcome.NEW
            above = self.above.get(key_of(entry.place.code))
            words = f"{entry.place.get_kind_display()}，设在{above.name}下面" if above else ""
        elif entry.changes:
            outcome, words = Outcome.CHANGED, self._changed(entry)
            self.plan.place_changes.append((entry.place, entry.changes, words))
        self.plan.note(PLACES, entry.row, label, outcome, words)

    def _changed(self, entry: Entry) -> str:
        return "；".join(f"{FIELDS[key]}：{_shown(entry.place, key, getattr(entry.place, key))}"
                        f"→{_shown(entry.place, key, value)}"
                        for key, value in entry.changes.items())


def _plain(name: str) -> str:
    """A name as it is compared: brackets may be of either width."""
    return unicodedata.normalize("NFKC", name)


def _shown(place: Organization, key: str, value) -> str:
    """A value as people write it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return full_label(value)
    if key == "leading_body":
        return Organization.LeadingBody(value).label if value else NOTHING
    return value

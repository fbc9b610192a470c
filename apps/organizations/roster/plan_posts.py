"""The sheet of posts: given, ended, their drafters named; committee posts proposed."""

from collections import defaultdict
from datetime import date

from apps.core.act import SYSTEM
from apps.core.dates import full_label
from apps.organizations import appointing
from apps.organizations.models import Appointment, Organization, User
from apps.organizations.roles import ROLES, RoleCode
from apps.organizations.roster.columns import BY_PLACE, NOTHING, POSTS, key_of
from apps.organizations.roster.lines import Outcome, Plan, PostAct
from apps.organizations.roster.plan_people import People
from apps.organizations.roster.plan_places import Places
from apps.organizations.roster.present import Present

WAITS = "提出以后，等另一位工委管理员确认"
WAITING = "已经提出，等另一位工委管理员确认"


class Posts:
    """Posts as they will stand, so that rows are compared with one another, too."""

    def __init__(self, present: Present, places: Places, people: People, by, today: date,
                 plan: Plan):
        self.present, self.places, self.people = present, places, people
        self.by, self.today, self.plan = by, today, plan
        self.own: dict[tuple, list[Appointment]] = defaultdict(list)
        for post in present.posts:
            self.own[post.user_id, post.role, post.organization_id].append(post)

    def take(self, rows: list[dict]) -> None:
        """Plan all rows: each by itself, then against all others."""
        first: dict[tuple, int] = {}
        found: list[tuple[dict, PostAct | None, list[str]]] = []
        for row in rows:
            problems = list(row["problems"])
            act = self._act(row["values"], problems)
            if act is not None:
                key = (id(act.user), act.role, id(act.place), act.starts_on)
                if key in first:
                    problems.append(f"和第{first[key]}行重复")
                first.setdefault(key, row["row"])
            found.append((row, act, problems))
        self._compare([(act, problems) for _row, act, problems in found if act is not None])
        for row, act, problems in found:
            self._tell(row, act, problems)

    def _act(self, values: dict, problems: list[str]) -> PostAct | None:
        """The post of a row; None where the row does not say enough."""
        user = self.people.find(values["username"]) if values["username"] else ""
        place = self.places.find(values["place"]) if values["place"] else ""
        problems += [each for each in (user, place) if isinstance(each, str) and each]
        if isinstance(user, str) or isinstance(place, str) or not values["role"]:
            return None
        role = BY_PLACE[values["role"]].get(place.kind, "") if values["role"] in BY_PLACE else (
            values["role"])
        if not role:
            problems.append(f"{place.get_kind_display()}没有“{values['role']}”这个职务")
            return None
        self._check_names(values, user, place, problems)
        drafter = self._drafter(values, user, problems)
        starts_on, ends_on = _day(values, "starts_on"), _day(values, "ends_on")
        present = self._standing(user, role, place, starts_on)
        act = PostAct(user, role, place, starts_on or self.today, ends_on, drafter, present)
        if present is not None:
            self._keep(act, values, problems)
        self._check(act, problems)
        return act

    def _check_names(self, values: dict, user: User, place: Organization, problems) -> None:
        called = self.people.called.get(key_of(user.username), user.name)
        if values.get("name") and values["name"] != called:
            problems.append(f"账号{user.username}是{called}，不是{values['name']}")
        typed = values.get("place_name")
        names = {place.name, *(changes.get("name", place.name) for each, changes, _words
                               in self.plan.place_changes if each is place)}
        if typed and typed not in names:
            problems.append(f"编号{place.code}是“{place.name}”，不是“{typed}”")

    def _drafter(self, values: dict, user: User, problems: list[str]) -> User | None:
        typed = values.get("drafter", "")
        if typed in ("", NOTHING):
            return None
        found = self.people.find(typed)
        if isinstance(found, str):
            problems += [f"代填人{found}"] if found else []
            return None
        if found is user:
            problems.append("代填人不能是本人")
        return found

    def _standing(self, user: User, role: str, place: Organization, starts_on: date | None):
        """The registered post that the row speaks of."""
        if user.pk is None or place.pk is None:
            return None
        posts = self.own.get((user.pk, role, place.pk), [])
        running = [post for post in posts if post.ends_on is None or post.ends_on >= self.today]
        same = [post for post in posts if post.starts_on == starts_on]
        if same:
            return same[0]
        if running and (starts_on is None or running[-1].ends_on is None
                        or starts_on <= running[-1].ends_on):
            return running[-1]
        return None

    def _keep(self, act: PostAct, values: dict, problems: list[str]) -> None:
        """What an empty cell leaves as it is, and what a roster does not change."""
        present = act.present
        if values.get("starts_on") and act.starts_on != present.starts_on:
            problems.append(f"任职日期登记的是{full_label(present.starts_on)}，不能用名册改，"
                            "这一格可以空着")
        act.starts_on = present.starts_on
        if not values.get("ends_on"):
            act.ends_on = present.ends_on
        if not values.get("drafter"):
            act.drafter = self.present.person(present.drafter_id)

    def _check(self, act: PostAct, problems: list[str]) -> None:
        role, place, user = act.role, act.place, act.user
        if act.ends_on is not None and act.ends_on < act.starts_on:
            problems.append("结束日期早于任职日期")
        if act.present is not None:
            act.words = self._changed(act)
            if act.words and _is_over(act.present, self.today):
                problems.append("这段任职已经结束，不能用名册改；重新任职请填新的任职日期")
            elif act.words and role in appointing.CONFIRMED and self.by is not SYSTEM:
                problems.append(f"{RoleCode(role).label}的变动要另一位工委管理员确认，"
                                "请在任职的页面办理")
            elif act.words:
                self._ask(problems, appointing.lacks(self.by, role, place),
                          appointing.own(self.by, user))
            return
        if act.ends_on is not None and act.ends_on < self.today:
            problems.append("结束日期已经过了，名册只登记现在和以后的任职")
        if not user.is_active and self.by is not SYSTEM:
            problems.append(f"{user.name}的账号停用着，先恢复登录")
        act.is_proposed = role in appointing.CONFIRMED and self.by is not SYSTEM
        if act.is_proposed:
            self._ask(problems, appointing.may_propose(self.by, role, place, user))
            if act.drafter is not None:
                problems.append(f"{RoleCode(role).label}没有代填人")
        else:
            self._ask(problems, appointing.may_appoint(self.by, role, place, user))

    def _ask(self, problems: list[str], *answers: str | None) -> None:
        problems += [answer.rstrip("。") for answer in answers if answer]

    def _changed(self, act: PostAct) -> str:
        present = act.present
        parts = []
        if act.ends_on != present.ends_on:
            parts.append(f"结束日期：{_said(present.ends_on)}→{_said(act.ends_on)}")
        old = self.present.person(present.drafter_id)
        if act.drafter is not old:
            parts.append(f"代填人：{old.name if old else NOTHING}→"
                         f"{act.drafter.name if act.drafter else NOTHING}")
        return "；".join(parts)

    # --- rows against one another -------------------------------------------------------------

    def _compare(self, acts: list[tuple[PostAct, list[str]]]) -> None:
        """Lanes of a person, and one secretary at a time, once everything is done."""
        changed = {act.present.pk: act for act, _problems in acts if act.present is not None}
        rest = [post for post in self.present.posts if post.pk not in changed]
        lanes: dict[int, list[tuple]] = defaultdict(list)
        seats: dict[tuple, list[tuple]] = defaultdict(list)
        terms: dict[tuple, list[tuple]] = defaultdict(list)
        people, places = self.present.people_by_pk, self.present.places_by_pk
        for user, role, place, starts, ends in (
            *((people[p.user_id], p.role, places[p.organization_id], p.starts_on, p.ends_on)
              for p in rest),
            *((a.user, a.role, a.place, a.starts_on, a.ends_on) for a, _problems in acts),
        ):
            lanes[id(user)].append((ROLES[role].lane, starts, ends))
            terms[id(user), role, id(place)].append((starts, ends))
            if role in appointing.SECRETARIES:
                seats[role, id(place)].append((user, starts, ends))
        for act, problems in acts:
            span = (act.starts_on, act.ends_on)
            if any(lane != ROLES[act.role].lane and _meet(span, (starts, ends))
                   for lane, starts, ends in lanes[id(act.user)]):
                problems.append(f"{act.user.name}的业务职务和技术职务不能由同一人担任")
            same = terms[id(act.user), act.role, id(act.place)]
            if self._moves(act) and sum(_meet(span, other) for other in same) > 1:
                problems.append(f"{act.user.name}这些天任这个职务有两条")
            for user, starts, ends in seats.get((act.role, id(act.place)), ()):
                if user is not act.user and _meet(span, (starts, ends)) and self._moves(act):
                    problems.append(f"{RoleCode(act.role).label}这些天由{user.name}担任，"
                                    "先填他的结束日期，或者用移交")

    def _moves(self, act: PostAct) -> bool:
        """Whether the row does anything; what stands is not refused because of others."""
        return act.present is None or bool(act.words)

    # --- what the page says ---------------------------------------------------------------

    def _tell(self, row: dict, act: PostAct | None, problems: list[str]) -> None:
        values = row["values"]
        role = RoleCode(act.role).label if act else _label(values["role"])
        name = act.user.name if act else values.get("name", "")
        label = " ".join(filter(None, (values["username"], name, role,
                                       act.place.code if act else values["place"])))
        if problems or act is None:
            words = "；".join(dict.fromkeys(problems)) or "所说的人或组织那一行没有通过"
            outcome = Outcome.REFUSED if problems else Outcome.NEW
        elif act.present is not None:
            outcome, words = (Outcome.CHANGED if act.words else Outcome.SAME), act.words
        elif act.is_proposed and self._is_waiting(act):
            outcome, words = Outcome.SAME, WAITING
        else:
            outcome = Outcome.NEW
            words = f"任{act.place.name}{role}，从{full_label(act.starts_on)}起"
            words += f"；{WAITS}" if act.is_proposed else ""
        if act is not None and outcome in (Outcome.NEW, Outcome.CHANGED):
            act.words = words
            self.plan.posts.append(act)
        self.plan.note(POSTS, row["row"], label, outcome, words)

    def _is_waiting(self, act: PostAct) -> bool:
        return (act.user.pk, act.role, act.place.pk) in self.present.proposed


def _label(role: str) -> str:
    return RoleCode(role).label if role in RoleCode.values else role


def _day(values: dict, key: str) -> date | None:
    found = values.get(key, "")
    return date.fromisoformat(found) if found not in ("", NOTHING) else None


def _said(day: date | None) -> str:
    return full_label(day) if day else NOTHING


def _is_over(post: Appointment, day: date) -> bool:
    return post.ends_on is not None and post.ends_on < day


def _meet(one: tuple, other: tuple) -> bool:
    """Whether two spans have a day in common; None has no end."""
    return ((other[1] is None or one[0] <= other[1])
            and (one[1] is None or other[0] <= one[1]))

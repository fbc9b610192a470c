"""A year played at random: whoever may does whatever can be done, in any order.

`Player.step` tries one verb; a refusal is as good as a success, but must leave no trace.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import uuid4

from apps.checklists import daily
from apps.checklists.models import (
    AdHocTask,
    Adoption,
    Checklist,
    Item,
    ListYear,
    Nudge,
    Occurrence,
    Petition,
    Report,
    Review,
)
from apps.checklists.services import (
    ad_hoc,
    adopting,
    events,
    nudging,
    petitioning,
    publishing,
    reporting,
    reviewing,
    succession,
    tailoring,
    versions,
    years,
)
from apps.checklists.services.asks import Ask, Opening
from apps.core.act import SYSTEM
from apps.core.calendar import add_working_days, today
from apps.core.errors import Refused
from apps.core.workflow import available, obstacle
from apps.duties.models import CatalogueVersion, Chapter, Duty
from apps.duties.services import drafting
from apps.organizations.models import Appointment, Organization, User
from tests.checklists.sending import ask
from tests.duties.test_drafting import NEW

State, Kind = Occurrence.State, Petition.Kind
DAY = timedelta(days=1)
IDLE = "nothing to do"
WHY = "上级同意过，见会议纪要。"
# What a version may change of a duty, drawn at random.
CHANGES: tuple[tuple[str, dict], ...] = (
    ("ZB-01", {"cadence": "quarterly"}), ("ZB-01", {"title": "每月三会一课", "minutes": 9}),
    ("ZB-02", {"due": {"anchor": "period_end", "days": -6, "shift": "earlier"}}),
    ("DZ-01", {"also_fulfils": []}), ("DZ-01", {"cadence": "quarterly", "also_fulfils": []}),
    ("JG-01", {"due": {"month": 12, "day": 20, "shift": "earlier"}}),
    ("JG-03", {"applies_to": ["has_organ_committee"]}),
    ("DZ-02", {"cadence": "monthly",
               "due": {"anchor": "period_end", "days": 0, "shift": "earlier"}}),
)


def picture() -> dict[str, list]:
    """All rows of lists, column by column: a refusal and a second nightly run change none."""
    models = (Checklist, Item, Occurrence, Petition, Adoption, AdHocTask, Nudge, Report, Review,
              ListYear, Appointment, Organization)
    return {model.__name__: list(model._default_manager.order_by("pk").values_list())
            for model in models}


class Player:
    """One history: a source of chance, and what was done so far for a failed test to tell."""

    def __init__(self, city, seed: int, travel):
        self.city, self.chance, self.travel = city, Random(seed), travel
        self.story: list[str] = []
        self.done: set[str] = set()
        self.touched: set[int] = set()  # tasks about which a person has done something
        self.begin(self.chance.choice([0, 10, 41, 75]))
        self.verbs: tuple[tuple[int, Callable[[], object]], ...] = (
            (7, self.submit), (2, self.withdraw), (2, self.confirm), (2, self.send_back),
            (5, self.accept), (2, self.return_), (5, self.ask), (2, self.ask_not_applicable),
            (7, self.answer), (1, self.revoke), (1, self.take_back), (3, self.tailor),
            (2, self.add_own), (1, self.change_own), (1, self.withdraw_own), (2, self.adopt),
            (1, self.reopen), (2, self.send), (1, self.withdraw_sent), (1, self.nudge),
            (1, self.open_event), (2, self.apply), (1, self.undo), (1, self.hand_over),
            (1, self.set_facts), (1, self.found_branch), (1, self.close_branch),
            (1, self.move_branch), (1, self.next_year), (1, self.year), (3, self.wait))

    def begin(self, days: int) -> None:
        """In November, in December, in the January that follows, or after the closing."""
        if days:
            self.next_year()
            self.travel(days=days)
            daily.run(today())

    def step(self) -> str:
        """Play one verb that finds something to do; returns what became of it. Raises
        AssertionError when a refusal has changed something."""
        told = IDLE
        for _attempt in range(5):
            told = self.play(*self.chance.choices([v for _w, v in self.verbs],
                                                  [w for w, _v in self.verbs]))
            if told != IDLE:
                break
        return told

    def play(self, verb: Callable[[], object]) -> str:
        """Play this verb."""
        before = picture()
        self.touched.clear()
        try:
            told = IDLE if verb() is None else "done"
        except Refused as refusal:
            told = f"refused: {refusal.message}"
            assert picture() == before, f"{verb.__name__} was refused and left a trace"
        if told == "done":
            self.done.add(verb.__name__)
        self.story.append(f"{today()} {verb.__name__}: {told}")
        return told

    # --- whom and what -------------------------------------------------------------------

    def person(self, may: Callable[[User], bool]) -> User | None:
        """Somebody who may; now and then somebody who may not."""
        everybody = list(User.objects.filter(is_active=True).order_by("pk"))
        self.chance.shuffle(everybody)
        if self.chance.random() < 0.05:
            return everybody[0]
        return next(filter(may, everybody), None)

    def one(self, rows):
        """One of the rows."""
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        return rows.get(pk=self.chance.choice(keys)) if keys else None

    def task(self, *states: str) -> Occurrence | None:
        """A begun task in one of these states."""
        rows = Occurrence.unscoped.for_page().filter(state__in=states, starts_on__lte=today())
        return self.one(rows)

    def stepping(self, row, step: str) -> User | None:
        """Somebody who can take the step."""
        return self.person(lambda user: obstacle(row, step, user) is None)

    def filling(self, checklist) -> User | None:
        return self.person(lambda user: reporting.may_fill_list(checklist, user))

    # --- reports -------------------------------------------------------------------------

    def submit(self):
        task = self.task(State.OPEN, State.RETURNED)
        if task is None or (by := self.filling(task.item.checklist)) is None:
            return None
        self.touched.add(task.pk)
        day = max(task.starts_on, today() - 20 * DAY)
        return reporting.submit(
            occurrence=task, by=by, activity_on=min(day, today()), words="开会研究了两件事。",
            document_number="云教党〔2026〕3号", submit_key=uuid4())

    def _decide(self, step: str, state: str, verb, **values):
        task = self.task(state)
        if task is None or (by := self.stepping(task, step)) is None:
            return None
        self.touched.add(task.pk)
        return verb(occurrence=task, by=by, seen=task.version, **values)

    def withdraw(self):
        return self._decide("withdraw", State.SUBMITTED, reporting.withdraw)

    def confirm(self):
        return self._decide("confirm", State.SUBMITTED, reporting.confirm)

    def send_back(self):
        return self._decide("send_back", State.SUBMITTED, reporting.send_back, reason=WHY)

    def accept(self):
        return self._decide("accept", State.SUBMITTED, reviewing.accept)

    def return_(self):
        return self._decide("return", State.SUBMITTED, reviewing.return_, reason=WHY)

    def nudge(self):
        task = self.task(State.OPEN, State.RETURNED)
        return task and nudging.nudge(occurrences=[task], words="请抓紧。",
                                      by=self.city.user("gongwei"))

    def open_event(self):
        item = self.one(Item.unscoped.filter(duty__cadence=Duty.Cadence.ON_EVENT)
                        .select_related("duty", "checklist__organization"))
        if item is None or (by := self.filling(item.checklist)) is None:
            return None
        return events.open_event(item=item, by=by, event=f"新任书记{self.chance.random()}",
                                 happened_on=today() - self.chance.randrange(5) * DAY)

    # --- petitions -----------------------------------------------------------------------

    def ask(self):
        task = self.task(*State.values)
        if task is None or (by := self.filling(task.item.checklist)) is None:
            return None
        kind = self.chance.choice([Kind.EXTENSION, Kind.EXCUSE, Kind.EXPLANATION, Kind.APPEAL])
        return petitioning.ask(occurrence=task, kind=kind, by=by, reason=WHY,
                               proposed_on=today() + self.chance.randrange(1, 30) * DAY)

    def ask_not_applicable(self):
        item = self.one(Item.unscoped.filter(duty__origin=Duty.Origin.CATALOGUE))
        by = self.filling(item.checklist)
        return by and petitioning.ask_not_applicable(item=item, by=by, reason=WHY)

    def _petition(self, step: str, **lookup):
        row = self.one(Petition.unscoped.for_page().filter(**lookup))
        by = row and self.stepping(row, step)
        if by and row.occurrence_id:
            self.touched.add(row.occurrence_id)
        return row, by

    def answer(self):
        step = self.chance.choice(["grant", "grant", "refuse"])
        row, by = self._petition(step, state=Petition.State.ASKED)
        verb = petitioning.grant if step == "grant" else petitioning.refuse
        return by and verb(petition=row, by=by, seen=row.version, answer=WHY)

    def revoke(self):
        row, by = self._petition("revoke", state=Petition.State.GRANTED,
                                 kind=Kind.NOT_APPLICABLE)
        return by and petitioning.revoke(petition=row, by=by, seen=row.version, answer=WHY)

    def take_back(self):
        row, by = self._petition("withdraw", state=Petition.State.ASKED)
        return by and petitioning.withdraw(petition=row, by=by, seen=row.version)

    # --- lists ---------------------------------------------------------------------------

    def checklist(self) -> Checklist:
        found = self.one(Checklist.unscoped.filter(year__gte=today().year - 1))
        assert found is not None
        return found

    def tailor(self):
        checklist = self.checklist()
        items = list(checklist.items.filter(archived_on=None))
        by = self.filling(checklist)
        days = self.chance.choice([None, 0, 2, 9])
        return by and tailoring.tailor(items=items, by=by, measures=f"每期{days}天前办好。",
                                       owner="李一帆", days_earlier=days)

    def add_own(self):
        checklist = self.checklist()
        by, cadence = self.filling(checklist), self.chance.choice(["monthly", "quarterly", "once"])
        due = tailoring.due_rule(cadence=cadence, last_day=date(checklist.year, 12, 24))
        return by and tailoring.add_own(
            checklist=checklist, by=by, cadence=cadence, due=due, title="联系社区",
            text="到社区一次。", why="上年议定的事。", minutes=5, evidence="words",
            chapter=Chapter.objects.get(number=4))

    def _own_item(self):
        item = self.one(Item.unscoped.filter(duty__origin=Duty.Origin.OWN))
        return item, item and self.filling(item.checklist)

    def change_own(self):
        item, by = self._own_item()
        return by and tailoring.change_own(
            item=item, by=by, title="联系两个社区", evidence="words", text="到两个社区各一次。",
            why="上年议定的事。", minutes=6, chapter=item.duty.chapter)

    def withdraw_own(self):
        item, by = self._own_item()
        return by and tailoring.withdraw_own(item=item, by=by, reason=WHY)

    def adopt(self):
        checklist = self.checklist()
        row = Adoption.unscoped.get(checklist=checklist)
        by = self.person(lambda user: any(name != "reopen" for name, _s in available(row, user)))
        step = next((name for name, _s in available(row, by) if name != "reopen"),
                    None) if by else None
        if step is None:
            return None
        more = {"held_on": today(), "minutes_number": "〔2026〕8号"} if step == "deliberate" else {}
        return getattr(adopting, step)(checklist=checklist, by=by, seen=row.version, **more)

    def reopen(self):
        row = self.one(Adoption.unscoped.exclude(state="tailoring"))
        by = row and self.filling(row.checklist)
        return by and adopting.reopen(checklist=row.checklist, by=by, reason=WHY)

    # --- the committee -------------------------------------------------------------------

    def send(self):
        subject = self.chance.choice(["party_group", "branch", "member", "organ_committee"])
        due_on = today() + self.chance.randrange(1, 20) * DAY
        what: Ask | Opening = ask(title=f"统计{self.chance.randrange(99)}", subject=subject,
                                  due_on=due_on)
        if self.chance.random() < 0.3:
            duty = Duty.objects.filter(code="DZ-04").order_by("-version").first()
            what = Opening(duty=duty, happened_on=today(), basis="市委〔2026〕9号",
                           title=f"学习{self.chance.randrange(99)}")
        units = [place.pk for place in Organization.objects.active().units()
                 if self.chance.random() < 0.7]
        return ad_hoc.send(ask=what, units=units, by=self.city.user("gongwei"))

    def withdraw_sent(self):
        task = self.one(AdHocTask.unscoped.all())
        return task and ad_hoc.withdraw(task=task, reason=WHY, by=self.city.user("gongwei"))

    def _year_of_versions(self) -> int:
        years_ = Checklist.unscoped.filter(year__gte=today().year).values_list("year", flat=True)
        return self.chance.choice(sorted({today().year, *years_}))

    def apply(self):
        base = versions.in_force(today().year)
        if base is None or CatalogueVersion.objects.filter(state="loaded").exists():
            return None
        draft = drafting.begin(based_on=base, by=SYSTEM)
        standing = {duty.code: duty for duty in Duty.objects.filter(version=draft)}
        for code, values in self.chance.sample(CHANGES, 3):
            if code in standing:
                drafting.change_duty(duty=Duty.objects.get(pk=standing[code].pk), by=SYSTEM,
                                     **values)
        if self.chance.random() < 0.5:
            drafting.drop_duty(duty=standing["ZB-02"], by=SYSTEM) if "ZB-02" in standing else None
            drafting.add_duty(version=draft, by=SYSTEM, **NEW)
        return versions.apply(version=draft, year=self._year_of_versions(), by=SYSTEM)

    def undo(self):
        row = self.one(CatalogueVersion.objects.filter(state="published"))
        return versions.apply(version=row, year=self._year_of_versions(), by=SYSTEM)

    def next_year(self):
        version = versions.in_force(today().year)
        if version is None:
            return None
        return publishing.publish(version=version, year=today().year + 1, by=SYSTEM)

    def year(self):
        """Close or open a year, with or without the right."""
        verb = self.chance.choice([years.close, years.reopen])
        more = {"reason": WHY} if verb == years.reopen else {}
        return verb(year=today().year - self.chance.randrange(2), by=self.city.user(
            self.chance.choice(["gongwei_admin", "gongwei"])), **more)

    # --- units and people ----------------------------------------------------------------

    def hand_over(self):
        post = self.one(Appointment.unscoped.on(today()).exclude(organization__depth=1)
                        .filter(acting_for=None).select_related("organization", "user"))
        to = self.chance.choice(list(User.objects.exclude(pk=post.user_id).order_by("pk")))
        return succession.hand_over(appointment=post, to=to, on=today(), by=SYSTEM)

    def set_facts(self):
        place = self.one(Organization.objects.active().units())
        return succession.set_facts(organization=place, by=SYSTEM, is_window=not place.is_window)

    def found_branch(self):
        parent = self._body()
        code = f"ZB{self.chance.randrange(10 ** 6)}"
        return parent and succession.found(
            parent=parent, by=SYSTEM, kind="branch", name=f"新支部{code}", short_name=f"新{code}",
            code=code, founded_on=today())

    def _branch(self):
        return self.one(Organization.objects.active().filter(kind="branch"))

    def _body(self):
        return self.one(Organization.objects.active().filter(
            kind__in=["organ_committee", "general_branch"]))

    def close_branch(self):
        branch = self._branch()
        if branch:
            succession.close(organization=branch, on=today(), by=SYSTEM, reason="撤并")
        return branch

    def move_branch(self):
        parent, branch = self._body(), self._branch()
        return branch and parent and succession.move(
            organization=branch, parent=parent, on=today(), by=SYSTEM)

    # --- time ----------------------------------------------------------------------------

    def wait(self):
        """A night, a week, a month, or over the end of the year."""
        days = self.chance.choice([1, 3, 9, 30, 45])
        self.travel(days=days)
        daily.run(today())
        return add_working_days(today(), 0)

"""What else happens in a year, by the verbs: petitions, a 临时任务, nudges, own items,
adopted lists of the told units. Each act at its own moment, before the day of the demo."""

from datetime import date, datetime, time
from random import Random
from uuid import UUID

from django.db.models import F

from apps.checklists.models import Checklist, Item, Occurrence, Petition
from apps.checklists.services import (
    ad_hoc,
    adopting,
    nudging,
    petitioning,
    reporting,
    reviewing,
    tailoring,
)
from apps.checklists.services import petition_rules as rules
from apps.checklists.services.asks import Ask
from apps.core import clock
from apps.core.calendar import add_working_days, today
from apps.core.errors import Refused
from apps.dashboard.demo import texts
from apps.dashboard.demo.departments import SEED
from apps.dashboard.demo.staff import Staff
from apps.duties.models import Chapter, Duty
from apps.organizations.models import Organization, User

State, Kind = Occurrence.State, Petition.Kind
TASK = {
    "title": "窗口午间值守自查", "basis": "市营商环境办关于窗口午间不断岗的通知", "minutes": 6,
    "subject": Duty.Subject.PARTY_GROUP,
    "text": "看一周窗口中午有没有空岗，有的当场改，写一句怎么改的。",
    "standard": "写清查了几天、空岗几次、怎么改的，40字左右。",
    "evidence": Duty.Evidence.WORDS, "evidence_why": "几句话写清就能核对，不另做材料。",
}
TASK_REPORTS = (
    "查了一周，午间空岗一次，原因是轮班表没贴出来，当天贴上，以后由带班领导签字。",
    "午间两人值守，没有空岗。取号机中午会自动关，已经改了设置。",
    "值守表排到年底，老年人专窗中午也开。查出一处指示牌指错，换了。",
    "中午办件占两成，加了一个人。没有空岗，没有投诉。",
)
OWN_ITEMS = (
    ("jyj", "党组领导带班窗口", "每季度领导到窗口带班半天，听办事人怎么说，当场能改的就改。",
     "上年差评集中在窗口，光看报表看不出来。", "quarterly", {"days_before_end": 10}),
    ("jyj", "结对乡村学校支部", "年底前机关支部和乡村学校支部结对一次，带去一节课，带回一条意见。",
     "去年民主生活会征求到的意见，党组会定的。", "yearly", {"last_day": (12, 18)}),
    ("jyj_zb1", "考务值守先锋岗", "大考期间党员轮值考务电话，一次说清考点和材料。",
     "支委会议定，考务电话去年接不过来。", "yearly", {"last_day": (12, 26)}),
)


class Extras:
    """Petitions and the like on top of the told and the imported year."""

    def __init__(self):
        self.people = {user.pk: user for user in User.objects.all()}
        self.random, self.staff = Random(f"{SEED} extras"), Staff()
        self.day = add_working_days(today(), -1)

    # --- spring: the told units make their lists their own --------------------------------

    def tailor(self, year: int) -> None:
        """Own items, then adoption: one list all the way, one half, one not yet."""
        day = min(add_working_days(date(year, 3, 2), 3), self.day)
        if day.year != year or day >= today():
            return
        with self._at(day, 9):
            for key, title, text, why, cadence, when in OWN_ITEMS:
                self._own_item(year, key, title, text, why, cadence, when)
        for key, subject, steps in (
            ("jyj", "party_group", (("deliberate", "jyj_jgdw"), ("sign", "jyj_shuji"))),
            ("jyj", "secretary", (("sign_own", "jyj_shuji"),)),
            ("jyj", "member", (("sign_as_member", "jyj_chengyuan"), ("approve", "jyj_shuji"))),
            ("jyj_jgdw", "organ_committee",
             (("deliberate", "jyj_jgdw"), ("sign", "jyj_jgdwsj"))),
            ("jyj_zb1", "branch", (("sign", "jyj_zb1"),)),
            ("jyj_zb2", "branch", (("sign", "jyj_zb2"),)),
            ("czj", "party_group", (("deliberate", "czj_zz"),)),
            ("czj_zb1", "branch", (("sign", "czj_zb1"),)),
        ):
            self._adopt(year, key, subject, steps, day)

    def _own_item(self, year, key, title, text, why, cadence, when) -> None:
        checklist = self._list(key, year, "branch" if "_" in key else "party_group")
        when = {name: date(year, *value) if name == "last_day" else value
                for name, value in when.items()}
        item = tailoring.add_own(
            checklist=checklist, by=self._filler(checklist), title=title, text=text, why=why,
            chapter=Chapter.objects.get(number=5 if "窗口" in title else 4), cadence=cadence,
            due=tailoring.due_rule(cadence=cadence, **when), evidence=Duty.Evidence.WORDS,
            minutes=5)
        tailoring.tailor(items=[item], by=self._filler(checklist), owner="办公室主任",
                         measures="写进值班表，机关党委每季度问一次")

    def _adopt(self, year: int, key: str, subject: str, steps, day: date) -> None:
        for number, (step, who) in enumerate(steps):
            on = add_working_days(day, number + 1)
            if on >= today():
                return
            about = {"checklist": self._list(key, year, subject), "by": self._person(who)}
            if step == "deliberate":
                about |= {"held_on": on, "minutes_number": f"〔{year}〕{number + 3}号"}
            with self._at(on, 15):
                getattr(adopting, step)(**about)

    # --- autumn: what is asked of many, and what many ask ---------------------------------

    def send_task(self) -> int:
        """An officer asks all window units for something; most have answered by now."""
        sent = add_working_days(today(), -7)
        due = add_working_days(today(), 3)
        if sent.year != today().year or due.year != today().year:
            return 0
        officer = self._person("gongwei")
        ask = Ask(**TASK | {"chapter": Chapter.objects.get(number=5), "due_on": due})
        with self._at(sent, 10):
            chosen = ad_hoc.choose(by=officer, facts=["window_unit"])
            task = ad_hoc.send(ask=ask, units=[each.unit.pk for each in chosen], by=officer)
        rows = Occurrence.unscoped.filter(opened_by=task.key).for_page().order_by("pk")
        return sum(self._answer(row, sent, number) for number, row in enumerate(rows))

    def _answer(self, row: Occurrence, sent: date, number: int) -> bool:
        """Every third waits for its review, every fourth has not answered."""
        if number % 4 == 3:
            return False
        filed = add_working_days(sent, 1 + number % 5)
        with self._at(filed, 9):
            reporting.submit(
                occurrence=row, by=self._filler(row.item.checklist), activity_on=filed,
                words=TASK_REPORTS[number % len(TASK_REPORTS)], document_number="",
                submit_key=UUID(int=self.random.getrandbits(128), version=4))
        decided = add_working_days(filed, 1)
        if number % 3 and decided < today():
            self._decide(row, decided)
        return True

    def _decide(self, row: Occurrence, on: date) -> None:
        row = Occurrence.unscoped.for_page().get(pk=row.pk)
        found = self.staff.reviewer(row.organization, row.item.duty.subject, row.own)
        with self._at(on, 15):
            reviewing.accept(occurrence=row, by=self.people[found[1]], seen=row.version)

    def ask(self) -> int:
        """Petitions of every kind: granted, refused, and waiting for an answer."""
        made = 0
        late = Occurrence.unscoped.for_page().in_open_years().order_by("due_on", "pk")
        missed = list(late.filter(state=State.OPEN, due_on__lt=self.day)[:60])
        self.random.shuffle(missed)
        kinds = (Kind.EXCUSE, Kind.EXCUSE, Kind.EXPLANATION, Kind.APPEAL, Kind.EXTENSION)
        for number, task in enumerate(missed[:30]):
            made += self._petition(task, kinds[number % len(kinds)], number)
        filed = late.filter(state=State.ACCEPTED, first_filed_on__gt=F("due_on"))
        for number, task in enumerate(filed.order_by("-due_on", "pk")[:16]):
            made += self._petition(task, Kind.EXPLANATION, number)
        return made

    def _petition(self, task: Occurrence, kind: str, number: int) -> bool:
        """Ask, and answer two of three; False where the door is closed."""
        asker = self._filler(task.item.checklist)
        if asker is None:
            return False
        with self._at(self.day, 14):
            if rules.why_closed(task, kind):
                return False
            until = rules.days_to_choose(task)[1] if kind == Kind.EXTENSION else None
            petition = petitioning.ask(
                occurrence=task, kind=kind, by=asker, proposed_on=until,
                reason=texts.petition(kind, "asked", self.random))
        if number % 3 == 2 or kind == Kind.EXTENSION:
            return True
        with self._at(self.day, 16):
            self._reply(petition, grants=bool(number % 5))
        return True

    def _reply(self, petition: Petition, *, grants: bool) -> None:
        own, desks = petition.own, self.staff.desks
        people = [user for user in desks.holders[petition.addressed_to_id] if user not in own]
        if not people:
            return
        words, by = ("granted" if grants else "refused"), self.people[people[-1]]
        if petition.kind == Kind.EXPLANATION:
            words = "granted"
        answer = texts.petition(petition.kind, words, self.random)
        verb = petitioning.grant if words == "granted" else petitioning.refuse
        verb(petition=petition, by=by, seen=petition.version, answer=answer)

    def not_applicable(self) -> None:
        """One unit asks that an item does not apply; its superior has not answered yet."""
        item = Item.unscoped.in_force().filter(
            checklist=self._list("dag", today().year, "party_group"), duty__code="DZ-21",
            fulfilled_by=None).first()
        if item:
            with self._at(self.day, 11):
                petitioning.ask_not_applicable(
                    item=item, by=self._filler(item.checklist),
                    reason="本单位只有一名兼职党务人员，今年没有可以交流的岗位。")

    def nudge(self) -> int:
        """The committee's officer and one organ committee ask for what is overdue."""
        done = 0
        for who in ("gongwei", "jyj_jgdw"):
            by = self._person(who)
            rows = Occurrence.unscoped.in_open_years().to_do().filter(
                due_on__lt=self.day).order_by("-due_on", "pk").select_related("organization")
            mine = [row for row in rows[:200] if by.may("task.nudge", at=row.organization.path)]
            with self._at(self.day, 17):
                try:
                    done += nudging.nudge(occurrences=mine[:25], by=by,
                                          words="请这两天报上来，有难处打电话说。").done
                except Refused:
                    continue
        return done

    # --- short ways -------------------------------------------------------------------------

    def _list(self, key: str, year: int, subject: str) -> Checklist:
        return Checklist.unscoped.for_page().get(
            organization__code=key.upper(), year=year, subject=subject)

    def _person(self, key: str) -> User:
        """A fresh instance: rights are kept for one request, and these acts lie apart."""
        return User.objects.get(username=key)

    def _filler(self, checklist: Checklist) -> User | None:
        found = self.staff.typist(Organization.objects.get(pk=checklist.organization_id),
                                  checklist.holder_id)
        return self.people.get(found)

    def _at(self, day: date, hour: int):
        moment = time(hour, self.random.randint(0, 59))
        return clock.at(datetime.combine(day, moment, tzinfo=clock.SHANGHAI))

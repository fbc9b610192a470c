"""Who takes a list on, step by step, and how that is said: the rule file of adoption (审定).

| list of | is adopted by |
| --- | --- |
| 党组(党委) | 党组会审议 → 书记签认 → 报工委备案 |
| 书记 | 本人签认 → 报工委备案 |
| 班子成员 | 本人签认 → 书记审定 |
| 机关党委, 机关纪委 | 会议审议 → 书记签认 → 报党组 |
| 党支部 | 书记签认 → 报机关党委 |
| 工委 | 会议审议 → 签认 |

Nobody confirms the last step: a list that is adopted counts as reported. It is in force from
its publication; until it is adopted it is flagged.
"""

from dataclasses import dataclass

from django.db.models import Q

from apps.checklists.models import Adoption, Checklist, Item, Petition
from apps.checklists.services.reporting import may_fill_list
from apps.core.badges import Badge
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.scoping import within
from apps.core.workflow import obstacle
from apps.duties.models import Duty
from apps.organizations.models import Appointment, Organization
from apps.organizations.permissions import Permission
from apps.organizations.roles import holding

State, Subject, Kind = Adoption.State, Duty.Subject, Organization.Kind
LEADERS = (Subject.SECRETARY, Subject.MEMBER)
# Reported to the committee by being adopted; the others to the body above.
REPORTS_TO_COMMITTEE = (Subject.PARTY_GROUP, Subject.SECRETARY)


@dataclass(frozen=True)
class Stage:
    """One stage of the way, with what is asked in it. `until` names the states in which it
    still lies ahead or is the current one."""

    name: str
    say: str
    until: tuple[str, ...] = ()


def of(checklist) -> Adoption:
    """The adoption of a list; a fresh one, not saved, for a list that has none yet."""
    return getattr(checklist, "adoption", None) or Adoption(checklist=checklist)


def unfilled(checklist):
    """Items that still lack measures or owner. Nothing is asked for what is fulfilled along,
    what an officer sent, and what waits for consent to be not applicable."""
    asked = Petition.unscoped.waiting().filter(occurrence=None, item__checklist=checklist)
    rows = Item.unscoped.in_force().filter(checklist=checklist, fulfilled_by=None)
    rows = rows.filter(Q(measures="") | Q(owner=""))
    return rows.exclude(duty__origin=Duty.Origin.AD_HOC).exclude(pk__in=asked.values("item"))


def sign_step(checklist) -> str:
    """Which step signs this list."""
    own = {Subject.SECRETARY: "sign_own", Subject.MEMBER: "sign_as_member"}
    return own.get(checklist.subject, "sign")


def may_reopen(checklist, user) -> bool:
    """Who fills in the list opens it for changes again, and so does who approves it."""
    place = checklist.organization.path
    is_superior = checklist.subject == Subject.MEMBER and user.may(
        Permission.CHECKLIST_APPROVE, at=place)
    return may_fill_list(checklist, user) or is_superior


def steps(checklist, user) -> list[str]:
    """The steps that this person may take now, in the order of the way."""
    adoption = of(checklist)
    return [name for name in adoption.STEPS
            if obstacle(adoption, name, user) is None
            and (name != "reopen" or may_reopen(checklist, user))]


def to_adopt(user):
    """Lists of this and coming years that wait for this person: to be deliberated, signed or
    approved."""
    waits = _in(State.DELIBERATED) & _at(user, Permission.CHECKLIST_SIGN)
    tailoring = Q(adoption=None) | _in(State.TAILORING)
    bodies = Q(holder=None) & ~Q(subject=Subject.BRANCH)
    waits |= tailoring & bodies & _at(user, Permission.CHECKLIST_FILL)
    waits |= tailoring & Q(subject=Subject.BRANCH) & _at(user, Permission.CHECKLIST_SIGN)
    waits |= tailoring & Q(holder=user)
    waits |= (_in(State.SIGNED) & _at(user, Permission.CHECKLIST_APPROVE)) & ~Q(holder=user)
    rows = Checklist.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
    return rows.filter(waits, year__gte=today().year)


def _in(state: str) -> Q:
    return Q(adoption__state=state)


def _at(user, permission: str) -> Q:
    return within(user.reach(permission), "organization__path")


def waits_for(checklist) -> str:
    """What a list that is not adopted waits for, in two or three words."""
    state = of(checklist).state
    if state == State.SIGNED:
        return "待审定"
    if state == State.TAILORING and checklist.holder_id is None and (
            checklist.subject != Subject.BRANCH):
        return "待审议"
    return "待签认"


def badge(checklist) -> Badge | None:
    """The flag of a list that is not adopted; nothing where it is."""
    if of(checklist).state == State.ADOPTED:
        return None
    return Badge("is-soon", "m-flag", f"尚未审定，{waits_for(checklist)}")


def body(checklist) -> str:
    """Whose meeting deliberates the list: 党组, 党委, 机关党委, 党总支, 机关纪委, 工委."""
    place = checklist.organization
    if place.kind == Kind.UNIT:
        return place.get_leading_body_display()
    return place.get_kind_display()


def reported_to(checklist) -> str:
    """With whom the adopted list counts as filed; nobody for the committee's and a member's."""
    if checklist.subject in REPORTS_TO_COMMITTEE:
        return "工委"
    if checklist.subject in (Subject.MEMBER, Subject.COMMITTEE):
        return ""
    above = checklist.organization.parent_paths()
    is_branch = checklist.subject == Subject.BRANCH
    # A branch reports to the body right above; committees to the party group of their unit.
    upper = Organization.objects.get(path=above[0] if is_branch else above[-2])
    return upper.get_leading_body_display() or upper.get_kind_display()


def adopted_label(checklist) -> str:
    """How an adopted list is called."""
    if checklist.subject == Subject.MEMBER:
        return "书记已审定"
    place = reported_to(checklist)
    if not place:
        return "已签认"
    return f"已报{place}备案" if place == "工委" else f"已报{place}"


def filing_label(checklist) -> str:
    """What the last signature does besides, before it is given; empty where it is the end."""
    place = reported_to(checklist)
    filed = "备案" if place == "工委" else ""
    return f"，同时报{place}{filed}，不用另外报送" if place else ""


def facts(checklist) -> str:
    """What has been done of the adoption, as one line; empty before the first step."""
    row, done = of(checklist), []
    if row.deliberated_on:
        done.append(f"{day_label(row.deliberated_on)}{body(checklist)}审议"
                    f"（{row.minutes_number}）")
    if row.signed_on:
        done.append(f"{row.signed_by.name}{day_label(row.signed_on)}签认")
    if row.approved_by:
        done.append(f"{row.approved_by.name}{day_label(row.adopted_on)}审定")
    if row.state == State.ADOPTED and checklist.subject != Subject.MEMBER:
        done.append(f"{day_label(row.adopted_on)}{adopted_label(checklist)}")
    return "，".join(done)


def stages(checklist, *, filled: str) -> list[Stage]:
    """The way of this list, from tailoring to the end; `filled` says how far tailoring is."""
    subject, names = checklist.subject, signers(checklist)
    found = [Stage("调整", filled, (State.TAILORING,))]
    if subject in LEADERS:
        found.append(Stage("本人签认", checklist.holder.name, (State.TAILORING,)))
    elif subject == Subject.BRANCH:
        found.append(Stage("书记签认", names, (State.TAILORING,)))
    else:
        row = of(checklist)
        held = f"{day_label(row.deliberated_on)}，{row.minutes_number}" if row.deliberated_on \
            else "会议日期和纪要编号"
        found.append(Stage(f"{body(checklist)}审议", held, (State.TAILORING,)))
        sign = "签认" if subject == Subject.COMMITTEE else "书记签认"
        found.append(Stage(sign, names, (State.TAILORING, State.DELIBERATED)))
    not_adopted = (State.TAILORING, State.DELIBERATED, State.SIGNED)
    if subject == Subject.MEMBER:
        found.append(Stage("书记审定", names, not_adopted))
    elif place := reported_to(checklist):
        found.append(Stage(f"报{place}备案" if place == "工委" else f"报{place}",
                           "签认后即算，不用另报", not_adopted))
    return found


def signers(checklist) -> str:
    """Names of those who sign for a body today, or approve the lists of its members."""
    posts = Appointment.unscoped.on(today()).filter(
        organization=checklist.organization, role__in=holding(Permission.CHECKLIST_SIGN),
        user__is_active=True)
    names = posts.order_by("pk").values_list("user__name", flat=True)
    return "、".join(dict.fromkeys(names)) or "还没有登记书记"

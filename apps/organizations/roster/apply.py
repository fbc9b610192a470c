"""The verbs of a roster: checked, applied in one transaction, passwords fetched.

What the plan has checked row by row is written here as sets, with the same rights asked again
on locked rows: the plan is made anew, and only one that says what was shown is written.
"""

import hashlib
import secrets
from collections import defaultdict
from copy import copy
from datetime import date, timedelta

from django.contrib.auth.hashers import get_hasher, make_password

from apps.core.act import SYSTEM, act, record
from apps.core.calendar import now, today
from apps.core.errors import Conflict, NotAllowed
from apps.core.files.names import clean_name
from apps.core.workflow import locked
from apps.organizations.models import (
    Appointment,
    Organization,
    OrganizationName,
    PasswordHash,
    Roster,
    User,
)
from apps.organizations.permissions import Permission
from apps.organizations.roster import present, read
from apps.organizations.roster.lines import ORDER, Outcome, Plan, PostAct
from apps.organizations.roster.plan import build
from apps.organizations.services import initials, propose_appointment

BATCH = 500
DAY = timedelta(days=1)
# Without signs that are taken for one another; 16 of them are 79 bits.
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 4, 4
MOVED_ON = "检查以后，组织、人员或任职又有变化，结果和您看到的不一样了。请重新检查，再装入。"


def check(*, uploads, by) -> Roster:
    """Read files and keep what they would do; nothing else is written.

    Raises NotAllowed for who makes no accounts, Invalid when the files cannot be read.
    """
    _ensure_may(by)
    rows = read.take(uploads)
    plan = build(rows, present.load(by), by=by, today=today())
    order = {outcome: place for place, outcome in enumerate(ORDER)}
    lines = sorted(plan.lines, key=lambda line: order[line.outcome])
    digest = hashlib.sha256()
    for upload in uploads:
        for chunk in upload.chunks():
            digest.update(chunk)
    with act(by=by):
        roster = Roster.objects.create(
            name="、".join(clean_name(upload.name or "") for upload in uploads)[:200],
            sha256=digest.hexdigest(), rows=rows, lines=[line.cells() for line in lines],
            counts=plan.counts, digest=plan.digest, checked_by=by, checked_at=now())
        record("organizations.roster.check", roster, **_told(plan))
    return roster


def ready(*, roster: Roster, by) -> Roster:
    """The locked row, when it may still be applied. Raises NotAllowed, Conflict."""
    row = locked(roster)
    if row.checked_by_id != by.pk:
        raise NotAllowed("名册由检查它的人装入。", target=row)
    if row.applied_at is not None:
        raise Conflict("这份名册已经装入。", target=row)
    if row.counts[Outcome.REFUSED]:
        raise Conflict(f"还有{row.counts[Outcome.REFUSED]}行没有通过，改好再检查一次。", target=row)
    if not row.rows:
        raise Conflict("这份名册检查过太久，内容已经清掉。请重新检查。", target=row)
    return row


def apply(*, roster: Roster, by) -> Plan:
    """Write all of it or nothing. Raises NotAllowed, Conflict when anything has moved on."""
    with act(by=by):
        row = ready(roster=roster, by=by)
        plan = write(rows=row.rows, digest=row.digest, by=by)
        row.applied_at = now()
        row.accounts = [user.pk for user in plan.people]
        row.save(update_fields=["applied_at", "accounts"])
        record("organizations.roster.apply", row, **_told(plan))
        return plan


def write(*, rows: dict, by, digest: str = "") -> Plan:
    """Plan on locked rows and write. Raises Conflict for a refused row or another `digest`."""
    with act(by=by):
        _lock()
        plan = build(rows, present.load(by), by=by, today=today())
        if plan.counts[Outcome.REFUSED] or (digest and plan.digest != digest):
            raise Conflict(MOVED_ON)
        _found(plan)
        _change_places(plan)
        _people(plan)
        _posts(plan)
        for each in plan.posts:
            if each.is_proposed:
                propose_appointment(user=each.user, role=each.role, organization=each.place,
                                    starts_on=each.starts_on, ends_on=each.ends_on, by=by)
        _record_by_unit(plan)
        return plan


def fetch(*, roster: Roster, by) -> list[tuple[str, str, str]]:
    """One-time passwords for the accounts that a roster made and nobody has used yet: account,
    name, password. Kept are their hashes alone; fetching again makes new ones.

    Raises NotAllowed for anybody but who applied it, Conflict when there is none to give.
    """
    with act(by=by):
        row = locked(roster)
        if row.checked_by_id != by.pk:
            raise NotAllowed("一次性密码由装入名册的人领取。", target=row)
        users = list(User.objects.select_for_update().filter(
            pk__in=row.accounts, last_login=None, is_active=True,
            must_change_password=True).order_by("username"))
        if not users:
            raise Conflict("没有要发的密码：新账号都已经登录过，或者没有新账号。", target=row)
        given = [(user, _password()) for user in users]
        hasher = _light_hasher()
        for user, password in given:
            user.password = make_password(password, hasher=hasher)
            user.password_changed_at = now()
        User.objects.bulk_update(users, ["password", "password_changed_at"], batch_size=BATCH)
        PasswordHash.objects.filter(user__in=users).delete()
        PasswordHash.objects.bulk_create(
            [PasswordHash(user=user, hash=user.password, set_at=now()) for user in users],
            batch_size=BATCH)
        row.fetched_at = now()
        row.save(update_fields=["fetched_at"])
        record("organizations.roster.fetch", row, count=len(users))
    return [(user.username, user.name, password) for user, password in given]


# --- how --------------------------------------------------------------------------------------


def _ensure_may(by) -> None:
    if by is not SYSTEM and not by.holds(Permission.ACCOUNT_EDIT):
        raise NotAllowed("名册由工委管理员装入，系统管理员可以装入人员。")


def _lock() -> None:
    """Nobody changes the tree, a person or a post meanwhile; in the order of the other verbs."""
    for rows in (Organization.objects.order_by("path"), User.objects.order_by("pk")):
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _found(plan: Plan) -> None:
    """The tree's own arithmetic of paths, without its statements a node."""
    last: dict[str, int] = defaultdict(int)
    for path in Organization.objects.values_list("path", flat=True):
        above, own = path[:-Organization.steplen], path[-Organization.steplen:]
        last[above] = max(last[above], Organization._str2int(own))
    more: dict[int, int] = defaultdict(int)
    for place, above in plan.places:
        start = above.path if above else ""
        last[start] += 1
        place.depth = above.depth + 1 if above else 1
        place.path = Organization._get_path(start, place.depth, last[start])
        place.initials = initials(place.short_name)
        if above is not None:
            above.numchild += 1
            if above.pk is not None:
                more[above.pk] = above.numchild
    Organization.objects.bulk_create([place for place, _above in plan.places], batch_size=BATCH)
    for pk, count in more.items():
        Organization.objects.filter(pk=pk).update(numchild=count)


def _change_places(plan: Plan) -> None:
    since = present.named_since()
    day, names = today(), []
    for place, changes, _words in plan.place_changes:
        founded = changes.get("founded_on", place.founded_on)
        if "name" in changes or "short_name" in changes:
            names.append(OrganizationName(
                organization=place, name=place.name, short_name=place.short_name,
                starts_on=since.get(place.pk, founded), ends_on=day - DAY))
        for key, value in changes.items():
            setattr(place, key, value)
        place.initials = initials(place.short_name)
    OrganizationName.unscoped.bulk_create(names, batch_size=BATCH)
    Organization.objects.bulk_update(
        [place for place, _changes, _words in plan.place_changes],
        ["name", "short_name", "initials", "leading_body", "is_window", "founded_on"],
        batch_size=BATCH)


def _people(plan: Plan) -> None:
    for user in plan.people:
        user.initials = initials(user.name)[:30]
        user.must_change_password, user.password_changed_at = True, now()
        user.set_unusable_password()
    User.objects.bulk_create(plan.people, batch_size=BATCH)
    for user, name, _words in plan.name_changes:
        user.name, user.initials = name, initials(name)[:30]
    User.objects.bulk_update([user for user, _name, _words in plan.name_changes],
                             ["name", "initials"], batch_size=BATCH)


def _posts(plan: Plan) -> None:
    new = [each for each in plan.posts if each.present is None and not each.is_proposed]
    Appointment.unscoped.bulk_create(
        [Appointment(user=each.user, role=each.role, organization=each.place,
                     starts_on=each.starts_on, ends_on=each.ends_on, drafter=each.drafter)
         for each in new], batch_size=BATCH)
    changed = [each for each in plan.posts if each.present is not None]
    for each in changed:
        each.present.ends_on, each.present.drafter = each.ends_on, each.drafter
    Appointment.unscoped.bulk_update([each.present for each in changed], ["ends_on", "drafter"],
                                     batch_size=BATCH)
    _end_deputies({each.present.pk: each.ends_on for each in changed if each.ends_on})


def _end_deputies(ends: dict[int, date]) -> None:
    """Who acts for a holder goes with him, as `posts.finish` has it."""
    for deputy in Appointment.unscoped.filter(acting_for__in=ends):
        last = ends[deputy.acting_for_id]
        if deputy.starts_on > last:
            deputy.delete()  # it never began
        elif deputy.ends_on > last:
            deputy.ends_on = last
            deputy.save(update_fields=["ends_on"])


def _record_by_unit(plan: Plan) -> None:
    """One event a unit, with a sentence for each of its rows."""
    homes = {place.path: place for place in Organization.objects.filter(depth__lte=2)}
    told: dict[str, list[str]] = defaultdict(list)
    for place, _above in plan.places:
        told[_home(place)].append(f"设立{place.name}")
    for place, _changes, words in plan.place_changes:
        told[_home(place)].append(f"{place.name}：{words}")
    for each in plan.posts:
        told[_home(each.place)].append(_sentence(each))
    for path, sentences in sorted(told.items()):
        record("organizations.organization.roster", homes[path], count=len(sentences),
               rows=sentences)


def _home(place: Organization) -> str:
    """The path of the unit below the committee, or of the committee."""
    return place.path[:2 * Organization.steplen]


def _sentence(post: PostAct) -> str:
    name, title = post.user.name, f"{post.place.name}{post.role_label}"
    return f"{name}任{title}：{post.words}" if post.present else f"{name}任{title}"


def _told(plan: Plan) -> dict:
    """Figures for the audit, and who got an account or another name."""
    counts = plan.counts
    return {"new": counts[Outcome.NEW], "changed": counts[Outcome.CHANGED],
            "refused": counts[Outcome.REFUSED],
            "people": [user.username for user in plan.people],
            "renamed": [f"{user.username}：{words}" for user, _name, words in plan.name_changes]}


def _password() -> str:
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP))
                    for _group in range(GROUPS))


def _light_hasher():
    """Stretching protects weak secrets; these are random, and a thousand would take minutes.
    At the first login Django hashes them in full, and then they are changed."""
    hasher = copy(get_hasher())
    if hasattr(hasher, "iterations"):
        hasher.iterations = 1
    return hasher

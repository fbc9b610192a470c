"""Whatever is done in whatever order, these sentences stay true. Each seed is one history."""

import pytest
from django.db.models import Count, F, OuterRef, Q, Subquery

from apps.checklists import daily
from apps.checklists.lights import light
from apps.checklists.lights_sql import light_expression
from apps.checklists.models import Checklist, Item, ListYear, Occurrence, Petition, Review
from apps.checklists.services.plans import plans
from apps.checklists.services.publishing import list_key
from apps.checklists.states import Day
from apps.core import audit
from apps.core.calendar import today
from apps.core.models import AuditEvent
from apps.organizations.models import Appointment, Organization, Portfolio, User
from apps.organizations.permissions import Permission
from tests.checklists.histories import Player, picture

State, Decision = Occurrence.State, Review.Decision
# One that begins in November, two in December, one in January, one after the closing.
SEEDS, STEPS, NIGHT = (2, 3, 8, 5, 0), 15, 5


@pytest.fixture
def play(city, later):
    """`play(seed)`: a player who starts on the Monday of the tests."""
    return lambda seed: Player(city, seed, later)


@pytest.mark.parametrize("seed", SEEDS)
def test_after_whatever_was_done_all_of_it_still_holds(play, seed):
    player = play(seed)
    for number in range(1, STEPS + 1):
        before = settled()
        try:
            player.step()
            ensure_untouched(before, player.touched)
            ensure_in_order()
            if number % NIGHT == 0:
                ensure_quiet_nights()
        except AssertionError as broken:
            raise AssertionError("\n".join([*player.story, str(broken)])) from broken
    ensure_nobody_sees_outside()


def test_the_histories_do_something(play):
    player = play(SEEDS[0])
    for _number in range(STEPS):
        player.step()
    assert len(player.done) > STEPS // 3, player.story


def settled() -> dict[int, tuple]:
    """What only an act about the task itself changes: what was reported of ended periods, and
    everything of closed years."""
    is_closed = Q(item__checklist__year__in=ListYear.objects.closed().values("year"))
    is_reported = Q(ends_on__lt=today(), state__in=[State.SUBMITTED, State.ACCEPTED])
    rows = Occurrence.unscoped.filter(is_closed | is_reported).values_list(
        "pk", "item", "period", "starts_on", "ends_on", "report", "state", "first_filed_on")
    return {row[0]: row for row in rows}


def ensure_untouched(before: dict[int, tuple], touched: set[int]) -> None:
    """Raise unless `before` stands as it did, but for the tasks of this act."""
    rows = Occurrence.unscoped.filter(pk__in=before).values_list(
        "pk", "item", "period", "starts_on", "ends_on", "report", "state", "first_filed_on")
    changed = [(before[row[0]], row) for row in rows
               if row[0] not in touched and row != before[row[0]]]
    assert not changed and rows.count() == len(before), changed


def ensure_in_order() -> None:
    """Raise unless everything holds that holds after every act."""
    assert audit.broken_at() is None
    day = Day.now()
    decided = Review.unscoped.filter(report=OuterRef("report")).values("decision")
    for task in Occurrence.unscoped.select_related(
            "report", "item__duty", "item__checklist").annotate(
            shown=light_expression(day.today, day.soon_until), decided=Subquery(decided[:1]),
            versions=Count("reports")):
        ensure_state_fits_report(task)
        assert task.shown == light(
            task.state, task.due_on, task.correct_by, day.today, day.soon_until), task
    ensure_items_are_owed_once()


def ensure_state_fits_report(task: Occurrence) -> None:
    """Raise unless reports and decisions say what the state says."""
    decided = task.decided
    assert (task.report.number if task.report_id else 0) == task.versions, task
    if task.state == State.SUBMITTED:
        assert task.report_id and decided is None and task.first_filed_on, task
        assert task.is_confirmed or task.holder_id, task
    elif task.state == State.RETURNED:
        assert decided in (Decision.RETURN, Decision.SEND_BACK) and task.correct_by, task
    elif task.state == State.ACCEPTED:
        is_filed_away = task.item.duty.review_mode == "file"
        assert decided == Decision.ACCEPT or is_filed_away, task
        assert task.is_confirmed and task.first_filed_on, task


def ensure_items_are_owed_once() -> None:
    """Raise where something is owed twice, or of what is asked no more, or of nobody."""
    gone = Q(item__archived_on__isnull=False) | Q(item__not_applicable_since__isnull=False)
    open_ = Occurrence.unscoped.filter(gone, state=State.OPEN, due_on__gte=today())
    # A period that was over before stays owed, however much time there was.
    open_ = open_.exclude(ends_on__lt=F("item__archived_on"))
    assert not list(open_.values_list("item__duty__code", "period", "due_on", "organization"))
    alone = Item.unscoped.in_force().filter(
        Q(fulfilled_by__archived_on__isnull=False)
        | Q(fulfilled_by__not_applicable_since__isnull=False))
    assert not list(alone.values_list("pk", "duty__code", "fulfilled_by"))
    periods = list(Occurrence.unscoped.exclude(period="").values_list(
        "item__checklist", "item__duty__code", "period"))
    assert len(periods) == len(set(periods))
    items = list(Item.unscoped.values_list("checklist", "duty__code"))
    assert len(items) == len(set(items))


def ensure_quiet_nights() -> None:
    """Raise where a second nightly run finds something, or a first one leaves something."""
    daily.run(today())
    before, events = picture(), AuditEvent.objects.count()
    assert set(daily.run(today()).values()) == {0}
    assert AuditEvent.objects.count() == events
    after = picture()
    assert [name for name in before if before[name] != after[name]] == []
    assert not Petition.unscoped.idle().exists()
    ensure_nothing_is_asked_of_who_bears_it_no_more()


def ensure_nothing_is_asked_of_who_bears_it_no_more() -> None:
    """Raise where something is still to fall due on a list that nobody bears any more."""
    kinds = (Organization.Kind.UNIT, Organization.Kind.COMMITTEE)
    places = Organization.objects.active().filter(kind__in=kinds)
    borne = {list_key(each) for plan in plans(list(places)) for each in plan.bearings}
    lists = [each for each in Checklist.unscoped.filter(year__gte=today().year)
             if list_key(each) not in borne]
    owed = Occurrence.unscoped.filter(item__checklist__in=lists, state=State.OPEN,
                                      due_on__gte=today())
    # More time for what was due before stays given.
    owed = owed.exclude(petitions__in=Petition.unscoped.that_moved())
    assert not list(owed.values_list("organization__code", "item__duty__code", "due_on"))


def ensure_nobody_sees_outside() -> None:
    """Raise where somebody sees a task outside of the places where he holds a post, or has
    in his care."""
    for user in User.objects.order_by("pk"):
        posts = Appointment.unscoped.on(today()).filter(user=user)
        care = Portfolio.unscoped.on(today()).filter(appointment__in=posts)
        paths = [*posts.values_list("organization__path", flat=True),
                 *care.values_list("organization__path", flat=True)]
        # Of an organ body or its clerk: the whole unit is his only where a post is there.
        seen = Occurrence.objects.visible_to(user, for_=Permission.CHECKLIST_VIEW)
        for path in seen.values_list("organization__path", flat=True).distinct():
            assert any(path.startswith(each) for each in paths), (user, path)

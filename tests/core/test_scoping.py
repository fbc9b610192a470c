from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F

from apps.checklists.models import Checklist, Item, Occurrence
from apps.checklists.services import events
from apps.core import scoping
from apps.core.act import SYSTEM
from apps.core.errors import NotVisible
from apps.core.fields import TreePath, subtree_end
from apps.core.scoping import ScopedModel, ScopeForgotten, get_visible_or_404, scoped_or_exempt
from apps.organizations import services
from apps.organizations.models import Organization, Portfolio, Reach
from apps.organizations.permissions import Permission as P
from apps.organizations.roles import RoleCode
from tests.city import PASSWORD, TODAY

# Upwards to a row of the same owner, whose organisation is copied for the sake of speed.
SAME_OWNER = {
    "Occurrence.item": "item__checklist__organization",
    "Petition.occurrence": "occurrence__organization",
}
SCOPED = [model for model in apps.get_models() if issubclass(model, ScopedModel)]


def places(rows) -> set[str]:
    """Codes of the organisations that the rows belong to."""
    return {code.lower() for code in rows.values_list("organization__code", flat=True)}


@pytest.fixture
def newcomer(city):
    """`newcomer((role, place), …)`: a person with these posts."""

    def make(*posts):
        user = services.create_user(username="xin", name="新人", password=PASSWORD, by=SYSTEM)
        for role, place in posts:
            services.appoint(user=user, role=role, organization=city.place(place),
                             starts_on=TODAY, by=SYSTEM)
        return city.user("xin")

    return make


# --- the way in -------------------------------------------------------------------------


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("ask", [
    lambda objects: objects.filter(pk=1), lambda objects: objects.get(pk=1),
    lambda objects: objects.all(), lambda objects: objects.count(),
    lambda objects: objects.first(), lambda objects: objects.exists(),
    lambda objects: objects.values_list("pk"), lambda objects: objects.update(pk=1),
    lambda objects: list(objects.iterator()), lambda objects: objects.in_bulk([1]),
], ids=["filter", "get", "all", "count", "first", "exists", "values_list", "update", "iterator",
        "in_bulk"])
def test_objects_refuse_to_answer_before_they_know_who_asks(model, ask):
    with pytest.raises(ScopeForgotten, match=f"{model.__name__}.objects needs .visible_to"):
        ask(model.objects)


def test_objects_answer_to_create_none_and_visible_to(city):
    checklist = city.checklist("jyj_zb1")
    duty = city.item("jyj_jgdw", "JG-02").duty
    assert Item.objects.create(checklist=checklist, duty=duty).pk
    assert not Item.objects.none()
    assert Checklist.objects.visible_to(city.user("jyj_zb1"), for_=P.CHECKLIST_VIEW).exists()


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_the_scope_paths_lead_to_a_tree_path(model):
    for path in model.scope_paths:
        field, here = None, model
        for step in path.split("__"):
            field = here._meta.get_field(step)
            here = field.related_model
        assert isinstance(field, TreePath)


# --- who sees what ----------------------------------------------------------------------


@pytest.mark.parametrize("username, seen", [
    ("jyj_zb1", {"jyj_zb1"}),
    ("jyj_jgdw", {"jyj", "jyj_jgdw", "jyj_jw", "jyj_zb1", "jyj_zb2", "jyj_zb3", "jyj_zb4"}),
    ("jyj_jw", {"jyj_jw"}),
    ("jyj_chengyuan", {"jyj", "jyj_zb1"}),
    ("czj_zz", {"czj", "czj_zz", "czj_zb1", "czj_zb2"}),
    ("ducha", None),
    ("xitong", set()),
    ("shenji", set()),
])
def test_a_person_reads_the_lists_within_reach(city, username, seen):
    rows = Checklist.objects.visible_to(city.user(username), for_=P.CHECKLIST_VIEW)
    have_lists = places(Checklist.unscoped.all())
    assert places(rows) == (have_lists if seen is None else seen & have_lists)


def test_a_right_at_the_organisation_alone_does_not_reach_below_it(city):
    clerk = city.user("jyj_jgdw")
    filled = Checklist.objects.visible_to(clerk, for_=P.REPORT_FILL)
    assert places(filled) == {"jyj", "jyj_jgdw"}
    assert "jyj_zb1" in places(Checklist.objects.visible_to(clerk, for_=P.CHECKLIST_VIEW))


def test_a_right_that_nobody_gave_reaches_nothing(city):
    rows = Checklist.objects.visible_to(city.user("jyj_zb1"), for_=P.CHECKLIST_PUBLISH)
    assert list(rows) == []


def test_the_rights_of_two_posts_never_multiply(city, newcomer):
    user = newcomer((RoleCode.INSPECTOR, "gw"), (RoleCode.ORGAN_CLERK, "czj_zz"))
    assert places(Checklist.objects.visible_to(user, for_=P.REPORT_FILL)) == {"czj_zz"}
    assert "jyj_zb1" in places(Checklist.objects.visible_to(user, for_=P.CHECKLIST_VIEW))
    assert user.may(P.REPORT_REVIEW, at=city.place("czj_zz").path)
    assert not user.may(P.REPORT_REVIEW, at=city.place("jyj_jgdw").path)
    assert not user.may(P.REPORT_FILL, at=city.place("jyj_zb1").path)


def test_if_rights_and_places_were_kept_apart_they_would_multiply(city, newcomer):
    """The control: all places of a person for any of his rights."""
    user = newcomer((RoleCode.INSPECTOR, "gw"), (RoleCode.ORGAN_CLERK, "czj_zz"))
    lax = SimpleNamespace(reach=lambda permission: user.reaches)
    assert "jyj_zb1" in places(Checklist.objects.visible_to(lax, for_=P.REPORT_FILL))


def test_a_post_that_ended_reaches_nothing_at_the_next_request(city):
    post = city.user("jyj_zb1").posts[0]
    services.end(appointment=post, by=SYSTEM)
    rows = Checklist.objects.visible_to(city.user("jyj_zb1"), for_=P.CHECKLIST_VIEW)
    assert list(rows) == []


# --- parties ----------------------------------------------------------------------------


def portfolios(city, username: str) -> set[str]:
    """Portfolios that the person sees, as holder's place -> place in his care."""
    rows = Portfolio.objects.visible_to(city.user(username), for_=P.ORGANIZATION_VIEW)
    return set(rows.values_list("appointment__organization__code", "organization__code"))


@pytest.mark.parametrize("username, seen", [
    ("ducha", {("GW", "JYJ"), ("JYJ", "JYJ_ZB1")}),        # the owner of both
    ("jyj_shuji", {("GW", "JYJ"), ("JYJ", "JYJ_ZB1")}),    # party of one, owner of the other
    ("jyj_zb1", {("JYJ", "JYJ_ZB1")}),                     # party
    ("jyj_zb2", set()),
    ("czj_zz", set()),
])
def test_a_row_is_seen_by_its_owner_and_its_parties_only(city, username, seen):
    assert portfolios(city, username) == seen


def test_without_the_party_it_would_be_the_owner_alone(city, monkeypatch):
    monkeypatch.setattr(Portfolio, "scope_paths", ("appointment__organization__path",))
    assert portfolios(city, "jyj_zb1") == set()


def test_the_party_is_asked_by_exists_and_no_row_comes_twice(city):
    rows = Portfolio.objects.visible_to(city.user("ducha"), for_=P.ORGANIZATION_VIEW)
    assert "EXISTS(" in str(rows.query)
    assert rows.count() == len(set(rows.values_list("pk", flat=True))) == 2


# --- path ranges ------------------------------------------------------------------------


@pytest.mark.parametrize("path, inside", [
    ("00090002", True), ("000900020001", True), ("00090002ZZZZ", True), ("00090002zzzz", True),
    ("00090003", False), ("0009000", False), ("0009", False), ("0009000Z", False),
])
def test_a_subtree_is_one_range_of_paths(db, path, inside):
    reach = Reach("x", "00090002", True)
    assert reach.covers(path) is inside
    Organization.objects.bulk_create([Organization(
        path=path, depth=len(path) // 4, name="x", short_name="x", code="X", kind="branch",
        founded_on=TODAY)])
    assert Organization.objects.filter(scoping.within([reach], "path")).exists() is inside


def test_a_reach_without_a_subtree_is_one_place(city):
    unit = city.place("jyj").path
    reach = Reach("x", unit, False)
    assert [reach.covers(unit), reach.covers(f"{unit}0001")] == [True, False]
    assert Organization.objects.filter(scoping.within([reach], "path")).get().code == "JYJ"


def test_a_neighbour_with_a_common_prefix_is_outside(city):
    """市教育局 and 市财政局 are 00010001 and 00010002: seven signs alike."""
    one, other = city.place("jyj").path, city.place("czj").path
    assert one[:-1] == other[:-1]
    found = Organization.objects.filter(scoping.within([Reach("x", one, True)], "path"))
    assert {code[:3] for code in found.values_list("code", flat=True)} == {"JYJ"}


def test_a_range_by_the_prefix_less_one_sign_would_leak(city):
    one = city.place("jyj").path[:-1]
    leaking = Organization.objects.filter(path__gte=one, path__lt=subtree_end(one))
    assert {code[:3] for code in leaking.values_list("code", flat=True)} == {"JYJ", "CZJ", "DAG"}


def test_no_reach_matches_nothing(city):
    assert not Organization.objects.filter(scoping.within([], "path")).exists()


def test_every_path_column_is_compared_byte_by_byte(db):
    columns = [(model._meta.db_table, field.column) for model in apps.get_models()
               for field in model._meta.local_fields if isinstance(field, TreePath)]
    assert ("organizations_organization", "path") in columns
    for table, column in columns:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT collation_name FROM information_schema.columns "
                               "WHERE table_name = %s AND column_name = %s", [table, column])
                assert cursor.fetchone() == ("C",)
            else:
                cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [table])
                definition = cursor.fetchone()[0].partition(f'"{column}"')[2].partition(",")[0]
                assert "COLLATE BINARY" in definition


# --- one row ----------------------------------------------------------------------------


def test_one_row_is_found_by_whoever_reaches_it(city):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    for source in (Occurrence, Occurrence.unscoped.for_page()):
        found = get_visible_or_404(source, city.user("jyj_zb1"), for_=P.CHECKLIST_VIEW,
                                   pk=task.pk)
        assert found == task


@pytest.mark.parametrize("pk", [0, 10**30, "abc", "1; --"])
def test_what_is_not_there_is_not_visible(city, pk):
    with pytest.raises(NotVisible):
        get_visible_or_404(Occurrence, city.user("ducha"), for_=P.CHECKLIST_VIEW, pk=pk)


def test_what_is_out_of_reach_is_told_in_the_same_words(city):
    task = city.task("jyj_zb1", "ZB-01", "2026-11")
    messages = set()
    for pk in (task.pk, 10**9):
        with pytest.raises(NotVisible) as refusal:
            get_visible_or_404(Occurrence, city.user("jyj_zb2"), for_=P.CHECKLIST_VIEW, pk=pk)
        messages.add(refusal.value.message)
    assert messages == {"没有找到，或者不在您的范围内。"}


# --- the checks -------------------------------------------------------------------------


def test_every_model_of_ours_is_scoped_or_exempt():
    assert scoped_or_exempt() == []


def test_an_exempt_model_exists_and_is_not_scoped():
    labels = {model._meta.label_lower: model for model in apps.get_models()}
    assert set(scoping.EXEMPT) <= set(labels)
    assert not any(issubclass(labels[label], ScopedModel) for label in scoping.EXEMPT)


def test_a_model_that_is_neither_stops_the_start(monkeypatch):
    monkeypatch.delitem(scoping.EXEMPT, "core.job")
    (error,) = scoped_or_exempt()
    assert (error.id, error.msg) == ("fangzhen.E002", "core.Job is neither scoped nor exempt.")


@pytest.mark.parametrize("owner, name, value", [
    (Occurrence, "scope_paths", ()), (Occurrence._meta, "default_manager_name", "objects")])
def test_a_scoped_model_that_lost_its_scope_stops_the_start(monkeypatch, owner, name, value):
    monkeypatch.setattr(owner, name, value)
    (error,) = scoped_or_exempt()
    assert (error.id, error.msg) == (
        "fangzhen.E001", "checklists.Occurrence lacks scope_paths or lost unscoped.")


# --- relations --------------------------------------------------------------------------


def wild_links(model) -> list[str]:
    """Relations to scoped models that may leave the scope and are not declared.

    Fine is one up along a scope path, one down to rows whose owner is found through this
    one, and one in `cross_links` that has no way back.
    """
    found = []
    for field in model._meta.local_fields:
        target = field.related_model
        if target is None or not issubclass(target, ScopedModel):
            continue
        up = any(path.split("__")[0] == field.name for path in model.scope_paths)
        back = target._meta.get_field(target.scope_paths[0].split("__")[0])
        down = back.related_model is model
        declared = (field.name in model.cross_links
                    and field.remote_field.related_name == "+")
        same = f"{model.__name__}.{field.name}" in SAME_OWNER
        if not (up or down or declared or same):
            found.append(f"{model.__name__}.{field.name}")
    return found


def test_every_relation_stays_in_the_scope_or_is_declared():
    assert [link for model in SCOPED for link in wild_links(model)] == []


def test_a_task_has_the_owner_of_its_item(city):
    events.open_event(item=city.item("jyj_jgdw", "JG-02"), event="有新任书记", happened_on=TODAY,
                      by=city.user("jyj_jgdw"))
    same = F(SAME_OWNER["Occurrence.item"])
    assert not Occurrence.unscoped.exclude(organization=same).exists()


def test_what_is_declared_is_a_relation_to_a_scoped_model():
    links = [model._meta.get_field(name) for model in SCOPED for name in model.cross_links]
    assert links
    assert all(issubclass(link.related_model, ScopedModel) for link in links)


def test_a_relation_that_is_not_declared_is_found(monkeypatch):
    monkeypatch.setattr(Item, "cross_links", ())
    assert wild_links(Item) == ["Item.fulfilled_by", "Item.upper", "Item.carried_from"]


def test_a_declared_relation_with_a_way_back_is_found(monkeypatch):
    monkeypatch.setattr(Item._meta.get_field("fulfilled_by").remote_field, "related_name", "others")
    assert wild_links(Item) == ["Item.fulfilled_by"]

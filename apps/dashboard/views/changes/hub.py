"""All changes at an organisation, and the posts that are vacant."""

from django.shortcuts import render

from apps.checklists.services.plans import LEADERS
from apps.core.access import requires
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.dashboard import directory_page
from apps.dashboard.changes import frames
from apps.dashboard.changes.frames import ADMIN, FRONT, Base
from apps.organizations import appointing, titles, tree, vacancies
from apps.organizations.models import Appointment, Organization, OrganizationName
from apps.organizations.permissions import Permission
from apps.organizations.services import posts

Kind = Organization.Kind
# A whole city is found in the register of organisations instead.
MOST_PLACES = 60


@requires(Permission.POST_EDIT)
def organization_changes(request, pk: int, base: Base = FRONT):
    """Who holds which post here, and every door to change it."""
    place = frames.place(request, pk)
    held = Appointment.objects.visible_to(request.user, for_=Permission.POST_EDIT)
    held = held.filter(organization=place).overlapping(today(), None)
    held = held.select_related("user", "organization", "acting_for__user", "drafter")
    names = OrganizationName.objects.visible_to(request.user, for_=Permission.ORGANIZATION_VIEW)
    return render(request, "dashboard/changes/hub.html", {
        "base_template": base.template, "place": place_cells(place, base),
        "posts": [post_row(request.user, post, base) for post in held.order_by("role", "pk")],
        "vacancies": [vacancy_row(each, base) for each in vacancies.to_fill(request.user)
                      if each.organization.pk == place.pk],
        "doors": doors(request.user, place, base),
        "names": [name_row(each) for each in names.filter(organization=place)
                  .order_by("-starts_on")]})


def place_cells(place: Organization, base: Base) -> dict:
    """Head of the page."""
    return {"name": place.name, "kind": place.get_kind_display(),
            "closed": directory_page.closing(place),
            "since": f"{day_label(place.founded_on)}设立", "list_url": base.url("vacancy_list")}


def post_row(user, post, base: Base) -> dict:
    """One post with what this person may do about it."""
    until = day_label(post.ends_on) if post.ends_on else ""
    return {
        "role": titles.post_name(post.role, post.organization), "name": post.user.name,
        "acting": f"代行，{post.acting_for.user.name}离开期间" if post.acting_for_id else "",
        "since": day_label(post.starts_on), "until": until,
        "drafter": post.drafter.name if post.drafter else "",
        "doors": [{"label": label, "url": base.url(name, pk)}
                  for name, pk, label in post_doors(user, post)]}


def post_doors(user, post):
    """URL names, keys and labels of the acts on a post and on its holder's name."""
    gives = appointing.lacks(user, post.role, post.organization) is None
    if gives and not post.acting_for_id:
        yield "post_hand_over", post.pk, "移交"
        yield "post_deputy", post.pk, "代行"
        if post.role in LEADERS:
            yield "post_drafter", post.pk, "代填人"
    is_proposed = appointing.may_propose(user, post.role, post.organization) is None
    if posts.may_end(user, post) is None:
        word = "辞去" if post.user_id == user.pk else "免去"
        yield "post_end", post.pk, "停止代行" if post.acting_for_id else word
    elif is_proposed:
        yield "post_end", post.pk, "提请免去"
    if post.user_id != user.pk and user.may(Permission.ACCOUNT_EDIT, at=post.organization.path):
        yield "account_correct", post.user_id, "改姓名"


def doors(user, place: Organization, base: Base) -> list[dict]:
    """The acts on the organisation itself."""
    if place.closed_on is not None:
        return []
    found = []
    if appointing.roles_given(user, place):
        found += [(base.url("post_appoint", place.pk), "登记任职"),
                  (base.url("account_new", place.pk), "新建账号并登记任职")]
    if user.may(Permission.ORGANIZATION_EDIT, at=place.path):
        found += [(ADMIN.url(name, place.pk), label) for name, label in tree_doors(place)]
    return [{"url": url, "label": label} for url, label in found]


def tree_doors(place: Organization):
    """What the 工委管理员 may do with an organisation of this kind."""
    if tree.kinds_below(place):
        yield "organization_found", "设立下级组织"
    yield "organization_rename", "更名"
    if place.kind == Kind.UNIT:
        yield "organization_facts", "修改基本情况"
        yield "organization_merge", "并入别的单位"
    if place.kind != Kind.COMMITTEE:
        yield "organization_move", "划转"
        yield "organization_close", "撤销"


def name_row(name: OrganizationName) -> dict:
    """One former name with its time."""
    return {"name": name.name, "short_name": name.short_name,
            "days": f"{day_label(name.starts_on)}至{day_label(name.ends_on)}"}


def vacancy_row(vacancy, base: Base) -> dict:
    """A vacant post with the door to fill it."""
    url = base.url("post_appoint", vacancy.organization.pk)
    return {"label": str(vacancy), "url": f"{url}?role={vacancy.role}"}


@requires(Permission.POST_EDIT)
def vacancy_list(request, base: Base = FRONT):
    """Where a secretary is missing, and the places whose posts this person gives."""
    places = Organization.objects.visible_to(request.user, for_=Permission.POST_EDIT).active()
    places = list(places.order_by("path")[:MOST_PLACES + 1])
    return render(request, "dashboard/changes/vacancies.html", {
        "base_template": base.template,
        "vacancies": [vacancy_row(each, base) for each in vacancies.to_fill(request.user)],
        "places": [{"name": place.name, "note": place.get_kind_display(),
                    "url": frames.hub(base, place)} for place in places[:MOST_PLACES]],
        "has_more": len(places) > MOST_PLACES})

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.checklists import todo as checklists_todo
from apps.checklists.todo import SECTIONS, Todo
from apps.core.access import LOGGED_IN, requires
from apps.core.calendar import today
from apps.core.dates import long_label
from apps.dashboard.changes.frames import ADMIN, FRONT
from apps.organizations import vacancies
from apps.organizations.appointing import PROPOSES
from apps.organizations.models import AppointmentProposal, Correction
from apps.organizations.permissions import Permission
from apps.organizations.roles import ROLES, Lane

# More than these are counted instead of named.
MOST_VACANCIES = 3


@requires(LOGGED_IN)
def todo(request):
    """What this person must do now. Technical posts have no business here and go to the admin."""
    if request.user.posts and all(ROLES[p.role].lane != Lane.BUSINESS for p in request.user.posts):
        return redirect("admin:index")
    found = checklists_todo.rows(request.user)
    return render(request, "dashboard/todo.html", {
        "today_label": long_label(today()),
        "progress": progress(found) if found.total else None,
        "sections": sections(found),
        "confirm": {"count": found.confirm, "url": reverse("checklists:confirm")}
        if found.confirm else None,
        "review": {"count": found.review, "url": review_url(request.user)}
        if found.review else None,
        "petitions": {"count": found.petitions, "url": petitions_url(request.user)}
        if found.petitions else None,
        "adoptions": found.adoptions,
        "unreported": unreported(found, request.user) if found.unreported else None,
        "vacancies": vacant(request.user),
        "proposals": proposals(request.user), "corrections": corrections(request.user),
        "empty": empty(found, request.user),
    })


def sections(found: Todo) -> list[dict]:
    """Sections that have rows, the most pressing first."""
    return [
        {"key": key, "title": title, "mark": mark, "cls": cls, "count": len(found.sections[key]),
         "aside": aside.format(days=settings.SOON_WORKING_DAYS), "rows": found.sections[key]}
        for key, title, mark, cls, aside in SECTIONS if found.sections.get(key)
    ]


def progress(found: Todo) -> dict:
    """This month as figures and as a bar of 100 units."""
    done, sent = (round(100 * part / found.total, 1) for part in (found.done, found.sent))
    return {
        "total": found.total, "left": found.left, "done": found.done, "sent": found.sent,
        "done_width": str(done), "sent_x": str(done), "sent_width": str(sent),
        "label": f"审核通过{found.done}项，待审核{found.sent}项，还要报{found.left}项",
    }


def review_url(user) -> str:
    """The desk in the admin for the committee, in front for the units."""
    return reverse("admin:review_queue" if user.is_staff else "checklists:review_queue")


def petitions_url(user) -> str:
    """Petitions in the admin for the committee, in front for the units."""
    return reverse("admin:petition_list" if user.is_staff else "checklists:petition_list")


def unreported(found: Todo, user) -> dict:
    """What presses in the scope in which this person asks for it (催办)."""
    whose = "各单位" if user.is_staff else "本单位"
    return {"label": f"{whose}有{found.unreported}",
            "url": reverse("admin:outstanding" if user.is_staff else "checklists:outstanding")}


def vacant(user) -> list[dict]:
    """Posts without a holder that this person can fill: each by name while they are few."""
    base = ADMIN if user.is_staff else FRONT
    found = vacancies.to_fill(user)
    if len(found) > MOST_VACANCIES:
        return [{"label": f"{len(found)}个书记职务空缺", "url": base.url("vacancy_list"),
                 "door": "看空缺"}]
    return [{"door": "登记任职", "label": str(each),
             "url": f"{base.url('post_appoint', each.organization.pk)}?role={each.role}"}
            for each in found]


def proposals(user) -> dict | None:
    """Committee and technical posts that wait for this person's confirmation."""
    if not any(post.role in PROPOSES for post in user.posts):
        return None
    rows = AppointmentProposal.objects.visible_to(user, for_=Permission.POST_EDIT).waiting()
    count = rows.exclude(proposed_by=user).exclude(user=user).count()
    return {"count": count, "url": reverse("admin:proposal_list")} if count else None


def corrections(user) -> dict | None:
    """Requests of people to put right what is kept about them."""
    count = Correction.objects.visible_to(user, for_=Permission.ACCOUNT_EDIT).waiting().exclude(
        user=user).count() if user.holds(Permission.ACCOUNT_EDIT) else 0
    return {"count": count, "url": reverse("dashboard:correction_list")} if count else None


def empty(found: Todo, user) -> dict | None:
    """What to say when nothing is to be done, and the next step."""
    if found.sections or found.confirm or found.review or found.petitions:
        return None
    if found.has_lists:
        text = f"下一项是{found.next}。" if found.next else "今年的都报完了。"
        return {"title": "该报的都报完了", "text": text,
                "url": reverse("checklists:checklist_list"), "label": "看清单"}
    if user.holds(Permission.REPORT_REVIEW):
        return {"title": "没有等您审核的填报", "text": "各单位报上来后，会出现在这里。",
                "url": review_url(user), "label": "看审核"}
    if user.holds(Permission.CHECKLIST_VIEW):
        return {"title": "您名下没有要填的清单", "text": "您可以查看职权范围内的清单。",
                "url": reverse("checklists:checklist_list"), "label": "看清单"}
    return {"title": "您现在没有职务", "text": "职务登记后，这里会出现您的清单。",
            "url": reverse("dashboard:me"), "label": "看我的"}

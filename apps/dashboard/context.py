"""What every page shows around its content: the bars, the person, the notice."""

from django.conf import settings
from django.urls import reverse

from apps.organizations.permissions import Permission

NOTICE = "本平台不处理涉密信息。涉密内容一律不要填写、上传。"
# label, URL name, icon, permission (None: everybody)
UNIT_BAR = (
    ("待办", "dashboard:todo", "i-todo", None),
    ("清单", "checklists:checklist_list", "i-list", Permission.CHECKLIST_VIEW),
    ("我的", "dashboard:me", "i-me", None),
)
UNIT_DESK_BAR = (
    ("待办", "dashboard:todo", "", None),
    ("审核", "checklists:review_queue", "", Permission.REPORT_REVIEW),
    ("申请", "checklists:petition_list", "", Permission.REPORT_FILL),
    ("未报", "checklists:outstanding", "", Permission.TASK_NUDGE),
    ("清单", "checklists:checklist_list", "", Permission.CHECKLIST_VIEW),
    ("组织", "dashboard:directory", "", Permission.ORGANIZATION_VIEW),
    ("任职", "dashboard:vacancy_list", "", Permission.POST_EDIT),
)
COMMITTEE_BAR = (
    ("审核", "admin:review_queue", "", Permission.REPORT_REVIEW),
    ("申请", "admin:petition_list", "", Permission.PETITION_DECIDE),
    ("未报", "admin:outstanding", "", Permission.CHECKLIST_VIEW),
    ("临时任务", "admin:ad_hoc_list", "", Permission.TASK_SEND),
    ("单位", "dashboard:directory", "", Permission.ORGANIZATION_VIEW),
    ("责任目录", "admin:catalogue_draft_list", "", Permission.CATALOGUE_VIEW),
    ("账号", "admin:organizations_user_changelist", "", Permission.ACCOUNT_VIEW),
    ("审计", "admin:audit", "", Permission.AUDIT_VIEW),
)


def chrome(request) -> dict:
    """Context of every page. Asks the database nothing that the request has not asked."""
    user = getattr(request, "user", None)
    site = {"committee_name": settings.SITE_NAME, "version": settings.VERSION}
    if user is None or not user.is_authenticated:
        return {"site": site}
    return {
        "site": site, "notice": NOTICE, "person": person(user),
        "nav": bar(request, UNIT_BAR),
        "desk_nav": bar(request, COMMITTEE_BAR if user.is_staff else UNIT_DESK_BAR),
    }


def person(user) -> dict:
    """Name and posts of who is logged in."""
    posts = [post.get_role_display() for post in user.posts]
    return {
        "name": user.name, "is_staff": user.is_staff,
        "posts_label": "、".join(dict.fromkeys(posts)),
        "organization_label": user.posts[0].organization.name if user.posts else user.name,
    }


def bar(request, entries) -> list[dict]:
    """The entries that this person may open; the longest matching address is the current one."""
    found = []
    for label, name, icon, permission in entries:
        if permission and not request.user.holds(permission):
            continue
        url = reverse(name)
        found.append({"label": label, "url": url, "icon": icon, "count": 0, "is_current": False})
    matching = [e for e in found if e["url"] == request.path
                or (e["url"] != "/" and request.path.startswith(e["url"]))]
    if matching:
        max(matching, key=lambda e: len(e["url"]))["is_current"] = True
    return found

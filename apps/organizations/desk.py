"""Pages of the 系统管理员 on one account: a link to reset its password, its lock, its sessions."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.core.access import requires
from apps.core.calendar import now
from apps.core.dates import day_label, moment_label
from apps.core.errors import NotAllowed
from apps.core.scoping import get_visible_or_404
from apps.organizations import accounts, lockout, passwords, second_factor, sessions
from apps.organizations.models import User
from apps.organizations.permissions import Permission

# Days without a login after which an account is flagged: GB/T 22239-2019 8.1.4.2 c wants
# 多余的、过期的账户 found; 90 is examiners' custom.
UNUSED_DAYS = 90
# Verb -> its function, the heading, what happens, the button, the sentence afterwards.
ACTS = {
    "block": (accounts.block, "停用{name}的账号？",
              "他马上退出，密码对也不能登录。任职和填报都不动。",
              "停用账号", "{name}的账号停用了。"),
    "admit": (accounts.admit, "恢复{name}登录？", "停用和连错锁定都解除，密码和两步验证照旧。",
              "恢复登录", "{name}可以登录了。"),
    "sessions": (accounts.end_sessions, "让{name}在各处退出？",
                 "他要重新登录才能接着用，草稿都在。",
                 "全部退出", "{name}在各处都退出了。"),
}


@requires(Permission.ACCOUNT_RESET)
def account_reset(request, pk: int):
    """Make a link for the owner and show it, this once."""
    user = account(request, pk)
    page = {"account": user, "hours": settings.RESET_HOURS, "back_url": back(user)}
    if request.method == "POST":
        token = accounts.make_reset(user=user, by=request.user)
        page["link"] = request.build_absolute_uri(reverse("account_reset", args=[token]))
    return render(request, "admin/account_reset.html", page)


@requires(Permission.ACCOUNT_RESET)
def account_act(request, pk: int, verb: str):
    """Ask once more, then do it."""
    user = account(request, pk)
    do, title, lead, button, done = ACTS[verb]
    if request.method == "POST":
        do(user=user, by=request.user)
        messages.success(request, done.format(name=user.name))
        return redirect(back(user))
    return render(request, "admin/account_act.html", {
        "title": title.format(name=user.name), "lead": lead, "button": button,
        "back_url": back(user)})


def account(request, pk: int) -> User:
    """The account of the page, which this person may manage. Raises NotVisible, NotAllowed."""
    user = get_visible_or_404(User, request.user, for_=Permission.ACCOUNT_RESET, pk=pk)
    problem = accounts.why_not(user, request.user)
    if problem:
        raise NotAllowed(problem, target=user)
    return user


def back(user: User) -> str:
    """The account's own page."""
    return reverse("admin:organizations_user_change", args=[user.pk])


def state(user: User, by) -> dict:
    """How the account stands, and what `by` may do with it."""
    is_locked = lockout.is_locked(user.username)
    doors = [("reset", "重置密码")] if user.is_active else []
    doors += [("sessions", "全部退出"), ("block", "停用账号")] if user.is_active else []
    doors += [("admit", "恢复登录")] if is_locked or not user.is_active else []
    doors += [("correct", "改正姓名")] if by.holds(Permission.ACCOUNT_EDIT) else []
    problem = accounts.why_not(user, by)
    return {
        "rows": [("登录", "停用着" if not user.is_active else "连错多次，锁着" if is_locked
                  else "可以登录"),
                 ("密码", password_label(user)), ("两步验证", factor_label(user)),
                 ("登录着", f"{sessions.of(user).count()}处"),
                 ("最近登录", moment_label(user.last_login) if user.last_login else "没有登录过"),
                 ("建立", moment_label(user.created_at))],
        "doors": [] if problem else [
            {"url": reverse(f"admin:account_{key}", args=[user.pk]), "label": label}
            for key, label in doors],
        "problem": problem,
    }


def password_label(user: User) -> str:
    """Since when the password is in use and how long it may be."""
    since = day_label((user.password_changed_at or user.created_at).date())
    if user.password_duty:
        return f"{since}设置，登录后要先换"
    if user.is_exempt or not passwords.is_strict():
        return f"{since}设置"
    days = (timedelta(days=settings.PASSWORD_DAYS) - user.password_age).days
    return f"{since}设置，还可以用{days}天"


def factor_label(user: User) -> str:
    """Whether the second factor is there, and whether it has to be."""
    if second_factor.is_enrolled(user):
        return "已开启"
    return "没有开启，登录后要先开启" if user.needs_second_factor else "没有开启"


def is_unused(user: User) -> bool:
    """An account that nobody has used for a long time should be looked at."""
    return now() - (user.last_login or user.created_at) > timedelta(days=UNUSED_DAYS)

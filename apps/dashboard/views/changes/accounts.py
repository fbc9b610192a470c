"""A new account, with its first post or without, and a name put right."""

import secrets

from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables

from apps.checklists.services import succession
from apps.core.access import requires
from apps.core.errors import Conflict, Invalid
from apps.core.scoping import get_visible_or_404
from apps.dashboard.changes import frames
from apps.dashboard.changes.forms import AccountForm, NameForm, RecruitForm
from apps.dashboard.changes.frames import ADMIN, FRONT, Base
from apps.dashboard.views.changes.posts import button_of, roles_of
from apps.organizations import services
from apps.organizations.models import User
from apps.organizations.permissions import Permission


@requires(Permission.POST_EDIT)
def account_new(request, pk: int, base: Base = FRONT):
    """Make an account and give its first post in one act; show the password once."""
    place = frames.place(request, pk)
    roles = roles_of(request, place)
    form = RecruitForm(request.POST or None, roles=roles, organization=place,
                       initial={"role": request.GET.get("role")})
    if request.method == "POST" and form.is_valid():
        made = make(request, form, succession.recruit, base, frames.back_to(base, place),
                    organization=place, **form.cleaned_data)
        if made:
            return made
    return frames.page(
        request, base, title="新建账号并登记任职", back=frames.back_to(base, place), form=form,
        lead=place.name, button=f"建立账号，{button_of(roles)}")


@requires(Permission.ACCOUNT_EDIT)
def account_add(request):
    """Make an account without a post: the posts are given by others."""
    form = AccountForm(request.POST or None)
    back = (ADMIN.url("organizations_user_changelist"), "账号")
    if request.method == "POST" and form.is_valid():
        made = make(request, form, services.create_user, ADMIN, back, **form.cleaned_data)
        if made:
            return made
    return frames.page(request, ADMIN, title="新建账号", back=back, form=form,
                       lead="只建账号。职务由工委管理员或机关党委登记。", button="建立账号")


@sensitive_variables("password")
def make(request, form, verb, base: Base, back, **values):
    """The page with the password of the account that `verb` makes; None when it refused."""
    password = secrets.token_urlsafe(12)
    try:
        user = verb(by=request.user, hashed=make_password(password), **values)
    except (Conflict, Invalid) as refusal:
        form.take(refusal)
        return None
    url, label = back
    return render(request, "dashboard/changes/account_made.html", {
        "base_template": base.template, "account": user, "password": password,
        "back_url": url, "back_label": label})


@requires(Permission.ACCOUNT_EDIT)
def account_correct(request, pk: int, base: Base = FRONT):
    """Put the name of a person right."""
    user = get_visible_or_404(User, request.user, for_=Permission.ACCOUNT_EDIT, pk=pk)
    form = NameForm(request.POST or None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        try:
            row = services.correct(user=user, by=request.user, **form.cleaned_data)
            messages.info(request, f"姓名已改正为{row.name}。")
            return redirect("admin:index" if base is ADMIN else "dashboard:todo")
        except Invalid as refusal:
            form.take(refusal)
    return frames.page(
        request, base, title="改正姓名", form=form, button="改正姓名", facts=[
            ("账号", user.username), ("现在写作", user.name)],
        lead="只改写错的字。换人请用移交。", back=(
            (reverse("admin:index"), "总览") if base is ADMIN else
            (reverse("dashboard:todo"), "待办")))

"""Pages around the login that allauth has not, or has without our records."""

from allauth.core.internal import ratelimit
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from apps.core.access import LOGGED_IN, PUBLIC, requires
from apps.core.act import act, record
from apps.core.errors import NotAllowed
from apps.organizations import accounts, second_factor, sessions
from apps.organizations.forms import ResetForm


@requires(LOGGED_IN)
def no_first_password(request):
    """Where allauth sends an account without a password: it is given one by an administrator."""
    raise NotAllowed("这个账号还没有密码，请找管理员设置。")


@requires(PUBLIC)
@sensitive_post_parameters()
def reset_password(request, token: str):
    """Set a new password by a link; the same answer whatever is wrong with the link."""
    if not ratelimit.consume(request, app="allauth.account", action="reset_link",
                             limit_get=True):
        return ratelimit.respond_429(request)
    reset = accounts.find_reset(token)
    form = ResetForm(user=reset.user, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        accounts.use_reset(token=token, password=form.cleaned_data["password1"])
        messages.success(request, "新密码设好了，请用它登录。")
        return redirect("account_login")
    return render(request, "account/reset.html", {"form": form, "username": reset.user.username})


@requires(LOGGED_IN)
def activate_totp(request):
    """allauth's page. Enrolling is recorded, and ends the sessions that have not shown a code."""
    if request.method != "POST":
        return totp.activate_totp(request)
    with act(by=request.user):
        was_enrolled = second_factor.is_enrolled(request.user)
        response = totp.activate_totp(request)
        if not was_enrolled and second_factor.is_enrolled(request.user):
            record("organizations.user.factor_enrol", request.user)
            second_factor.passed(request, request.user)
            sessions.end(user=request.user, by=request.user,
                         keep=request.session.get(sessions.ROW))
    return response


@requires(LOGGED_IN)
def deactivate_totp(request):
    """allauth's page, which refuses whose post asks for the factor; the rest is recorded."""
    if request.method != "POST":
        return totp.deactivate_totp(request)
    with act(by=request.user):
        response = totp.deactivate_totp(request)
        if not second_factor.is_enrolled(request.user):
            record("organizations.user.factor_end", request.user)
            request.session.pop(sessions.FACTOR, None)
    return response


@requires(LOGGED_IN)
def generate_recovery_codes(request):
    """allauth's page; a new set is recorded."""
    if request.method != "POST":
        return codes.generate_recovery_codes(request)
    with act(by=request.user):
        response = codes.generate_recovery_codes(request)
        if response.status_code == 302:
            record("organizations.user.codes_renew", request.user)
    return response

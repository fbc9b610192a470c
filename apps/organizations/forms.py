from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.exceptions import ValidationError

from apps.core.act import act, record
from apps.organizations import passwords, second_factor
from apps.organizations.lockout import normal_username


class LoginForm(AllauthLoginForm):
    """allauth's form with our labels and one spelling for one account."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "账号"
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = "密码"
        self.fields["password"].widget.attrs.pop("placeholder", None)
        self.fields["login"].error_messages["required"] = "请填账号。"
        self.fields["password"].error_messages["required"] = "请填密码。"

    def clean_login(self) -> str:
        """Fold the spelling before the counter of bad tries sees it."""
        return normal_username(self.cleaned_data["login"])


class _NewPassword:
    """Our labels and the rules of passwords.py for a form with a new password."""

    LABELS: dict[str, str] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].error_messages["required"] = f"请填{label}。"
        self.fields["password1"].help_text = passwords.help_sentence(self.user)

    def clean(self):
        """Say in our words that the two differ."""
        cleaned = super().clean()
        if "password2" in self.errors and cleaned.get("password1"):
            self.errors["password2"] = self.error_class(
                ["两次输的不一样。"] if self.data.get("password2") else ["请再输一次新密码。"])
        return cleaned


class ChangePasswordForm(_NewPassword, AllauthChangePasswordForm):
    """Of somebody who is logged in."""

    LABELS = {"oldpassword": "现在的密码", "password1": "新密码", "password2": "再输一次新密码"}


class ResetForm(_NewPassword, AllauthSetPasswordForm):
    """Of the owner of a reset link."""

    LABELS = {"password1": "新密码", "password2": "再输一次新密码"}


class _Code:
    """A code is good once, and each try stands in the audit."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "验证码"
        self.fields["code"].widget.attrs.pop("placeholder", None)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"
        self.fields["code"].error_messages["required"] = "请填6位数字。"

    def clean_code(self) -> str:
        """allauth's check, then ours."""
        try:
            code = super().clean_code()
            if not second_factor.spend(self.user, code):
                raise get_adapter().validation_error("incorrect_code")
        except ValidationError as refusal:
            if refusal.code == "incorrect_code":
                second_factor.missed(self.user)
            raise
        return code


class CodeForm(_Code, AuthenticateForm):
    """Between the password and the first page."""

    def save(self) -> None:
        """Remember in the session and in the audit that the factor was shown."""
        super().save()
        second_factor.passed(context.request, self.user)
        with act(by=self.user):
            record("organizations.user.code_pass", self.user, kind=self.kind)

    @property
    def kind(self) -> str:
        """By what: the authenticator or a code on paper."""
        return "备用码" if self.authenticator.type == "recovery_codes" else "验证器"


class CodeAgainForm(_Code, ReauthenticateForm):
    """Before something that concerns the account's safety."""


class EnrolForm(_Code, ActivateTOTPForm):
    """The first code of a new authenticator."""

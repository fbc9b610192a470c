from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm

from apps.organizations.login import normal_username


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


class ChangePasswordForm(AllauthChangePasswordForm):
    """allauth's form with our labels; the rules are those of AUTH_PASSWORD_VALIDATORS."""

    LABELS = {"oldpassword": "现在的密码", "password1": "新密码", "password2": "再输一次新密码"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].error_messages["required"] = f"请填{label}。"
        self.fields["password1"].help_text = "至少8位，不能全是数字，不要用常见的或和账号相近的。"

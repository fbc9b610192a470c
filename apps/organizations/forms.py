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

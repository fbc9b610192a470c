"""Forms of posts and organisations."""

from django import forms
from django.conf import settings

from apps.checklists.forms import TakesRefusals
from apps.checklists.services.plans import LEADERS
from apps.core.calendar import today
from apps.core.dates import ChineseDateField
from apps.dashboard.changes import people
from apps.organizations import titles, tree
from apps.organizations.models import Appointment, Organization, User
from apps.organizations.permissions import Permission
from apps.organizations.services.posts import CLERKS

EMPTY = "这里不能空着。"
Kind = Organization.Kind


def words(label: str, length: int, **options) -> forms.CharField:
    """A line of at most `length` characters."""
    return forms.CharField(label=label, max_length=length, error_messages={
        "required": EMPTY, "max_length": f"请写在{length}字以内。"}, **options)


def chosen(label: str, **options) -> forms.ModelChoiceField:
    """A person or a place to choose; the form sets which."""
    return forms.ModelChoiceField(
        options.pop("queryset", None) or User.objects.none(), label=label, empty_label="请选择",
        error_messages={"required": "请选一个。",
                        "invalid_choice": "没有这一个，或者不在您的范围内。"}, **options)


def clerks_of(by, organization):
    """Who may type for the leaders of a unit: the clerks of its party group and organ body."""
    posts = Appointment.objects.visible_to(by, for_=Permission.ORGANIZATION_VIEW).on(today())
    clerks = posts.filter(organization__in=Organization.objects.under(organization.path),
                          role__in=CLERKS)
    return User.objects.filter(pk__in=clerks.values("user")).order_by("name", "pk")


class PersonForm(TakesRefusals, forms.Form):
    """Somebody who was found."""

    q = forms.CharField(required=False, widget=forms.HiddenInput)

    def offer(self, field: str, by, choices) -> None:
        """Take anybody in scope, show those who were found."""
        self.fields[field].queryset = people.in_scope(by)
        self.fields[field].choices = choices


class AppointForm(PersonForm):
    """Who takes which post, from when."""

    user = chosen("人员", widget=forms.RadioSelect)
    role = forms.ChoiceField(label="职务")
    starts_on = ChineseDateField(label="从哪天起")
    ends_on = ChineseDateField(label="到哪天止", required=False,
                               help_text="不填就一直任到免去。")
    drafter = chosen("代填人", required=False,
                     help_text="书记、班子成员自己不填时，由谁代填。提交后由本人确认。")

    def __init__(self, *args, by, roles, choices, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("user", by, choices)
        self.fields["role"].choices = [
            (code, titles.post_name(code, organization)) for code in roles]
        self.fields["starts_on"].initial = today()
        if LEADERS & set(roles):
            self.fields["drafter"].queryset = clerks_of(by, organization)
            self.fields["drafter"].empty_label = "没有，本人自己填"
        else:
            del self.fields["drafter"]

    def values(self) -> dict:
        """For the verb."""
        return {name: value for name, value in self.cleaned_data.items() if name != "q"}


class AccountForm(TakesRefusals, forms.Form):
    """A new account."""

    name = words("姓名", 60)
    username = words("账号", 60, help_text="登录用，例如姓名的拼音。小写字母、数字，中间没有空格。")


class RecruitForm(AccountForm):
    """A new account with its first post."""

    role = forms.ChoiceField(label="职务")
    starts_on = ChineseDateField(label="从哪天起")

    def __init__(self, *args, roles, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [
            (code, titles.post_name(code, organization)) for code in roles]
        self.fields["starts_on"].initial = today()


class EndForm(TakesRefusals, forms.Form):
    """Until when a post was held."""

    last_day = ChineseDateField(label="任到哪天")


class HandOverForm(PersonForm):
    """Who follows, from when."""

    to = chosen("交给谁", widget=forms.RadioSelect)
    on = ChineseDateField(label="从哪天起由他任")
    # What was shown before, so that nothing else happens.
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("to", by, choices)
        self.fields["on"].initial = today()


class DaysForm(PersonForm):
    """Who acts for somebody, from when to when."""

    to = chosen("由谁代行", widget=forms.RadioSelect)
    starts_on = ChineseDateField(label="从哪天起")
    ends_on = ChineseDateField(label="到哪天止")

    def __init__(self, *args, by, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("to", by, choices)
        self.fields["starts_on"].initial = today()


class DrafterForm(TakesRefusals, forms.Form):
    """Who types for a leader."""

    drafter = chosen("代填人", required=False)

    def __init__(self, *args, by, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["drafter"].queryset = clerks_of(by, post.organization).exclude(
            pk=post.user_id)
        self.fields["drafter"].empty_label = "没有，本人自己填"
        self.fields["drafter"].initial = post.drafter_id


class NameForm(TakesRefusals, forms.Form):
    """A name put right."""

    name = words("姓名", 60)


class LeaveForm(TakesRefusals, forms.Form):
    """Whom a holder names himself."""

    to = chosen("由谁代行")
    starts_on = ChineseDateField(label="从哪天起")
    ends_on = ChineseDateField(label="到哪天止")

    def __init__(self, *args, stand_ins, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = stand_ins
        self.fields["to"].choices = [("", "请选择"), *choices]
        self.fields["starts_on"].initial = today()
        self.fields["ends_on"].help_text = f"最多{settings.LEAVE_DAYS}天，到期自己停止。"


class FactsForm(TakesRefusals, forms.Form):
    """By what the duties of a unit are chosen."""

    leading_body = forms.ChoiceField(label="领导机构", choices=Organization.LeadingBody)
    is_window = forms.BooleanField(label="窗口单位", required=False)


class FoundForm(TakesRefusals, forms.Form):
    """A new organisation below one that stands."""

    kind = forms.ChoiceField(label="类别")
    name = words("全称", 120)
    short_name = words("简称", 60)
    code = words("编号", 30, help_text="全市不重复，登记后不改。")
    founded_on = ChineseDateField(label="设立日期")
    leading_body = forms.ChoiceField(
        label="领导机构", choices=[("", "不是单位"), *Organization.LeadingBody.choices],
        required=False, help_text="设单位时选。")
    is_window = forms.BooleanField(label="窗口单位", required=False)

    def __init__(self, *args, parent, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = tree.kinds_below(parent)
        self.fields["kind"].choices = [(kind, Kind(kind).label) for kind in kinds]
        self.fields["founded_on"].initial = today()
        if Kind.UNIT not in kinds:
            del self.fields["leading_body"], self.fields["is_window"]

    def clean(self):
        """The facts are a unit's."""
        cleaned = super().clean()
        is_unit = cleaned.get("kind") == Kind.UNIT
        if is_unit and not cleaned.get("leading_body"):
            self.add_error("leading_body", "请选单位设的是党组还是党委。")
        if not is_unit:
            cleaned.pop("leading_body", None)
            cleaned.pop("is_window", None)
        return cleaned


class RenameForm(TakesRefusals, forms.Form):
    """Another name."""

    name = words("新全称", 120)
    short_name = words("新简称", 60)
    on = ChineseDateField(label="从哪天起用")


class PlaceForm(TakesRefusals, forms.Form):
    """Base of forms that choose an organisation in reach."""

    def offer(self, field: str, by, **only) -> None:
        """Standing organisations of these kinds that the person may change."""
        places = Organization.objects.visible_to(by, for_=Permission.ORGANIZATION_EDIT)
        self.fields[field].queryset = places.active().filter(**only).order_by("path")
        self.fields[field].label_from_instance = lambda node: node.name


class MoveForm(PlaceForm):
    """The new superior."""

    parent = chosen("新的上级")

    def __init__(self, *args, by, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("parent", by, kind__in=tree.SUPERIORS[organization.kind])
        inside = Organization.objects.under(organization.path)
        self.fields["parent"].queryset = self.fields["parent"].queryset.exclude(pk__in=inside)


class MergeForm(PlaceForm):
    """Into which unit, from when."""

    into = chosen("并入哪个单位")
    on = ChineseDateField(label="从哪天起")
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, by, organization, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer("into", by, kind=Kind.UNIT)
        inside = Organization.objects.under(organization.path)
        self.fields["into"].queryset = self.fields["into"].queryset.exclude(pk__in=inside)
        self.fields["on"].initial = today()


class CloseForm(TakesRefusals, forms.Form):
    """Why, from when."""

    reason = words("为什么撤销", 200)
    on = ChineseDateField(label="从哪天起")
    shown = forms.CharField(required=False, widget=forms.HiddenInput)


class DecideForm(TakesRefusals, forms.Form):
    """An answer to a proposal."""

    reason = words("不同意的理由", 200, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

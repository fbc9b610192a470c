"""A post is given, ended, handed over, or held by a deputy."""

from django.contrib import messages
from django.shortcuts import redirect

from apps.checklists.services import aftermath, succession
from apps.core.access import LOGGED_IN, requires
from apps.core.calendar import today
from apps.core.dates import day_label
from apps.core.errors import Conflict, Invalid, NotAllowed
from apps.dashboard.changes import frames, people, previews
from apps.dashboard.changes.forms import (
    AppointForm,
    DaysForm,
    DrafterForm,
    EndForm,
    HandOverForm,
)
from apps.dashboard.changes.frames import FRONT, Base
from apps.organizations import appointing, services, titles
from apps.organizations.permissions import Permission
from apps.organizations.services import posts


def roles_of(request, place) -> list[str]:
    """The posts that this person gives there. Raises NotAllowed when there is none."""
    roles = appointing.roles_given(request.user, place)
    if not roles:
        raise NotAllowed("这里的任职不由您登记。", target=place)
    return roles


@requires(Permission.POST_EDIT)
def post_appoint(request, pk: int, base: Base = FRONT):
    """Find a person, give a post; a committee post is proposed."""
    place = frames.place(request, pk)
    roles = roles_of(request, place)
    search = people.search(request, new_url=base.url("account_new", place.pk))
    form = AppointForm(
        request.POST or None, by=request.user, roles=roles, choices=search["choices"],
        organization=place, initial={"role": request.GET.get("role"), "q": search["q"]})
    if request.method == "POST" and form.is_valid():
        try:
            messages.info(request, give(request.user, place, form.values()))
            return redirect(frames.hub(base, place))
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return frames.page(
        request, base, title="登记任职", back=frames.back_to(base, place), form=form,
        lead=place.name, picker=search, button=button_of(roles))


def give(by, place, values: dict) -> str:
    """Appoint, or propose what a second one confirms; the sentence for the next page."""
    label = f"{values['user'].name}任{titles.post_at(values['role'], place)}"
    if values["role"] in appointing.CONFIRMED:
        values.pop("drafter", None)
        services.propose_appointment(organization=place, by=by, **values)
        return f"已提出{label}，等另一位工委管理员确认。"
    succession.appoint(organization=place, by=by, **values)
    return f"已登记{label}。"


def button_of(roles) -> str:
    """What happens with the words on the page."""
    return "提请确认" if set(roles) <= appointing.CONFIRMED else "登记任职"


@requires(LOGGED_IN)
def post_end(request, pk: int, base: Base = FRONT):
    """End a post; lay down one's own committee post; propose that another's ends."""
    post = frames.post(request, pk)
    verb = ending(request.user, post)
    last = max(today() - posts.DAY, post.starts_on)
    form = EndForm(request.POST or None, initial={"last_day": last})
    if request.method == "POST" and form.is_valid():
        try:
            verb(appointment=post, by=request.user, last_day=form.cleaned_data["last_day"])
            messages.info(request, ended(verb, post))
            return redirect(after(request, base, post)[0])
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    title, lead, button = ending_words(request.user, verb, post)
    return frames.page(request, base, title=title, lead=lead, button=button, form=form,
                       back=after(request, base, post), facts=facts(post))


def ending(by, post):
    """The verb by which this person ends the post. Raises NotAllowed when there is none."""
    problem = posts.may_end(by, post)
    if problem is None:
        return succession.end
    if appointing.may_propose(by, post.role, post.organization) is None:
        return services.propose_end
    raise NotAllowed(problem, target=post)


def ending_words(by, verb, post) -> tuple[str, str, str]:
    """Heading, what happens, and the button."""
    if verb is services.propose_end:
        return ("提请免职", "要由另一位工委管理员确认，确认后生效。", "提请确认")
    if post.acting_for_id:
        return ("停止代行", "最后一天过后，代行的人就没有这个职务的权限。", "停止代行")
    if post.user_id == by.pk:
        return ("辞去职务", "最后一天过后，您就没有这个职务的权限，要由别人重新任命。", "辞去职务")
    lead = "最后一天过后就没有这个职务的权限。有人接任的请用移交，任务和草稿才会跟过去。"
    return ("免去职务", lead, "免去职务")


def ended(verb, post) -> str:
    """What the next page says."""
    if verb is services.propose_end:
        return f"已提出{post.user.name}不再任{post}，等另一位工委管理员确认。"
    return f"已登记{post.user.name}不再{'代行' if post.acting_for_id else '任'}{post}。"


def after(request, base: Base, post) -> tuple[str, str]:
    """Back to the changes of the place, or to one's own page for who sees no changes."""
    if request.user.may(Permission.POST_EDIT, at=post.organization.path):
        return frames.back_to(base, post.organization)
    return frames.reverse_me()


def facts(post) -> list[tuple[str, str]]:
    """The post, preformatted."""
    until = f"，{day_label(post.ends_on)}止" if post.ends_on else ""
    place = post.organization
    return [("职务", titles.post_name(post.role, place)), ("组织", place.name),
            ("现任", post.user.name), ("任期", f"{day_label(post.starts_on)}起{until}")]


@requires(Permission.POST_EDIT)
def post_hand_over(request, pk: int, base: Base = FRONT):
    """Give a post to a successor, after a look at everything that follows."""
    post = given(request, pk)
    search = people.search(request, new_url=base.url("account_new", post.organization_id))
    form = HandOverForm(request.POST or None, by=request.user, choices=search["choices"],
                        initial={"q": search["q"]})
    shown, preview = "", None
    if request.method == "POST" and form.is_valid():
        to, on = form.cleaned_data["to"], form.cleaned_data["on"]
        preview, shown = look(post, to, on)
        if request.POST.get("step") == "do" and form.cleaned_data["shown"] == shown:
            try:
                succession.hand_over(appointment=post, to=to, on=on, by=request.user)
                messages.info(request, f"{post}已由{post.user.name}移交{to.name}。")
                return redirect(frames.hub(base, post.organization))
            except (Conflict, Invalid) as refusal:
                form.take(refusal)
    return frames.page(
        request, base, title="移交职务", form=form, facts=facts(post), picker=search,
        back=frames.back_to(base, post.organization), preview=preview, shown=shown,
        button="看看会带走什么", do="移交")


def look(post, to, on) -> tuple[dict, str]:
    """What follows, and its fingerprint."""
    found = aftermath.of_hand_over(post, on)
    sections = previews.of_hand_over(found, to)
    return ({"title": f"由{to.name}接任，{day_label(on)}起", "sections": sections,
             "empty": "没有未办的事，只移交职务。"},
            previews.fingerprint(to.pk, on, *(f"{s['title']}{s['count']}" for s in sections)))


def given(request, pk: int):
    """A post that this person gives. Raises NotVisible, NotAllowed."""
    post = frames.post(request, pk)
    if problem := appointing.lacks(request.user, post.role, post.organization):
        raise NotAllowed(problem, target=post)
    return post


@requires(Permission.POST_EDIT)
def post_deputy(request, pk: int, base: Base = FRONT):
    """Name who acts for the holder of a post for some days."""
    post = given(request, pk)
    search = people.search(request)
    form = DaysForm(request.POST or None, by=request.user, choices=search["choices"],
                    initial={"q": search["q"]})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("to", "starts_on", "ends_on")}
        try:
            made = services.deputize(appointment=post, by=request.user, **values)
            messages.info(request, f"已登记{made.user.name}代行{post}，"
                                   f"到{day_label(made.ends_on)}为止。")
            return redirect(frames.hub(base, post.organization))
        except (Conflict, Invalid) as refusal:
            form.take(refusal)
    return frames.page(
        request, base, title="登记代行", form=form, facts=facts(post), picker=search,
        back=frames.back_to(base, post.organization), button="登记代行",
        lead="本人的职务不变。代行的人有同样的权限，到期自己停止。")


@requires(Permission.POST_EDIT)
def post_drafter(request, pk: int, base: Base = FRONT):
    """Say who types for a leader."""
    post = given(request, pk)
    form = DrafterForm(request.POST or None, by=request.user, post=post)
    if request.method == "POST" and form.is_valid():
        row = services.name_drafter(appointment=post, by=request.user, **form.cleaned_data)
        who = f"由{row.drafter.name}代填" if row.drafter else "由本人填"
        messages.info(request, f"{post}的填报{who}。")
        return redirect(frames.hub(base, post.organization))
    return frames.page(
        request, base, title="定代填人", form=form, facts=facts(post), button="定下来",
        back=frames.back_to(base, post.organization),
        lead="书记、班子成员自己不填的，由经办人代填，提交后由本人确认。")

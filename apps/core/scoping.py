"""Net 1: a scoped model does not answer before it knows who asks.

`Model.objects.visible_to(user, for_=Permission.X)` is the way in; anything else on
`objects` raises. `Model.unscoped` is the greppable exception for services, which
check rights on the locked row. The scope is the owner's path range, or a party's.
"""

from django.apps import apps
from django.core.checks import Error, register
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.core.errors import NotVisible
from apps.core.fields import subtree_end

# Models without a scope of their own, and why.
EXEMPT = {
    "organizations.user": "readers call visible_to; services own the rest",
    "organizations.organization": "the tree's own manager is needed; readers call visible_to",
    "organizations.passwordhash": "nobody reads them; the login compares",
    "organizations.passwordreset": "reached only by the token itself",
    "organizations.loginsession": "a person's own rows",
    "organizations.roster": "a person's own rows",
    "core.auditevent": "read whole by the auditor, or by object after it was found visible",
    "core.storedfile": "reached only through a link row that is scoped",
    "core.workingday": "the calendar is everybody's",
    "core.calendaryear": "the calendar is everybody's",
    "core.draft": "a person's own rows",
    "core.draftfile": "a person's own rows, through the draft",
    "core.job": "progress of administrative work; its page shows a person's own",
    "duties.source": "the catalogue is everybody's",
    "duties.clause": "the catalogue is everybody's",
    "duties.catalogueversion": "the catalogue is everybody's",
    "duties.chapter": "the catalogue is everybody's",
    "duties.duty": "the catalogue is everybody's; `objects` holds no unit's own",
    "duties.activitykind": "the catalogue is everybody's",
    "duties.selfcheckquestion": "the catalogue is everybody's",
    "duties.campaign": "the catalogue is everybody's",
    "duties.mechanism": "the catalogue is everybody's",
    "duties.parameter": "values of this site are everybody's",
    "checklists.slot": "due dates of the catalogue are everybody's",
    "checklists.listyear": "whether a year is closed is everybody's to know",
}


class ScopeForgotten(RuntimeError):
    """A scoped model was asked without saying for whom."""


def below(field: str, path: str) -> Q:
    """The rows whose `field` is `path` or lies in its subtree."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": subtree_end(path)})


def within(reaches, path: str) -> Q:
    """The rows whose `path` lies in one of the reaches; an empty reach matches nothing."""
    condition = Q(pk__in=[])
    for reach in reaches:
        if reach.is_subtree:
            condition |= below(path, reach.path)
        else:
            condition |= Q(**{path: reach.path})
    return condition


class ScopedQuerySet(models.QuerySet):
    """Adds the filter of a person's scope."""

    def visible_to(self, user, *, for_):
        """Rows that `user` reaches with the permission `for_`: as owner or as a party."""
        reaches = user.reach(for_)
        owner, *parties = self.model.scope_paths
        condition = within(reaches, owner)
        for party in parties:
            mine = self.model.unscoped.filter(within(reaches, party), pk=OuterRef("pk"))
            condition |= Q(Exists(mine))
        return self.filter(condition)


class RefusingManager(models.Manager):
    """`objects` of a scoped model: it answers only to `visible_to`, `create` and `none`."""

    def get_queryset(self):
        raise ScopeForgotten(
            f"{self.model.__name__}.objects needs .visible_to(user, for_=…); "
            "a service that checks the right itself uses .unscoped"
        )

    def visible_to(self, user, *, for_):
        """See ScopedQuerySet.visible_to."""
        return self.model.unscoped.visible_to(user, for_=for_)

    def create(self, **values):
        """A new row; its right was checked by the service that makes it."""
        return self.model.unscoped.create(**values)

    def none(self):
        """No rows."""
        return self.model.unscoped.none()


class ScopedModel(models.Model):
    """Base of every model whose rows belong to an organisation.

    `scope_paths`: the first names the owner's path, further ones name parties.
    `cross_links`: relations that can leave the scope; read only by methods with a user.
    """

    scope_paths: tuple[str, ...] = ()
    cross_links: tuple[str, ...] = ()

    unscoped = models.Manager.from_queryset(ScopedQuerySet)()
    objects = RefusingManager()

    class Meta:
        abstract = True
        default_manager_name = "unscoped"


def get_visible_or_404(source, user, *, for_, **lookup):
    """The one row of `source` (model or scoped queryset) that `user` reaches, else NotVisible."""
    rows = source._default_manager if isinstance(source, type) else source
    try:
        return rows.visible_to(user, for_=for_).get(**lookup)
    except (rows.model.DoesNotExist, ValueError, OverflowError):
        raise NotVisible("没有找到，或者不在您的范围内。") from None


@register()
def scoped_or_exempt(app_configs=None, **kwargs) -> list[Error]:
    """Every model of ours is scoped with `unscoped` as its default manager, or listed above."""
    problems = []
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        if issubclass(model, ScopedModel):
            if not model.scope_paths or model._meta.default_manager_name != "unscoped":
                problems.append(Error(f"{model._meta.label} lacks scope_paths or lost unscoped.",
                                      id="fangzhen.E001"))
        elif model._meta.label_lower not in EXEMPT:
            problems.append(Error(f"{model._meta.label} is neither scoped nor exempt.",
                                  id="fangzhen.E002"))
    return problems

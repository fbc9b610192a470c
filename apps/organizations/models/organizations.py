from django.db import models
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from apps.core.fields import TreePath, subtree_end
from apps.core.scoping import within


class OrganizationQuerySet(MP_NodeQuerySet):
    """Filters with names; readers always start with `visible_to`."""

    def visible_to(self, user, *, for_):
        """Organisations that `user` reaches with the permission `for_`."""
        return self.filter(within(user.reach(for_), "path"))

    def under(self, path: str):
        """The organisation at `path` and everything below it."""
        return self.filter(path__gte=path, path__lt=subtree_end(path))

    def units(self):
        """Party groups and party committees of departments."""
        return self.filter(kind=Organization.Kind.UNIT)

    def active(self):
        return self.filter(closed_on=None)


class OrganizationManager(MP_NodeManager.from_queryset(OrganizationQuerySet)):
    """The tree's own manager, in order of the path."""

    def get_queryset(self):
        return OrganizationQuerySet(self.model, using=self._db).order_by("path")


class Organization(MP_Node):
    """A node of the tree: the committee, a unit, or a party organisation inside a unit.

    A unit node *is* its party group; it bears the lists of the party group, the
    secretary and the members.
    """

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "工委"
        UNIT = "unit", "单位"
        ORGAN_COMMITTEE = "organ_committee", "机关党委"
        GENERAL_BRANCH = "general_branch", "党总支"
        DISCIPLINE_COMMITTEE = "discipline_committee", "机关纪委"
        BRANCH = "branch", "党支部"
        GROUP = "group", "党小组"

    class LeadingBody(models.TextChoices):
        PARTY_GROUP = "party_group", "党组"
        PARTY_COMMITTEE = "party_committee", "党委"

    path = TreePath(max_length=255, unique=True)
    kind = models.CharField("类别", max_length=30, choices=Kind)
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=60)
    initials = models.CharField("拼音首字母", max_length=60, blank=True)
    code = models.CharField("编号", max_length=30, unique=True)
    leading_body = models.CharField("领导机构", max_length=20, choices=LeadingBody, blank=True)
    is_window = models.BooleanField("窗口单位", default=False)
    # Nothing that was due before is owed (see checklists.Checklist.counts_from).
    founded_on = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    # Where the work of a closed organisation has gone (合并).
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="并入"
    )

    objects = OrganizationManager()

    class Meta:
        verbose_name = verbose_name_plural = "组织"

    def __str__(self) -> str:
        return self.name

    @property
    def audit_path(self) -> str:
        """Where on the tree its events belong."""
        return self.path

    def parent_paths(self) -> list[str]:
        """Paths of the ancestors, from the parent up to the root."""
        step = self.steplen
        return [self.path[:end] for end in range(len(self.path) - step, 0, -step)]

    def names_on(self, day) -> tuple[str, str]:
        """The name and the short name that it bore on a day."""
        borne = self.names.on(day).first() or self
        return borne.name, borne.short_name

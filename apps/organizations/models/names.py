from django.db import models

from apps.organizations.models.appointments import Dated
from apps.organizations.models.organizations import Organization


class OrganizationName(Dated):
    """A name that an organisation bore before its present one (曾用名)."""

    scope_paths = ("organization__path",)

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="names", verbose_name="组织"
    )
    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=60)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "曾用名"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "starts_on"], name="one_name_a_start"
            )
        ]

    def __str__(self) -> str:
        return self.name

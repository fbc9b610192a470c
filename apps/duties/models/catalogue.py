"""The catalogue around its duties: sources, clauses, versions, chapters, and what a version
holds beside duties.

Rows come from the files in `catalogue/` through `services.load_catalogue`, or from a draft
that the committee edits (`services.drafting`). Everybody's: exempt from scoping.
"""

from functools import cached_property

from django.db import models
from django.db.models import F, Q

from apps.core.calendar import today
from apps.core.workflow import Step, WorkflowModel
from apps.organizations.models import Organization
from apps.organizations.permissions import Permission


def committee() -> Organization | None:
    """Where the rights over the catalogue are held. None before it is set up."""
    return Organization.objects.filter(kind=Organization.Kind.COMMITTEE).first()


class Source(models.Model):
    """A paper that duties are drawn from."""

    code = models.CharField("代码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=120)
    short_title = models.CharField("简称", max_length=40)
    document = models.CharField("出处", max_length=120)
    # Numbers of the articles that were read in the source; no other may be named.
    articles = models.JSONField("核对过的条", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "来源"

    def __str__(self) -> str:
        return f"《{self.title}》"


class Clause(models.Model):
    """One clause of the lecture: the yardstick for what a catalogue version covers.

    `anchor` are at most 16 characters of the source, to find the place; what people
    read is `paraphrase`.
    """

    class Kind(models.TextChoices):
        DUTY = "duty", "职责"
        MECHANISM = "mechanism", "机制"
        PRINCIPLE = "principle", "原则"

    code = models.CharField("条文号", max_length=10, unique=True)
    line = models.PositiveSmallIntegerField("原文行")
    paraphrase = models.CharField("大意", max_length=60)
    anchor = models.CharField("定位文字", max_length=16, unique=True)
    kind = models.CharField("类别", max_length=10, choices=Kind)
    is_heading = models.BooleanField("总要求", default=False)
    is_dated = models.BooleanField("有时限的专项", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "条文"

    def __str__(self) -> str:
        return f"{self.code} {self.paraphrase}"


class CatalogueVersionQuerySet(models.QuerySet):
    def published(self):
        """Versions that lists may be made from."""
        return self.filter(state=CatalogueVersion.State.PUBLISHED)

    def of_year(self, year: int):
        """Versions for one year, the latest published first."""
        return self.filter(year=year).order_by(F("published_on").desc(nulls_last=True), "-pk")


class CatalogueVersion(WorkflowModel):
    """One edition of the catalogue for one year. Published, it never changes again:
    `services.load_catalogue` refuses files whose digest differs, `services.drafting` edits
    drafts only."""

    class State(models.TextChoices):
        LOADED = "loaded", "草稿"
        PUBLISHED = "published", "已发布"

    STEPS = {
        "publish": Step(
            sources=(State.LOADED,), target=State.PUBLISHED,
            permission=Permission.CHECKLIST_PUBLISH, label="发布",
        ),
    }

    code = models.CharField("版本号", max_length=10, unique=True)
    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=60)
    # Empty for a version that was drafted in the app and not read from files.
    digest = models.CharField("校验值", max_length=64, blank=True)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="改自"
    )
    state = models.CharField("状态", max_length=10, choices=State, default=State.LOADED)
    published_on = models.DateField("发布日期", null=True, blank=True)

    objects = CatalogueVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "责任目录版本"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="published", published_on__isnull=False)
                | Q(state="loaded", published_on=None),
                name="published_exactly_with_a_date",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @cached_property
    def organization(self) -> Organization | None:
        """Where the right to publish is held."""
        return committee()

    def on_advanced(self, old: str, new: str) -> list[str]:
        self.published_on = today()
        return ["published_on"]


class Chapter(models.Model):
    """One of the six roles (六个“人”) that order every list."""

    number = models.PositiveSmallIntegerField("章号", unique=True)
    name = models.CharField("名称", max_length=10)
    subtitle = models.CharField("内容", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "章"
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 6)), name="six_chapters"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subtitle}"


class ActivityKind(models.Model):
    """A kind of activity that can answer duties: one entry, many lists."""

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=20)

    class Meta:
        verbose_name = verbose_name_plural = "活动类型"

    def __str__(self) -> str:
        return self.name


class SelfCheckQuestion(models.Model):
    """One question of the yearly self-check: words only, no score. It gathers the clauses
    that cannot be checked (kind principle)."""

    version = models.ForeignKey(
        CatalogueVersion, models.CASCADE, related_name="questions", verbose_name="版本"
    )
    number = models.PositiveSmallIntegerField("题号")
    title = models.CharField("名称", max_length=14)
    text = models.TextField("问什么")
    chapter = models.ForeignKey(Chapter, models.PROTECT, related_name="+", verbose_name="章")
    clauses = models.ManyToManyField(Clause, related_name="questions", verbose_name="条文")

    class Meta:
        verbose_name = verbose_name_plural = "年度自查题"
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="questions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.number}．{self.title}"


class Campaign(models.Model):
    """Work of a past campaign that the lecture names (往年专项): kept so that no clause is
    lost, given to nobody by default."""

    code = models.CharField("代码", max_length=10, unique=True)
    title = models.CharField("名称", max_length=14)
    text = models.TextField("当时做什么")
    note = models.TextField("为什么不再下发")
    clauses = models.ManyToManyField(Clause, related_name="campaigns", verbose_name="条文")

    class Meta:
        verbose_name = verbose_name_plural = "往年专项"

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Mechanism(models.Model):
    """What the app itself does for clauses that ask for a mechanism."""

    code = models.CharField("代码", max_length=10, unique=True)
    name = models.CharField("名称", max_length=40)
    text = models.TextField("方阵怎么做")
    clauses = models.ManyToManyField(Clause, related_name="mechanisms", verbose_name="条文")

    class Meta:
        verbose_name = verbose_name_plural = "机制"

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Parameter(models.Model):
    """A value that the sources leave open (mechanisms.md, annex 2d): set by the site.

    One that `lives_in` a field of a duty ("DZ-02.cadence") has no value of its own: it is
    changed in a draft of the catalogue.
    """

    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=20)
    value = models.CharField("本市设定", max_length=200, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    start_value = models.CharField("起始值", max_length=200, blank=True)
    left_open = models.CharField("来源没有写的", max_length=200)
    basis = models.CharField("起始值的依据", max_length=200)
    lives_in = models.CharField("在职责里改", max_length=40, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "本市设定"
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name

    def shown(self) -> str:
        """The value as pages print it, or the place where it stands: 见DZ-02的频次."""
        if not self.lives_in:
            return f"{self.value}{self.unit}"
        duty, _dot, name = self.lives_in.partition(".")
        duties = CatalogueVersion._meta.get_field("duties").related_model
        return f"见{duty}的{duties._meta.get_field(name).verbose_name}"

"""The duty catalogue: what must be done, why, how often, shown by what.

Rows come from the files in `catalogue/` through `services.load_catalogue` and from
nowhere else. The catalogue is everybody's: exempt from scoping.
"""

from collections.abc import Iterable
from functools import cached_property

from django.db import models
from django.db.models import F, Q

from apps.core.calendar import today
from apps.core.workflow import Step, WorkflowModel
from apps.duties.predicates import applies
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
    `services.load_catalogue` refuses a file whose digest differs."""

    class State(models.TextChoices):
        LOADED = "loaded", "已装入"
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
    digest = models.CharField("校验值", max_length=64)
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


class DutyQuerySet(models.QuerySet):
    def in_version(self, version):
        """The duties of one edition."""
        return self.filter(version=version)

    def borne_by(self, subject: str):
        """The duties of one kind of subject."""
        return self.filter(subject=subject)

    def in_order(self):
        """As the file lists them: by chapter, then by weight."""
        return self.order_by("chapter__number", "position")


class Duty(models.Model):
    """One duty of one edition, in our own words.

    `due` is a rule of `checklists.schedule`; `also_fulfils` holds codes of duties of the
    same unit and period that get no occurrence of their own.
    """

    class Subject(models.TextChoices):
        PARTY_GROUP = "party_group", "党组(党委)"
        SECRETARY = "secretary", "书记"
        MEMBER = "member", "班子成员"
        ORGAN_COMMITTEE = "organ_committee", "机关党委"
        DISCIPLINE_COMMITTEE = "discipline_committee", "机关纪委"
        BRANCH = "branch", "党支部"
        COMMITTEE = "committee", "工委"

    class Cadence(models.TextChoices):
        MONTHLY = "monthly", "每月"
        QUARTERLY = "quarterly", "每季度"
        HALF_YEARLY = "half_yearly", "每半年"
        YEARLY = "yearly", "每年"
        ONCE = "once", "一次"
        ON_EVENT = "on_event", "发生一次报一次"
        STANDING = "standing", "常态履行"

    class Evidence(models.TextChoices):
        NONE = "none", "不要佐证"
        WORDS = "words", "几句话"
        NUMBER = "number", "文号"
        FILE = "file", "文件"

    class ReviewMode(models.TextChoices):
        EACH = "each", "逐项审核"
        SAMPLE = "sample", "抽查"
        FILE = "file", "备查"

    version = models.ForeignKey(
        CatalogueVersion, models.PROTECT, related_name="duties", verbose_name="版本"
    )
    code = models.CharField("代码", max_length=10)
    position = models.PositiveSmallIntegerField("次序")
    chapter = models.ForeignKey(
        Chapter, models.PROTECT, related_name="duties", verbose_name="章"
    )
    subject = models.CharField("责任主体", max_length=30, choices=Subject)
    title = models.CharField("名称", max_length=14)
    text = models.TextField("做什么")
    standard = models.TextField("写到什么程度就够")
    example = models.TextField("例子")
    why = models.TextField("为什么要做")
    sources = models.ManyToManyField(Source, related_name="duties", verbose_name="来源")
    clauses = models.ManyToManyField(Clause, related_name="duties", verbose_name="条文")
    evidence = models.CharField("佐证", max_length=10, choices=Evidence)
    evidence_why = models.CharField("为什么要这种佐证", max_length=120)
    cadence = models.CharField("频次", max_length=20, choices=Cadence)
    due = models.JSONField("最迟日期的算法", default=dict, blank=True)
    runs_from = models.DateField("起", null=True, blank=True)
    runs_to = models.DateField("止", null=True, blank=True)
    review_mode = models.CharField("审核方式", max_length=10, choices=ReviewMode)
    minutes = models.PositiveSmallIntegerField("预计用时（分钟）")
    applies_to = models.JSONField("适用条件", default=list, blank=True)
    activity_kinds = models.JSONField("可由哪类活动履行", default=list, blank=True)
    also_fulfils = models.JSONField("一并履行", default=list, blank=True)
    event_label = models.CharField("发生一次的按钮文字", max_length=10, blank=True)
    days_after_event = models.PositiveSmallIntegerField(
        "发生后几个工作日内报", null=True, blank=True
    )

    objects = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "职责"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_duty_a_code"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_duty_takes_time"),
            models.CheckConstraint(
                condition=Q(cadence="on_event", days_after_event__gt=0)
                & ~Q(event_label="")
                | ~Q(cadence="on_event") & Q(days_after_event=None, event_label=""),
                name="days_after_event_exactly_on_event",
            ),
            models.CheckConstraint(
                condition=Q(runs_from=None) | Q(runs_to=None) | Q(runs_to__gte=F("runs_from")),
                name="a_duty_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def applies_with(self, facts: Iterable[str]) -> bool:
        """Whether a unit with these facts (names of `predicates.PREDICATES`) bears it."""
        return applies(self.applies_to, facts)

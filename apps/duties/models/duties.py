from collections.abc import Iterable

from django.db import models
from django.db.models import F, Q

from apps.duties.models.catalogue import CatalogueVersion, Chapter, Clause, Source
from apps.duties.predicates import applies


class DutyQuerySet(models.QuerySet):
    def of_catalogue(self):
        """Everybody's; without what a unit wrote for itself or an officer sent."""
        return self.filter(origin=Duty.Origin.CATALOGUE)

    def in_version(self, version):
        """The duties of one edition."""
        return self.filter(version=version)

    def borne_by(self, subject: str):
        """The duties of one kind of subject."""
        return self.filter(subject=subject)

    def in_order(self):
        """As the file lists them: by chapter, then by weight."""
        return self.order_by("chapter__number", "position")


class CatalogueManager(models.Manager.from_queryset(DutyQuerySet)):
    """`Duty.objects`: the catalogue's duties. A unit's own and ad-hoc ones are reached only
    through an item, whose scope is checked."""

    def get_queryset(self):
        return super().get_queryset().of_catalogue()


class Duty(models.Model):
    """One duty of one edition, in our own words; or one that a unit set itself (自定事项) or
    an officer sent (临时任务), which belong to no edition.

    `due` is a rule of `checklists.schedule`; `also_fulfils` holds codes of duties of the
    same unit and period that get no occurrence of their own.
    """

    class Origin(models.TextChoices):
        CATALOGUE = "catalogue", "责任目录"
        OWN = "own", "自定事项"
        AD_HOC = "ad_hoc", "临时任务"

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

    class OpenedBy(models.TextChoices):
        """Acts in the app that open a duty on event by themselves."""

        APPOINTMENT = "appointment", "新任书记"
        DOCUMENT = "document", "下发文件"

    class ReviewMode(models.TextChoices):
        EACH = "each", "逐项审核"
        SAMPLE = "sample", "抽查"
        FILE = "file", "备查"

    origin = models.CharField(
        "来自", max_length=10, choices=Origin, default=Origin.CATALOGUE
    )
    version = models.ForeignKey(
        CatalogueVersion, models.PROTECT, null=True, blank=True, related_name="duties",
        verbose_name="版本"
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
    risks = models.TextField("不做会怎样", blank=True)
    expected_effect = models.TextField("做好了看到什么", blank=True)
    example = models.TextField("例子", blank=True)
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
    # Duties of one rhythm and theme are answered by one activity of a kind they share.
    theme = models.CharField("主题", max_length=40, blank=True)
    opened_by = models.CharField("自动登记", max_length=20, choices=OpenedBy, blank=True)
    events_a_year = models.PositiveSmallIntegerField("估计一年几次", null=True, blank=True)
    parameters = models.JSONField("用到的本市设定", default=list, blank=True)
    also_fulfils = models.JSONField("一并履行", default=list, blank=True)
    event_label = models.CharField("发生一次的按钮文字", max_length=10, blank=True)
    days_after_event = models.PositiveSmallIntegerField(
        "发生后几个工作日内报", null=True, blank=True
    )

    objects = CatalogueManager()
    # Of every origin; for verbs that check the right on the list.
    every = DutyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "职责"
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="one_duty_a_code"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_duty_takes_time"),
            models.CheckConstraint(
                condition=Q(origin="catalogue", version__isnull=False)
                | (~Q(origin="catalogue") & Q(version=None)),
                name="only_the_catalogue_has_versions",
            ),
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

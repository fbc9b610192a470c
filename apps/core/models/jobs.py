from django.conf import settings
from django.db import models


class JobQuerySet(models.QuerySet):
    def of(self, user):
        """The jobs that this person started."""
        return self.filter(created_by=user)

    def running(self):
        return self.filter(state=Job.State.RUNNING)

    def silent_since(self, moment):
        """Running by their row, but not moved since `moment`: their worker is gone."""
        return self.running().filter(moved_at__lt=moment)


class Job(models.Model):
    """Progress of one long piece of work, kept outside its transactions."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "没有做完"

    kind = models.CharField(max_length=60)
    title = models.CharField("事项", max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    done = models.PositiveIntegerField("已办", default=0)
    total = models.PositiveIntegerField("共", default=0)
    message = models.CharField("说明", max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("开始")
    # Moves with each step, so that a job whose worker was killed does not run for ever.
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField("结束", null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "后台事项"
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state="running"), name="one_running_job_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.title

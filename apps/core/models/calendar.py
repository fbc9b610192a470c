from django.db import models


class WorkingDay(models.Model):
    """One day that differs from Monday to Friday: a holiday, or a weekend that is worked.

    Whether a year is entered completely stands in `CalendarYear`, not in its rows.
    """

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("名称", max_length=20, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作日调整"

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {'上班' if self.is_working else '放假'}"


class CalendarYear(models.Model):
    """A year whose holidays and moved working days are entered; what is computed from any
    other year is provisional."""

    year = models.PositiveSmallIntegerField("年度", unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "已定的年度"

    def __str__(self) -> str:
        return f"{self.year}年"

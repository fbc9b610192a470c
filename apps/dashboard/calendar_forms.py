"""Forms of the working days: a range of days, and lines pasted from a notice."""

from datetime import timedelta

from django import forms

from apps.checklists.forms import TakesRefusals
from apps.checklists.services import calendar_year
from apps.core import working_day_lines
from apps.core.dates import ChineseDateField
from apps.core.working_days import NAME_LENGTH

# The longest holiday of a notice had nine days; more is a slip of the year.
MOST_DAYS = 31
OFF, WORK, PLAIN = "off", "work", "plain"
KINDS = ((OFF, "放假"), (WORK, "调休上班"), (PLAIN, "改回平常"))


class DayOfYearField(ChineseDateField):
    """A date that may be typed without its year: then it is the year of the page."""

    year: int | None = None

    def to_python(self, value):
        """As the date field does, with the year put in front."""
        if isinstance(value, str) and self.year:
            value = working_day_lines.with_year(value, self.year)
        return super().to_python(value)


class DaysForm(TakesRefusals, forms.Form):
    """From one day to another: off, worked, or what the week says."""

    kind = forms.ChoiceField(label="这几天", choices=KINDS, initial=OFF, widget=forms.RadioSelect,
                             error_messages={"required": "请选放假、调休上班或改回平常。",
                                             "invalid_choice": "请选放假、调休上班或改回平常。"})
    first = DayOfYearField(label="从哪天", error_messages={"required": "请填第一天。"})
    last = DayOfYearField(label="到哪天", required=False, help_text="只有一天的，可以不填")
    name = forms.CharField(
        label="哪个节", required=False, max_length=NAME_LENGTH, help_text="改回平常的，可以不填",
        error_messages={"max_length": f"请写在{NAME_LENGTH}字以内。"})

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first"].year = self.fields["last"].year = year
        self.fields["first"].help_text = f"如2月6日，不写年份就是{year}年"

    def clean(self):
        """The days of the range, and a name wherever something is set."""
        values = super().clean()
        first, last = values.get("first"), values.get("last") or values.get("first")
        if first and last:
            count = (last - first).days + 1
            if not 1 <= count <= MOST_DAYS:
                self.add_error("last", "这一天在第一天之前。" if count < 1
                               else f"一次最多录{MOST_DAYS}天。")
            values["days"] = [first + timedelta(days=n) for n in range(count)]
        has_name = "name" in self.errors or values.get("name", "").strip()
        if values.get("kind") in (OFF, WORK) and not has_name:
            self.add_error("name", "请写是哪个节，如春节。")
        return values

    def save(self, *, by) -> calendar_year.Entered:
        """Enter the range. Raises NotAllowed or Invalid."""
        values = self.cleaned_data
        if values["kind"] == PLAIN:
            return calendar_year.clear(days=values["days"], by=by)
        is_working = values["kind"] == WORK
        return calendar_year.enter(
            days=[(day, is_working, values["name"]) for day in values["days"]], by=by)


class LinesForm(TakesRefusals, forms.Form):
    """One line a day, pasted from a notice."""

    lines = forms.CharField(
        label="一行一天", max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "请粘贴至少一行。", "max_length": "太长了，请分几次粘贴。"})

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year

    def clean_lines(self):
        """The days; every line that cannot be taken is named with its number."""
        lines, wrong = working_day_lines.read(self.cleaned_data["lines"], year=self.year)
        for line in lines:
            sentence = calendar_year.objection(line.day, is_working=line.is_working)
            if not sentence and len(line.name) > NAME_LENGTH:
                sentence = f"名称太长了，请写在{NAME_LENGTH}字以内。"
            if sentence:
                wrong.append(f"第{line.number}行：{sentence}")
        if wrong:
            raise forms.ValidationError(sorted(wrong, key=line_number))
        return lines

    def save(self, *, by) -> calendar_year.Entered:
        """Enter all lines or none. Raises NotAllowed or Invalid."""
        return calendar_year.enter(
            days=[(line.day, line.is_working, line.name) for line in self.cleaned_data["lines"]],
            by=by)


def line_number(sentence: str) -> int:
    """The number with which a sentence about a line begins."""
    return int(sentence.partition("行")[0].removeprefix("第"))

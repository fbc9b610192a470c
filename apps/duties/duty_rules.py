"""What the duties of a catalogue version must satisfy, beyond being well-formed. Pure.

Each rule yields Chinese sentences that name file, duty code and field. A version that
calls itself complete is asked for more; an older or partial one is read as it is.
"""

import re
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator

from apps.duties.catalogue_rules import misplaced, twice

CODE = re.compile(r"[A-Z]{2}-\d{2}")
SNAKE = re.compile(r"[a-z]+(_[a-z]+)*")
QUOTED = re.compile(r"《([^》]+)》(?:第(\d+)条)?")
EVENT_LABEL_LENGTH = 10
EXAMPLE_LENGTH = (40, 90)
CLAUSES_PER_DUTY = 12
WITHOUT_DATE = ("on_event", "standing")
ANCHORS = ("period_start", "period_end")
SHIFTS = ("earlier", "later")
LEAP_YEAR = 2024  # a rule may name 29 February; the schedule clamps it in other years


def problems(version, catalogue, words) -> list[str]:
    """Every problem of the duties of a parsed `VersionFile` of `catalogue`."""
    found = [f"{version.name} {sentence}" for sentence in _whole(version)]
    for duty in version.duties:
        place = version.place(duty.subject)
        found += [f"{place} {duty.code} {sentence}"
                  for sentence in of_duty(duty, version, catalogue, words)]
    return found


def of_duty(duty, version, catalogue, words) -> list[str]:
    """The problems of one duty among those of `version`, each as "field：sentence"."""
    rules = (_names, _texts, _references, _rhythm, *((_completeness,) if version.complete else ()))
    return [sentence for rule in rules for sentence in rule(duty, version, catalogue, words)]


def _whole(version) -> Iterator[str]:
    for what, values in (
        ("职责代码", [duty.code for duty in version.duties]),
        ("章号", [chapter.number for chapter in version.chapters]),
        ("来源代码", [source.code for source in version.sources]),
        ("活动类型代码", [kind.code for kind in version.activity_kinds]),
    ):
        yield from twice(values, what)
    for kind in version.activity_kinds:
        if not SNAKE.fullmatch(kind.code):
            yield f"activity_kinds：“{kind.code}”要用小写字母和下划线"
    if {chapter.number for chapter in version.chapters} != set(range(1, 7)):
        yield "chapters：要有第1至6章"
    borne = Counter(code for duty in version.duties for code in duty.also_fulfils)
    for code, bearers in borne.items():
        if bearers > 1:
            yield f"{code}：只能随一项职责一并履行，现有{bearers}项写了它"


def _names(duty, version, catalogue, words) -> Iterator[str]:
    if not CODE.fullmatch(duty.code):
        yield "code：要形如DZ-01"
    for name, value, allowed in (
        ("subject", duty.subject, words.subjects),
        ("cadence", duty.cadence, words.cadences),
        ("evidence", duty.evidence, words.evidence),
        ("review_mode", duty.review_mode, words.review_modes),
        ("opened_by", duty.opened_by, ("", *words.openers)),
    ):
        if value not in allowed:
            yield f"{name}：没有“{value}”，可用{'、'.join(filter(None, allowed))}"
    for name in duty.applies_to:
        if name not in words.predicates:
            yield f"applies_to：没有“{name}”，可用{'、'.join(words.predicates)}"
    for kind in duty.activity_kinds:
        if not SNAKE.fullmatch(kind):
            yield f"activity_kinds：“{kind}”要用小写字母和下划线"
    if duty.theme and not SNAKE.fullmatch(duty.theme):
        yield f"theme：“{duty.theme}”要用小写字母和下划线"


def _texts(duty, version, catalogue, words) -> Iterator[str]:
    shortest, longest = EXAMPLE_LENGTH
    if not shortest <= len(duty.example) <= longest:
        yield f"example：要{shortest}至{longest}个字，现有{len(duty.example)}个"
    if duty.minutes < 1:
        yield "minutes：要大于0"
    cited = {source.title: source for source in version.sources if source.code in duty.sources}
    for title, article in QUOTED.findall(duty.why):
        if title not in cited:
            yield f"why：《{title}》不在这项的sources里"
        elif article and int(article) not in cited[title].articles:
            yield f"why：《{title}》第{article}条没有核对过原文，不能写条号"


def _references(duty, version, catalogue, words) -> Iterator[str]:
    by_code = {each.code: each for each in version.duties}
    if duty.chapter not in {chapter.number for chapter in version.chapters}:
        yield f"chapter：没有第{duty.chapter}章"
    for name, values, known in (
        ("sources", duty.sources, {source.code for source in version.sources}),
        ("clauses", duty.clauses, {clause.code for clause in catalogue.clauses}),
        ("parameters", duty.parameters, {each.code for each in catalogue.parameters}),
        ("also_fulfils", duty.also_fulfils, by_code),
    ):
        yield from (f"{name}：没有“{value}”" for value in values if value not in known)
        yield from twice(values, f"{name}：")
    if not duty.sources:
        yield "sources：至少要有一个来源"
    if not 1 <= len(duty.clauses) <= CLAUSES_PER_DUTY:
        yield f"clauses：要1至{CLAUSES_PER_DUTY}条，现有{len(duty.clauses)}条"
    for other in (by_code[code] for code in duty.also_fulfils if code in by_code):
        if other.code == duty.code or other.also_fulfils:
            yield f"also_fulfils：{other.code}自己也带着别的职责，不能再一并履行"
        elif other.cadence != duty.cadence or duty.cadence in WITHOUT_DATE:
            yield f"also_fulfils：{other.code}的频次不同，不在同一期"


def _rhythm(duty, version, catalogue, words) -> Iterator[str]:
    if duty.cadence in WITHOUT_DATE:
        if duty.due:
            yield "due：发生一次报一次的和常态履行的没有固定日期，不要写"
    elif not _is_due(duty.due, duty.cadence):
        yield f"due：“{duty.due}”写法不对，见版本文件开头的说明"
    if duty.cadence == "on_event":
        if not 0 < len(duty.event_label) <= EVENT_LABEL_LENGTH:
            yield f"event_label：发生一次报一次的要写按钮文字，最多{EVENT_LABEL_LENGTH}个字"
        if not duty.days_after_event or duty.days_after_event < 1:
            yield "days_after_event：要写发生后几个工作日内报"
        if duty.events_a_year is not None and duty.events_a_year < 1:
            yield "events_a_year：要大于0"
    else:
        if duty.event_label or duty.days_after_event is not None:
            yield "event_label、days_after_event：只用于发生一次报一次的职责"
        if duty.opened_by or duty.events_a_year is not None:
            yield "opened_by、events_a_year：只用于发生一次报一次的职责"
    if duty.runs_from and duty.runs_to and duty.runs_to < duty.runs_from:
        yield "runs_to：早于runs_from"


def _completeness(duty, version, catalogue, words) -> Iterator[str]:
    """What only a complete version promises."""
    for name in ("risks", "expected_effect"):
        if not getattr(duty, name):
            yield f"{name}：没有填"
    if duty.cadence == "on_event" and duty.events_a_year is None:
        yield "events_a_year：要估计一年几次"
    kinds = {kind.code for kind in version.activity_kinds}
    yield from (f"activity_kinds：version.yaml里没有“{kind}”"
                for kind in duty.activity_kinds if kind not in kinds)
    for clause in catalogue.clauses:
        if clause.code in duty.clauses and (sentence := misplaced(clause)):
            yield f"clauses：{sentence}"


def _is_due(due: dict, cadence: str) -> bool:
    if due.get("shift") not in SHIFTS:
        return False
    if set(due) == {"month", "day", "shift"}:
        month, day = due["month"], due["day"]
        return (
            cadence in ("once", "yearly")
            and type(month) is int
            and type(day) is int
            and 1 <= month <= 12
            and 1 <= day <= monthrange(LEAP_YEAR, month)[1]
        )
    if set(due) != {"anchor", "days", "shift"} or cadence == "once":
        return False
    days = due["days"]
    if due["anchor"] not in ANCHORS or type(days) is not int or abs(days) > 366:
        return False
    return days >= 0 or due["anchor"] == "period_end"

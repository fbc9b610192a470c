"""The words of the demo: hand-written reports with slots for facts of the unit.

Slots of a text: {unit} {body} {office} {office2} {work} {work2} {window} {branches} {people}
{audience} of a unit; {members} {came} {staff} {groups} of a branch; {month} {day} {later}
{theme_day} {half} {quarter} of the work's date; {few} {few2} {some} {some2} {many} {many2}
{pct} {place} small figures and places. A text with a slot that an organisation lacks (a
window, groups) is not taken for it.
"""

from functools import cache
from pathlib import Path
from random import Random
from string import Formatter

import yaml

DATA = Path(__file__).parent / "data"
# What is wrong with a first version, and the sentence with which it came back.
THIN = (
    ("已按要求开展。", "请补一句做了什么、定了什么。"),
    ("开了会，学习了文件。", "请写清哪天开的、研究了哪几件事。"),
    ("这项工作按计划推进，效果较好。", "没写结合本单位的内容，请补上。"),
    ("同上期。", "每期写这一期的，请补日期和人数。"),
    ("领导高度重视，多次部署。", "部署的话不用写，写办成了哪几件。"),
    ("会已开，材料齐全。", "请写应到几人、实到几人、定了什么。"),
)
PLACES = (
    "市革命历史陈列馆", "城北社区", "高新区企业", "云河大桥工地", "柳林乡", "市民广场", "东门街道",
    "市博物馆", "青石村", "南湖公园", "老机床厂旧址", "市救助站",
)


@cache
def _read(name: str) -> dict:
    return yaml.safe_load((DATA / f"{name}.yaml").read_text("utf-8"))


@cache
def reports() -> dict[str, tuple[tuple[str, frozenset[str]], ...]]:
    """The texts of each duty by its code, each with the slots that it needs."""
    found = {}
    for path in sorted((DATA / "reports").glob("*.yaml")):
        for code, texts in yaml.safe_load(path.read_text("utf-8")).items():
            found[code] = tuple((text, slots(text)) for text in texts)
    return found


def slots(text: str) -> frozenset[str]:
    """Names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def report(code: str, facts: dict, random: Random) -> str:
    """A text for a duty that the facts can fill. Empty for a duty without any."""
    fitting = [text for text, needed in reports().get(code, ()) if needed <= facts.keys()]
    return random.choice(fitting).format_map(facts) if fitting else ""


def events(code: str) -> list[str]:
    """What can have happened, for a duty on event."""
    return _read("events").get(code, [])


def petition(kind: str, part: str, random: Random) -> str:
    """What is asked (`asked`) or answered (`granted`, `refused`) in a petition of `kind`."""
    return random.choice(_read("petitions")[kind][part])


def measure(code: str, facts: dict) -> tuple[str, str] | None:
    """Owner and measure of a duty on a body's list; None where nobody has written one."""
    found = _read("measures").get(code)
    return (found[0].format_map(facts), found[1].format_map(facts)) if found else None

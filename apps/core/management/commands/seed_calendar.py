from django.core.management.base import BaseCommand

from apps.core.act import SYSTEM
from apps.core.calendar import today
from apps.core.working_days import seed_working_days


class Command(BaseCommand):
    """Load announced holidays and moved working days; safe to run again."""

    help = "装入放假和调休安排；可以重复运行，手工改过的日子不变。"

    def add_arguments(self, parser):
        parser.add_argument("--years", nargs="+", type=int, help="年份，默认为去年、今年和明年")

    def handle(self, *args, years=None, **options):
        this_year = today().year
        seeded = seed_working_days(
            years=years or range(this_year - 1, this_year + 2), by=SYSTEM
        )
        held = "、".join(map(str, seeded.years)) or "无"
        self.stdout.write(f"已有安排的年份：{held}。新增{seeded.added}天。")
        for year in seeded.unknown:
            self.stdout.write(
                f"{year}年的放假安排还没有公布，先按周一至周五计算，到期日是暂定的。"
            )

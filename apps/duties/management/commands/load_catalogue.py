from django.core.management.base import BaseCommand, CommandError

from apps.core.act import SYSTEM
from apps.core.errors import Refused
from apps.duties.services import load_catalogue


class Command(BaseCommand):
    """Load the duty catalogue from its files; safe to run again."""

    help = "装入责任目录；可以重复运行，已发布的版本不变。"

    def handle(self, *args, **options):
        try:
            result = load_catalogue(by=SYSTEM)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"条文：新增{result.clauses.created}条，修改{result.clauses.changed}条。")
        for code, counts in result.versions.items():
            self.stdout.write(
                f"责任目录{code}：新增{counts.created}项，修改{counts.changed}项，"
                f"去掉{counts.removed}项。"
            )

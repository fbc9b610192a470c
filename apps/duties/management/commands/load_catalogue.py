from django.core.management.base import BaseCommand, CommandError

from apps.core.act import SYSTEM
from apps.core.errors import Refused
from apps.duties.services.loading import load_catalogue


class Command(BaseCommand):
    """Load the duty catalogue from its files; safe to run again."""

    help = "装入责任目录；可以重复运行，已发布的版本不变。"

    def handle(self, *args, **options):
        try:
            result = load_catalogue(by=SYSTEM)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"条文：新增{result.clauses.created}条，修改{result.clauses.changed}条。")
        named = {"活动类型、往年专项、机制和本市设定": result.beside}
        named |= {f"责任目录{code}": counts for code, counts in result.versions.items()}
        for name, counts in named.items():
            self.stdout.write(
                f"{name}：新增{counts.created}项，修改{counts.changed}项，去掉{counts.removed}项。"
            )

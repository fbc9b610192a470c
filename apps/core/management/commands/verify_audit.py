from django.core.management.base import BaseCommand, CommandError

from apps.core import audit
from apps.core.models import AuditEvent


class Command(BaseCommand):
    help = "Check the chain of the audit from the first event to the last."

    def add_arguments(self, parser):
        parser.add_argument("--head", help="number:hash noted earlier; proves that no end was cut")

    def handle(self, *args, **options):
        """Fail at the first place that does not hold."""
        broken = audit.broken_at()
        if broken:
            raise CommandError(f"审计链在第{broken[0]}条断开：{broken[1]}。")
        if options["head"]:
            number, _colon, digest = options["head"].partition(":")
            if not AuditEvent.objects.filter(number=number, hash=digest).exists():
                raise CommandError(f"第{number}条与记下的校验值不符，末尾被截断或改写过。")
        last = AuditEvent.objects.order_by("-number").first()
        head = f"{last.number}:{last.hash}" if last else "0:"
        self.stdout.write(f"审计链完整。末条 {head}")

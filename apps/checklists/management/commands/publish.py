from django.core.management.base import BaseCommand, CommandError

from apps.checklists.services import publishing
from apps.core.act import SYSTEM
from apps.core.calendar import today
from apps.core.errors import Refused
from apps.duties.models import CatalogueVersion


class Command(BaseCommand):
    help = "Publish the lists of a year to every unit. Safe to repeat and to interrupt."

    def add_arguments(self, parser):
        parser.add_argument("--year", type=int, default=None, help="default: this year")
        parser.add_argument("--catalogue", default=None, help="version code; default: the newest")

    def handle(self, *args, **options):
        """Publish with a line of progress a unit."""
        versions = CatalogueVersion.objects.order_by("-year", "-code")
        if options["catalogue"]:
            versions = versions.filter(code=options["catalogue"])
        version = versions.first()
        if version is None:
            raise CommandError("没有这个责任目录。先运行 manage.py load_catalogue。")
        try:
            made = publishing.publish(
                version=version, year=options["year"] or today().year, by=SYSTEM,
                progress=lambda done, total: self.stdout.write(f"{done}/{total}"))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{made.units}个单位有新内容：清单{made.lists}份、事项{made.items}项、"
                          f"任务{made.tasks}次。")

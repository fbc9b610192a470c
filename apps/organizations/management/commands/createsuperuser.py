from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "There are no superusers here; see create_first_administrator."

    def handle(self, *args, **options):
        """Refuse, and say what to do instead."""
        raise CommandError("这里没有超级用户。请运行 manage.py create_first_administrator。")

from django.core.management.base import BaseCommand, CommandError

from apps.core.act import SYSTEM
from apps.organizations import second_factor
from apps.organizations.lockout import normal_username
from apps.organizations.models import User


class Command(BaseCommand):
    help = ("Take the second factor of a person who has lost it; on the server only. Make sure "
            "that it is the person. The next login asks for another one where the post needs it.")

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="账号")

    def handle(self, *args, **options):
        """Refuse an unknown account and one without a factor."""
        user = User.objects.filter(username=normal_username(options["username"])).first()
        if user is None:
            raise CommandError(f"没有账号{options['username']}。")
        if not second_factor.is_enrolled(user):
            raise CommandError(f"{user.name}没有开启两步验证。")
        second_factor.reset(user=user, by=SYSTEM)
        self.stdout.write(f"{user.name}的两步验证已取消，各处登录都已退出。")

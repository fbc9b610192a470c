from apps.core.access import LOGGED_IN, requires
from apps.core.errors import NotAllowed


@requires(LOGGED_IN)
def no_first_password(request):
    """Where allauth sends an account without a password: it is given one by an administrator."""
    raise NotAllowed("这个账号还没有密码，请找管理员设置。")

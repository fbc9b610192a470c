"""All settings in one file, driven by environment variables.

Each variable is named in the table of README.md; `apps.core.checks` names a bad one
at start-up and `tests/test_conventions.py` keeps table and file in step.
"""

import sys
import tomllib
from datetime import datetime
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.secrets import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]
env = environ.Env()


def whole(name: str, default: int) -> int:
    """A whole number from the environment; ImproperlyConfigured names the variable."""
    text = env.str(name, default=str(default))
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def day_of_year(name: str, default: str) -> tuple[int, int]:
    """Month and day, written like 01-31; ImproperlyConfigured names the variable."""
    text = env.str(name, default=default)
    try:
        day = datetime.strptime(f"2023-{text}", "%Y-%m-%d")  # noqa: DTZ007 - no moment
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be month-day like 01-31, not {text!r}.") from None
    return day.month, day.day


def switch(name: str, *, default: bool) -> bool:
    """1 or 0 from the environment; a word that might mean either stops the start."""
    text = env.str(name, default="1" if default else "0").lower()
    if text not in ("1", "0", "true", "false", "on", "off", "yes", "no"):
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {text!r}.")
    return text in ("1", "true", "on", "yes")


def database() -> dict:
    """The database of DATABASE_URL: PostgreSQL or SQLite."""
    found = env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'fangzhen.sqlite3'}")
    if not found.get("ENGINE", "").endswith(("sqlite3", "postgresql")):
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///.")
    return found


TESTING = "pytest" in sys.modules
DEBUG = switch("DEBUG", default=False)
DEMO = switch("DEMO", default=TESTING)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var" / ("test" if TESTING else ""))))
SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret(DATA_DIR / "secret_key")
# Apart from SECRET_KEY, so that a new SECRET_KEY does not break the chain of old events.
AUDIT_KEY = env.str("AUDIT_KEY", default="") or kept_secret(DATA_DIR / "audit_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = env.list("TRUSTED_ORIGINS", default=[])
HTTPS = switch("HTTPS", default=False)

# --- figures that a site may want to change; sources in README.md -------------
SITE_NAME = env.str("SITE_NAME", default="云川市直机关工委")
SOON_WORKING_DAYS = whole("SOON_WORKING_DAYS", 5)
CORRECTION_WORKING_DAYS = whole("CORRECTION_WORKING_DAYS", 5)
EXTENSION_MAX_DAYS = whole("EXTENSION_MAX_DAYS", 60)
LEAVE_DAYS = whole("LEAVE_DAYS", 14)
YEAR_CLOSES_ON = day_of_year("YEAR_CLOSES_ON", "01-31")
CONFIRMATION_REQUIRED = switch("CONFIRMATION_REQUIRED", default=True)
LOGIN_TRIES = whole("LOGIN_TRIES", 5)
LOGIN_LOCK_MINUTES = whole("LOGIN_LOCK_MINUTES", 30)
LOGIN_ADDRESS_TRIES = whole("LOGIN_ADDRESS_TRIES", 20)
IDLE_MINUTES = whole("IDLE_MINUTES", 30)
IDLE_MINUTES_STAFF = whole("IDLE_MINUTES_STAFF", 15)
SESSION_HOURS = whole("SESSION_HOURS", 12)
PASSWORD_PROFILE = env.str("PASSWORD_PROFILE", default="dengbao3")
if PASSWORD_PROFILE not in ("dengbao3", "plain"):
    raise ImproperlyConfigured(
        f"PASSWORD_PROFILE must be dengbao3 or plain, not {PASSWORD_PROFILE!r}.")
PASSWORD_LENGTH = whole("PASSWORD_LENGTH", 8)
PASSWORD_LENGTH_STAFF = whole("PASSWORD_LENGTH_STAFF", 12)
PASSWORD_DAYS = whole("PASSWORD_DAYS", 90)
PASSWORD_HISTORY = whole("PASSWORD_HISTORY", 5)
RESET_HOURS = whole("RESET_HOURS", 24)
SECOND_FACTOR_REQUIRED = switch("SECOND_FACTOR_REQUIRED", default=True)
TRUSTED_PROXIES = whole("TRUSTED_PROXIES", 0)
UPLOAD_FILE_MB = whole("UPLOAD_FILE_MB", 20)
UPLOAD_REPORT_MB = whole("UPLOAD_REPORT_MB", 100)
DRAFT_KEEP_DAYS = whole("DRAFT_KEEP_DAYS", 180)
TASK_KEEP_DAYS = whole("TASK_KEEP_DAYS", 30)
LOAD_BRANCH_OCCURRENCES = whole("LOAD_BRANCH_OCCURRENCES", 50)
LOAD_BRANCH_ENTRIES = whole("LOAD_BRANCH_ENTRIES", 30)
LOAD_UNIT_OCCURRENCES = whole("LOAD_UNIT_OCCURRENCES", 120)
LOAD_UNIT_ENTRIES = whole("LOAD_UNIT_ENTRIES", 60)

INSTALLED_APPS = [
    "apps.dashboard",
    "apps.checklists",
    "apps.duties",
    "apps.organizations",
    "apps.core",
    "apps.dashboard.admin_app.CommitteeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "django_htmx",
    "treebeard",
    "django_tasks",
    "django_tasks_db",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.middleware.RequestLog",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.organizations.middleware.Sessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.organizations.middleware.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.dashboard.context.chrome",
            ],
        },
    },
]

# --- data ---------------------------------------------------------------------
DATABASES = {"default": database()}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer waits for its turn at BEGIN instead of failing in the middle.
    # FULL: an acknowledged report survives a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
        "PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# In the database, because the counters of bad tries belong to all workers together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond its limit a cache throws entries away, locks of accounts among them: room for
        # far more than the tries that LOGIN_ADDRESS_TRIES lets through within a lock.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
if TESTING:
    TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- files --------------------------------------------------------------------
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(DATA_DIR / "files"), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY", default=""),
            "secret_key": env.str("S3_SECRET_KEY", default=""),
        },
    }
if TESTING or DEBUG:
    STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- language and time ----------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
USE_I18N = True  # Django's and allauth's own texts come in Chinese; ours are the source.
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- login ----------------------------------------------------------------------
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = ["apps.organizations.login.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard:todo"
ACCOUNT_ADAPTER = "apps.organizations.login.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_FORMS = {
    "login": "apps.organizations.forms.LoginForm",
    "change_password": "apps.organizations.forms.ChangePasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": f"{LOGIN_TRIES}/{LOGIN_LOCK_MINUTES}m/key",
    "login_address": f"{LOGIN_ADDRESS_TRIES}/m/ip",
    "reset_link": "20/m/ip",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
# This session stays; apps.organizations.accounts ends the person's others.
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "apps.organizations.second_factor.Adapter"
MFA_FORMS = {
    "authenticate": "apps.organizations.forms.CodeForm",
    "reauthenticate": "apps.organizations.forms.CodeAgainForm",
    "activate_totp": "apps.organizations.forms.EnrolForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "方阵"
# A telephone whose clock is half a minute off still gets in; each code is good once all the same.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "apps.organizations.passwords.Length"},
    {"NAME": "apps.organizations.passwords.Kinds"},
    {"NAME": "apps.organizations.passwords.Guessable"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.organizations.passwords.Used"},
]
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "fz_session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "fz_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = False  # drafts.js reads it after a login in another tab

# --- what a browser may do --------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
CSRF_FAILURE_VIEW = "apps.core.errors_views.csrf_failure"

# --- libraries ----------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"


LOG_LEVEL = env.str("LOG_LEVEL", default="").upper()
if LOG_LEVEL not in ("", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
    raise ImproperlyConfigured(f"LOG_LEVEL must be a level of logging, not {LOG_LEVEL!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "apps.core.logs.JsonLine"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL or "WARNING"},
    "loggers": {"fangzhen": {"level": LOG_LEVEL or "INFO"}},
}

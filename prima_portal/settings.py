"""All settings, from the environment (`.env.example` lists them).

With DEBUG off, a missing or unsafe value stops the start and says which one it is.
"""

from datetime import timedelta
from pathlib import Path

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from prima_portal.failures import tell_failures
from prima_portal.logs import configure_structlog, logging_config
from prima_portal.retention import retention_months
from prima_portal.schedule import BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DEVELOPMENT = env.bool("DEBUG", default=False)
# Django's own pages for errors would stand in for ours, and keep every query in memory: apart.
DEBUG = DEVELOPMENT and env.bool("DEBUG_PAGES", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

DATABASES = {"default": env.db("DATABASE_URL")}
DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
# Triggers ask for this setting at every row. Where it is missing, pgtrigger's function raises and catches an error,
# and PostgreSQL walks all deferred constraint checks of the transaction each time: a long import would crawl.
DATABASES["default"]["OPTIONS"] = {
    "options": "-c pgtrigger.ignore={}",
    **DATABASES["default"].get("OPTIONS", {}),
}
# A statement of a web process that takes longer is ended, and the person is asked to try again.
DATABASE_TIMEOUT_SECONDS = env.int("DATABASE_TIMEOUT_SECONDS", default=20)
REDIS_URL = env.str("REDIS_URL")

MIN_SECRET_LENGTH = 50
if not DEVELOPMENT:
    if len(SECRET_KEY) < MIN_SECRET_LENGTH or SECRET_KEY.startswith("django-insecure"):
        raise ImproperlyConfigured("SECRET_KEY: set a random value of at least 50 characters")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS: name the hosts that serve the portal, without *")
SECRET_KEY = SECRET_KEY or "development-only-" + "k" * MIN_SECRET_LENGTH
if "postgresql" not in DATABASES["default"].get("ENGINE", ""):
    raise ImproperlyConfigured("DATABASE_URL: the portal needs PostgreSQL")
if not REDIS_URL.startswith(("redis://", "rediss://")):
    raise ImproperlyConfigured("REDIS_URL: an address that begins with redis:// or rediss://")

INSTALLED_APPS = [
    "prima_portal.apps.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_celery_beat",
    "django_filters",
    "django_rich",
    "django_structlog",
    "django_tables2",
    "pghistory",
    "pgtrigger",
    "tree_queries",
    "audit",
    "accounts",
    "organization",
    "pillars",
    "assessments",
    "dashboards",
    "prima_portal.apps.PortalConfig",
]

MIDDLEWARE = [
    "prima_portal.middleware.ProbesMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "prima_portal.middleware.ResponseHeadersMiddleware",
    "prima_portal.middleware.ProblemsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "accounts.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "prima_portal.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "prima_portal.middleware.MethodPageMiddleware",
    "prima_portal.middleware.DatabaseAwayMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.TimeZoneMiddleware",
    "accounts.middleware.AccessMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "prima_portal.urls"
WSGI_APPLICATION = "prima_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "prima_portal.context_processors.portal",
            ],
        },
    },
]

# --- People and sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# OWASP's minimum for Argon2id; measured in docs/performance.md: the costliest request of the last evening.
PASSWORD_HASHERS = ["accounts.hashers.PortalArgon2Hasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ("username", "nip", "name")},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
] + [{"NAME": "accounts.validators.ContextWordsValidator", "OPTIONS": {}}]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.SignInForm",
    "change_password": "accounts.forms.ChangePasswordForm",  # nosec B105  # a path
    "reset_password": "accounts.forms.PasswordForgottenForm",  # nosec B105  # as above
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_PREVENT_ENUMERATION = True
# allauth's own limits live in the cache and refuse everybody while Redis is away; axes counts in
# PostgreSQL. Per account and address: one colleague's typing mistakes must not lock an office.
ACCOUNT_RATE_LIMITS = False
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = AXES_ENABLE_ADMIN = False  # its lists would name people off the record
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_CLIENT_IP_CALLABLE = "accounts.addresses.place_of"
# Whoever mistakes the field types a password as a name: neither rows nor logs keep what was typed.
AXES_USERNAME_CALLABLE = "accounts.addresses.name_of"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "login", "csrfmiddlewaretoken"]
PROXY_COUNT = env.int("PROXY_COUNT", default=0)

# --- The second step

# Whoever a query here finds must have a second factor; so must operators. Queries of any app, by name,
# since accounts import none of those above them.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=not DEVELOPMENT)
SECOND_FACTOR_FOR = [
    "accounts.queries.duties_of",
    "organization.queries.posts_led_by",
    "organization.queries.mandates_of",
]
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PRIMA"

# --- Single sign-on (ADR 0017): off without an issuer

OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NIP_CLAIM = env.str("OIDC_NIP_CLAIM", default="nip")
OIDC_SCOPE = env.str("OIDC_SCOPE", default="openid profile")
OIDC_NAME = env.str("OIDC_NAME", default="SSO")
OIDC_TIMEOUT_SECONDS = 5
if OIDC_ISSUER:
    if not OIDC_CLIENT_ID or not OIDC_CLIENT_SECRET:
        raise ImproperlyConfigured("OIDC_ISSUER: set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, too")
    if not DEVELOPMENT and not OIDC_ISSUER.startswith("https://"):
        raise ImproperlyConfigured("OIDC_ISSUER: an address that begins with https://")
    if "openid" not in OIDC_SCOPE.split():
        raise ImproperlyConfigured("OIDC_SCOPE: must contain openid")

# --- Sessions

SESSION_ENGINE = "prima_portal.sessions"
# From sign-in to the end, whatever is done meanwhile; and without a request.
SESSION_COOKIE_AGE = 8 * 3600
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=3600)
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not DEVELOPMENT
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SESSION_COOKIE_NAME = "sessionid" if DEVELOPMENT else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEVELOPMENT else "__Host-csrftoken"
LANGUAGE_COOKIE_NAME = "language" if DEVELOPMENT else "__Host-language"
MESSAGE_STORAGE = "prima_portal.messages.MessageStorage"
CSRF_FAILURE_VIEW = "prima_portal.views.csrf_failure"

# --- Headers

SECURE_SSL_REDIRECT = not DEVELOPMENT
# Without a proxy in front, the header is the visitor's own word.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEVELOPMENT
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
_DEVICES = ("camera", "geolocation", "microphone", "payment", "usb")
PERMISSIONS_POLICY: dict[str, list[str]] = {name: [] for name in _DEVICES}
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024

# --- Language, place, time

LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="id")
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Jakarta")
USE_TZ = USE_I18N = USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["prima_portal.formats"]

# --- Monitoring

# Who scrapes /metrics sends it as a bearer token; without one the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

# --- Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "prima_portal.static.RememberingStaticFilesStorage",
        # Whoever gathers them is seldom the user that serves them; what people upload stays at 0600 (below).
        "OPTIONS": {"file_permissions_mode": 0o644},
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT
EVIDENCE_DIR = Path(env.str("EVIDENCE_DIR", default=str(BASE_DIR / "evidence")))
# host:port or the path of a socket of clamd; without one, evidence is not scanned.
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", default="")
# One file of evidence and what surrounds it; refused by its announced length, before a byte is read.
MAXIMUM_BODY_BYTES = 6 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
BACKUP_RECIPIENTS = env.list("BACKUP_RECIPIENTS", default=[])  # public keys of age

# --- Redis: disposable; a hung server may cost half a second and no more

REDIS_TIMEOUT_SECONDS = 0.5
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {
            "SOCKET_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            "SOCKET_CONNECT_TIMEOUT": REDIS_TIMEOUT_SECONDS,
            # Without Redis the cache is empty and rate limits pause; people still sign in.
            "IGNORE_EXCEPTIONS": True,
        },
    },
    # Parts of a page that are the same for everybody who reads its language, in each process.
    "template_fragments": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True

# --- Celery. The pending rows are the queue; the broker only makes them quicker (docs/architecture.md)

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A full Redis refuses a command of the worker itself: that ends the connection, not the worker.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "socket_timeout": REDIS_TIMEOUT_SECONDS,
    "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
    "retry_policy": {"timeout": 5.0},
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE

# --- Mail

vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = 5  # seconds
REMINDERS_PER_MINUTE = env.int("REMINDERS_PER_MINUTE", default=1_000)
# Where links in mail lead: never the Host that a request names.
own_address = (
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}"
    if not DEVELOPMENT
    else f"http://localhost:{env.str('PORT', '8000')}"
)
PORTAL_URL = env.str("PORTAL_URL", default=own_address).rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PRIMA <prima@contoh.invalid>")

# --- Pages

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BRAND = env.str("BRAND", default="daerah")
ORGANIZATION_NAME = env.str("ORGANIZATION_NAME", default="Pemerintah Provinsi Contoh")
HELP_CONTACT = env.str("HELP_CONTACT", default="bantuan-prima@contoh.invalid")

# --- Row history (ADR 0020): a reference of a history row is a number, found by no index

PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- How long personal data is kept, in months (docs/data.md). `migrate` writes it where the database reads it

RETENTION_MONTHS = retention_months(env)

# --- Small groups (docs/security.md)

MIN_GROUP = env.int("MIN_GROUP", default=5)
MIN_GROUP_TEXT = env.int("MIN_GROUP_TEXT", default=max(10, MIN_GROUP))
if not 2 <= MIN_GROUP <= MIN_GROUP_TEXT:
    raise ImproperlyConfigured("MIN_GROUP: at least 2, and MIN_GROUP_TEXT no less than MIN_GROUP")

# --- Logs

LOGGING = logging_config(level=env.str("LOG_LEVEL", default="INFO"), readable=DEVELOPMENT)
configure_structlog()
tell_failures(env.str("SENTRY_DSN", default=""))
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# The library would ask the database who it is at the end of every request; the gate already knows.
DJANGO_STRUCTLOG_USER_ID_FIELD = None
# It would believe any header that names an address, and search for ten of them: ResponseHeadersMiddleware says it.
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False

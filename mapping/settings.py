"""Settings of the site. What differs from machine to machine comes from ``env.py``."""

from mapping import env

BASE_DIR = env.ROOT
DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY
ALLOWED_HOSTS = (
    [*env.ALLOWED_HOSTS, "localhost", "127.0.0.1"] if DEBUG or env.DEMONSTRATION else env.ALLOWED_HOSTS
)

SITE_NAME = env.SITE_NAME
SITE_URL = env.SITE_URL
DEMONSTRATION = env.DEMONSTRATION
DEMONSTRATION_TODAY = env.DEMONSTRATION_TODAY
HELPDESK = {"phone": env.HELPDESK_PHONE, "hours": env.HELPDESK_HOURS, "email": env.HELPDESK_EMAIL}
FILES_DIR = env.FILES_DIR
MAIL_DIR = env.MAIL_DIR

INSTALLED_APPS = [
    "mapping.core",
    "accounts",
    "mapping.returns",
    "questionnaires",
    "finance",
    "reports",
    "mapping.helpdesk",
    "django.forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "import_export",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.TenancyMiddleware",
]

ROOT_URLCONF = "mapping.urls"
WSGI_APPLICATION = "mapping.wsgi.application"

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
                "accounts.context_processors.site",
                "mapping.returns.context_processors.bar",
            ],
            "builtins": ["mapping.core.templatetags.look"],
        },
    }
]
FORM_RENDERER = "mapping.core.forms.Renderer"

# "default" serves as the role ``app``; "owner" exists only where migrations run.
DATABASES = {
    "default": {
        **env.DATABASE_URL,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": env.DATABASE_POOL_SIZE, "timeout": 20}},
    }
}
if env.DATABASE_OWNER_URL:
    DATABASES["owner"] = {
        **env.DATABASE_OWNER_URL,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignUpForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# Beside allauth's own limits; many people of one council share an address of the network.
ACCOUNT_RATE_LIMITS = {
    "register": "60/h/ip",
    "organisation_request": "10/d/user",
    "invitation": "60/h/ip",
    "invite": "200/h/user",
    # A page of the sandbox saves each change; what one address can lay down there is bounded by the first.
    "sandbox_desk": "120/h/ip",
    "sandbox": "6000/h/ip",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = SITE_URL.startswith("http://localhost")

if MAIL_DIR:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    vars().update(env.EMAIL_URL)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.EMAIL_FROM

# Celery writes the address of a socket, and the number behind it, in its own way.
CELERY_BROKER_URL = env.REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/London"
CELERY_BEAT_SCHEDULE = {
    "deliver events that were not handled": {"task": "returns.deliver_events", "schedule": 30.0},
    "read long lists that wait": {"task": "returns.read_waiting_imports", "schedule": 30.0},
    "tell new leads of joint services": {"task": "returns.tell_new_leads", "schedule": 300.0},
    "send messages that wait": {"task": "accounts.send_waiting_messages", "schedule": 30.0},
    "check across organisations": {"task": "questionnaires.check_across", "schedule": 60.0},
    "compute figures that are out of date": {"task": "reports.compute_stale_figures", "schedule": 60.0},
    "go on with jobs about checks": {"task": "questionnaires.work_on_waiting_checks", "schedule": 30.0},
    "make figures of peers that are missing": {"task": "questionnaires.make_peer_ranges", "schedule": 600.0},
    "make documents that wait": {"task": "reports.make_waiting_documents", "schedule": 30.0},
    "make books of questions that are missing": {"task": "reports.make_missing_books", "schedule": 60.0},
}
# Who hears of what happens to a return. A lower layer writes the event, these tasks read it.
RETURN_EVENT_TASKS = ["reports.handle_return_event"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = env.STATIC_DIR
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
PERMISSIONS_POLICY = {"camera": [], "geolocation": [], "microphone": [], "payment": []}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if SITE_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Of X-Forwarded-For only what that proxy has added counts, so nobody chooses whose attempts are limited.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

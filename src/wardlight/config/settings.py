"""Django settings. Everything that differs between installations comes from the environment (docs/reference/settings.md)."""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from .environment import read_bool, read_database, read_int, read_list, read_text
from .home import home, secret_key
from .single_sign_on import single_sign_on
from .strict_templates import Undefined

HOME = home()
PACKAGE = Path(__file__).resolve().parents[1]
SECRET_KEY = secret_key()
DEBUG = read_bool("WARDLIGHT_DEBUG", default=False)
PORT = read_int("WARDLIGHT_PORT", 8000, low=1, high=65535)
ALLOWED_HOSTS = read_list("WARDLIGHT_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
HTTPS_ONLY = read_bool("WARDLIGHT_HTTPS", default=False)

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "wardlight.public_site",
    "wardlight.reports",
    "wardlight.assessment",
    "wardlight.measures",
    "wardlight.incidents",
    "wardlight.places",
    "wardlight.partners",
    "wardlight.govuk",
    "django.forms",  # after govuk, whose widget templates come first
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "wardlight.config.private_pages.PrivatePagesMiddleware",
    "wardlight.config.problem_views.RefusalMiddleware",
]

CSRF_FAILURE_VIEW = "wardlight.config.problem_views.expired"
ROOT_URLCONF = "wardlight.config.urls"
WSGI_APPLICATION = "wardlight.config.wsgi.application"
FORM_RENDERER = "wardlight.govuk.renderer.GovukRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wardlight.config.navigation.service",
            ],
            "string_if_invalid": Undefined() if read_bool("WARDLIGHT_STRICT_TEMPLATES", default=DEBUG) else "",
        },
    }
]

SQLITE_OPTIONS = {
    "timeout": 30,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA foreign_keys=ON;",
}
DATABASES = {"default": read_database(f"sqlite:///{(HOME / 'wardlight.sqlite3').as_posix()}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"},
}

AUTH_USER_MODEL = "partners.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "wardlight.partners.accounts.InvitationOnlyAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "wardlight.partners.account_forms.LoginForm",
    "reauthenticate": "wardlight.partners.account_forms.ReauthenticateForm",
    "change_password": "wardlight.partners.account_forms.ChangePasswordForm",
    "set_password": "wardlight.partners.account_forms.SetPasswordForm",
    "reset_password": "wardlight.partners.account_forms.ResetPasswordForm",
    "reset_password_from_key": "wardlight.partners.account_forms.ResetPasswordKeyForm",
}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_FORMS = {
    "authenticate": "wardlight.partners.account_forms.AuthenticateForm",
    "reauthenticate": "wardlight.partners.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "wardlight.partners.account_forms.ActivateAppForm",
    "add_webauthn": "wardlight.partners.account_forms.AddPasskeyForm",
}
MFA_TOTP_ISSUER = "Wardlight"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
# Plain names are for tests and for work on the front end: files are served from where they were built.
PLAIN_STATIC = read_bool("WARDLIGHT_PLAIN_STATIC", default=DEBUG)
WHITENOISE_USE_FINDERS = PLAIN_STATIC
STATIC_BACKEND = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if PLAIN_STATIC
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": HOME / "uploads"},
    },
    "staticfiles": {"BACKEND": STATIC_BACKEND},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

SINGLE_SIGN_ON = single_sign_on()
SOCIALACCOUNT_PROVIDERS = SINGLE_SIGN_ON.providers
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF, *SINGLE_SIGN_ON.origins],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
# The other hosts under a council's domain are not ours to bind, nor is a browser's preload list.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS_ONLY else []
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 60 * 60
X_FRAME_OPTIONS = "DENY"

EMAIL_HOST = read_text("WARDLIGHT_MAIL_HOST", "")
EMAIL_PORT = read_int("WARDLIGHT_MAIL_PORT", 587, low=1, high=65535)
EMAIL_HOST_USER = read_text("WARDLIGHT_MAIL_USER", "")
EMAIL_HOST_PASSWORD = read_text("WARDLIGHT_MAIL_PASSWORD", "")
EMAIL_USE_TLS = read_bool("WARDLIGHT_MAIL_TLS", default=True)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read_text("WARDLIGHT_MAIL_FROM", "wardlight@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'dummy'}.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}

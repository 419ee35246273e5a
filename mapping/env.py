"""Everything the site reads from its environment, typed, in one place; nothing else reads ``os.environ``."""

from datetime import date
from pathlib import Path

import environ

ROOT = Path(__file__).resolve().parent.parent

_env = environ.Env()

DEBUG: bool = _env.bool("DEBUG", default=False)
SECRET_KEY: str = _env.str("SECRET_KEY")
ALLOWED_HOSTS: list[str] = _env.list("ALLOWED_HOSTS", default=[])
SITE_URL: str = _env.str("SITE_URL", default="http://localhost:8000")
SITE_NAME: str = _env.str("SITE_NAME", default="Children's Services Mapping")

# The role "app" serves; the owner's address is set only where migrations run.
DATABASE_URL: dict = _env.db_url("DATABASE_URL")
DATABASE_OWNER_URL: dict | None = (
    _env.db_url("DATABASE_OWNER_URL") if "DATABASE_OWNER_URL" in _env.ENVIRON else None
)
DATABASE_POOL_SIZE: int = _env.int("DATABASE_POOL_SIZE", default=4)
REDIS_URL: str = _env.str("REDIS_URL")

FILES_DIR: Path = Path(_env.str("FILES_DIR", default=str(ROOT / ".dev" / "files")))
STATIC_DIR: Path = Path(_env.str("STATIC_DIR", default=str(ROOT / "staticfiles")))

# Outgoing mail: a server in production, a folder that a page of the site shows in the demonstration.
EMAIL_URL: dict = _env.email_url("EMAIL_URL", default="consolemail://")
MAIL_DIR: Path | None = Path(_env.str("MAIL_DIR")) if _env.str("MAIL_DIR", default="") else None
EMAIL_FROM: str = _env.str("EMAIL_FROM", default="Children's Services Mapping <help@mapping.example>")
HELPDESK_EMAIL: str = _env.str("HELPDESK_EMAIL", default="help@mapping.example")
HELPDESK_PHONE: str = _env.str("HELPDESK_PHONE", default="0808 157 0123")
HELPDESK_HOURS: str = _env.str("HELPDESK_HOURS", default="Monday to Friday 8:30 to 17:30")

# The demonstration moves the clock to this day and says on every page that its figures are invented.
DEMONSTRATION: bool = _env.bool("DEMONSTRATION", default=False)
DEMONSTRATION_TODAY: date = date.fromisoformat(_env.str("DEMONSTRATION_TODAY", default="2010-01-14"))

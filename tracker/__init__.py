"""Ba Rõ: the tracker with which a province follows how its plans are carried out. create_app() is a list of calls."""

from collections.abc import Mapping
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from tracker import cli, clock, config, database, extensions, language, models, views

__all__ = ["create_app", "models"]


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """Return the application, configured from the environment; `overrides` (tests) win. Raises ConfigError with a sentence."""
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.from_mapping(FIXED)
    app.config.from_mapping(config.load())
    app.config.from_mapping(overrides or {})
    clock.configure(app.config["TIME_ZONE"], app.config["REHEARSAL_DAY"])
    extensions.db.init_app(app)
    database.prepare(app)
    extensions.migrate.init_app(app, extensions.db, directory=str(config.ROOT / "migrations"), render_as_batch=True)
    extensions.csrf.init_app(app)
    language.prepare(app)
    views.prepare(app)
    cli.prepare(app)
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


FIXED: dict[str, Any] = {
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "SESSION_COOKIE_NAME": "baro",
    "PERMANENT_SESSION_LIFETIME": 8 * 3600,  # one working day; a closed browser ends it sooner
    "MAX_CONTENT_LENGTH": 1024 * 1024,
    "WTF_CSRF_TIME_LIMIT": None,  # the session's life is the limit
    "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,  # addresses of static files carry their content's hash
    "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True},
}

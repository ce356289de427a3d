"""Which language a page or a mail speaks: Vietnamese is the source, English the one translation."""

from flask import Flask, has_request_context, session

from tracker.config import ROOT
from tracker.extensions import babel

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


def prepare(app: Flask) -> None:
    """Configure gettext."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", app.config["TIME_ZONE"])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "translations"))
    babel.init_app(app, locale_selector=chosen)


def chosen() -> str:
    """Return the language of the person whose page this is; Vietnamese when nobody chose."""
    language = session.get("language") if has_request_context() else None
    return language if language in LANGUAGES else "vi"

"""Which language a page or a mail speaks: Vietnamese is the source, English the one translation."""

from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, session
from flask_babel import Domain, get_locale

from tracker.config import ROOT
from tracker.extensions import babel

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


class Catalogues(Domain):
    """The catalogues by language. Flask-Babel finds its way to one anew for every word; a page of fifty rows has hundreds."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._spoken: dict[str, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        found = self._spoken.get(locale.language)
        if found is None:
            found = self._spoken[locale.language] = super().get_translations()  # type: ignore[no-untyped-call]
        return found


def prepare(app: Flask) -> None:
    """Configure gettext."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", app.config["TIME_ZONE"])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "translations"))
    babel.init_app(app, locale_selector=chosen)
    babel.domain_instance = Catalogues()


def chosen() -> str:
    """Return the language of the person whose page this is; Vietnamese when nobody chose."""
    language = session.get("language") if has_request_context() else None
    return language if language in LANGUAGES else "vi"

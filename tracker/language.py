"""Which language a page or a mail speaks: Vietnamese is the source, English the one translation."""

from typing import Any

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, session
from flask_babel import Domain, get_locale
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from tracker.config import ROOT
from tracker.extensions import babel

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}


class Catalogues(Domain):
    """The catalogues by language. Flask-Babel finds its way to one anew for every word; a page of fifty rows has hundreds."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._spoken: dict[str, Translations | NullTranslations] = {}

    def get_translations(self) -> Translations | NullTranslations:
        language = _language()
        if not language:
            return NullTranslations()
        found = self._spoken.get(language)
        if found is None:
            found = self._spoken[language] = super().get_translations()  # type: ignore[no-untyped-call]
        return found


def prepare(app: Flask) -> None:
    """Configure gettext."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", app.config["TIME_ZONE"])
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", str(ROOT / "translations"))
    babel.init_app(app, locale_selector=chosen)
    babel.domain_instance = catalogues = Catalogues()
    app.jinja_env.globals.update(_of_templates(catalogues))


def _of_templates(catalogues: Catalogues) -> dict[str, Any]:
    """Return what templates call, shorter on the way to the catalogue than Jinja's own; the results are the same."""
    finished: dict[tuple[str, str, bool], str] = {}  # sentences without variables, by language: most of a page

    @pass_eval_context
    def gettext(where: EvalContext, sentence: str, /, **variables: Any) -> str:
        key = (_language(), sentence, bool(where.autoescape))
        if not variables and key in finished:
            return finished[key]
        said = catalogues.get_translations().ugettext(sentence)
        said = (Markup(said) if where.autoescape else said) % variables
        if not variables:
            finished[key] = said
        return said

    @pass_eval_context
    def ngettext(where: EvalContext, one: str, many: str, num: int, /, **variables: Any) -> str:
        said = catalogues.get_translations().ungettext(one, many, num)
        return (Markup(said) if where.autoescape else said) % {"num": num, **variables}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _language() -> str:
    """Return the language spoken now: where Flask-Babel keeps it, and only the first time by asking for it."""
    if not has_app_context():
        return ""
    kept = getattr(g.get("_flask_babel"), "babel_locale", None) or get_locale()
    return kept.language if kept else ""


def chosen() -> str:
    """Return the language of the person whose page this is; Vietnamese when nobody chose."""
    language = session.get("language") if has_request_context() else None
    return language if language in LANGUAGES else "vi"

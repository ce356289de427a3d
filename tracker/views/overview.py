from flask import Blueprint

blueprint = Blueprint("overview", __name__)


@blueprint.get("/overview")
def index() -> str:
    return ""

from flask import Blueprint

blueprint = Blueprint("indicator", __name__)


@blueprint.get("/indicator")
def index() -> str:
    return ""

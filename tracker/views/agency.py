from flask import Blueprint

blueprint = Blueprint("agency", __name__)


@blueprint.get("/agency")
def index() -> str:
    return ""

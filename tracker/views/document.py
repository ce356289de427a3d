from flask import Blueprint

blueprint = Blueprint("document", __name__)


@blueprint.get("/document")
def index() -> str:
    return ""

from flask import Blueprint

blueprint = Blueprint("reminder", __name__)


@blueprint.get("/reminder")
def index() -> str:
    return ""

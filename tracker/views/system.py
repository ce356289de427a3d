from flask import Blueprint

blueprint = Blueprint("system", __name__)


@blueprint.get("/system")
def index() -> str:
    return ""

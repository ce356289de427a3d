from flask import Blueprint

blueprint = Blueprint("admin", __name__)


@blueprint.get("/admin")
def index() -> str:
    return ""

from flask import Blueprint

blueprint = Blueprint("task", __name__)


@blueprint.get("/task")
def index() -> str:
    return ""

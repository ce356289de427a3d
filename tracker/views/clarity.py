from flask import Blueprint

blueprint = Blueprint("clarity", __name__)


@blueprint.get("/clarity")
def index() -> str:
    return ""

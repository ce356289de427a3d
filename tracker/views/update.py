from flask import Blueprint

blueprint = Blueprint("update", __name__)

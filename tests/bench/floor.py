"""What the server costs when the page costs nothing."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def nothing() -> str:
    return ""

"""For the machine in front of us: may this process get requests?"""

from flask import Blueprint, Response, jsonify

from tracker.extensions import db
from tracker.queries.health import short_check
from tracker.views.guard import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def index() -> tuple[Response, int]:
    findings = short_check(db.session())
    reasons = [finding.sentence for finding in findings if not finding.ok]
    checks = {finding.code: "ok" if finding.ok else "failed" for finding in findings}
    return jsonify(status="failed" if reasons else "ok", reasons=reasons, checks=checks), 503 if reasons else 200

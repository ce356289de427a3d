"""A file of evidence is handed out to whoever may read the report it belongs to, and only to be saved."""

from flask import Blueprint, abort, current_app, send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from tracker.errors import Refused
from tracker.extensions import db
from tracker.models import Evidence
from tracker.queries.evidence import path_of
from tracker.views.loaders import fits, reads_reports

blueprint = Blueprint("evidence", __name__)


@blueprint.get("/minh-chung/<int:evidence_id>")
def show(evidence_id: int) -> Response:
    piece = db.session.get(Evidence, evidence_id) if fits(evidence_id) else None
    if piece is None or piece.sha256 is None or not reads_reports(piece.task_id):
        abort(404)
    path = path_of(current_app.config["EVIDENCE"], piece.sha256)
    if not path.is_file():
        current_app.logger.error("the file of evidence %s is not at %s", piece.id, path)
        raise Refused(_("Tập tin này không còn trên máy chủ; xin báo quản trị của tỉnh kiểm tra bản sao lưu."))
    answer = send_file(
        path, mimetype=piece.media_type, as_attachment=True, download_name=piece.name, etag=False, conditional=False
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer

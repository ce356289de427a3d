"""All that one digest reminds of, as it stands now: where a mail leads that is too long to say everything."""

from flask import Blueprint, abort, render_template
from flask_login import current_user

from tracker import clock
from tracker.extensions import db
from tracker.messages.outbox import REMINDER_DIGEST
from tracker.messages.sections import whole_sections
from tracker.models import Message
from tracker.queries.digest import rows
from tracker.views.loaders import fits

blueprint = Blueprint("digest", __name__)


@blueprint.get("/thu-nhac/<int:message_id>")
def show(message_id: int) -> str:
    message = db.session.get(Message, message_id) if fits(message_id) else None
    if message is None or message.kind != REMINDER_DIGEST or message.recipient_id != current_user.id:
        abort(404)
    sections = whole_sections(rows(db.session(), message.id, clock.today()))
    return render_template("digest/show.html", message=message, sections=sections)

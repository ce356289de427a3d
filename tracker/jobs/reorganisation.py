"""Plans made ahead of their day are carried out when it has come, once every choice is made."""

from flask import current_app

from tracker import clock
from tracker.actions.succession import apply
from tracker.database import begin_writing
from tracker.errors import TrackerError
from tracker.extensions import db
from tracker.models import Reorganisation
from tracker.queries.reorganisation import ahead_of_time
from tracker.queries.reorganisation_outcome import outcome


def carry_out() -> str:
    """Carry out what is due, each plan in a transaction of its own; return how many and how many wait for a person. Commits.

    A plan that cannot be carried out stays planned: its page and `flask check` say why.
    """
    due = ahead_of_time(db.session(), clock.today())
    db.session.rollback()
    done = sum(_carry_out(plan_id) for plan_id in due)
    return f"carried out {done}, waiting {len(due) - done}"


def _carry_out(plan_id: int) -> bool:
    begin_writing()
    plan = db.session.get_one(Reorganisation, plan_id, populate_existing=True)
    try:
        apply(db.session(), None, plan, outcome(db.session(), plan).seen)
    except TrackerError as error:
        db.session.rollback()
        current_app.logger.info("reorganisation %s stays planned: %s", plan_id, error.sentence)
        return False
    db.session.commit()
    return True

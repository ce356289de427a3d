"""The documents: the list, and the page one reads with the state of what each clause ordered in its margin."""

import re

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from tracker import permissions
from tracker.extensions import db
from tracker.queries import clause as clauses
from tracker.queries import discrepancy, reporting
from tracker.queries import document as documents
from tracker.queries.clarity_counts import by_document
from tracker.queries.standing import DOCUMENT, counts
from tracker.views.as_of import past, requested_day

blueprint = Blueprint("document", __name__)
_NOT_IN_ANCHOR = re.compile(r"[^A-Za-z0-9đ]")


@blueprint.app_template_global()
def clause_anchor(code: str) -> str:
    """Return the id of a clause on the reading page: "dk-III-5--2" for III.5.-2."""
    return "dk-" + _NOT_IN_ANCHOR.sub("-", code)


@blueprint.app_template_global()
def clause_url(document_code: str, clause_code: str | None = None) -> str:
    """Return the address of a clause on the reading page, on the day this page speaks of."""
    anchor = clause_anchor(clause_code) if clause_code else None
    return url_for("document.show", code=document_code, on=request.args.get("on") or None, _anchor=anchor)


@blueprint.get("/van-ban")
def index() -> str:
    day = requested_day()
    found = documents.listed(db.session(), day)
    clear = {} if past(day) else by_document(db.session())
    return render_template("document/index.html", day=day, on=past(day), documents=found, clear=clear)


@blueprint.get("/van-ban/<string:code>")
def show(code: str) -> str:
    document = documents.find(db.session(), code) if code.isprintable() else None
    if document is None:
        abort(404)
    day = requested_day()
    disagreements = discrepancy.of_document(db.session(), document.id)
    passages = clauses.passages(db.session(), document.id, day, disagreements)
    orders = [order for passage in passages for order in passage.orders]
    return render_template(
        "document/show.html",
        document=document,
        day=day,
        on=past(day),
        passages=passages,
        orders=len(orders),
        dated=sum(order.due_on is not None for order in orders),
        whole=[entry for entry in disagreements if any(_of_all(side, document.id) for side in entry.sides)],
        contents=clauses.contents(passages),
        counts=counts(db.session(), day, DOCUMENT, document.id),
        links_of=documents.links(db.session(), document.id).get(document.id, ()),
        citations=documents.citations(db.session(), document.id),
        may_clarify=permissions.may_clarify(current_user),
        reporting_rule=reporting.rule_in_force(db.session(), document.id),
        clear=None if past(day) else by_document(db.session(), document.id).get(document.id),
    )


def _of_all(side: discrepancy.Side, document_id: int) -> bool:
    return side.document_id == document_id and side.clause_id is None

"""Of the events of a task: which are an agency's reports, what is said in them, and who may be shown it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tracker.words.days import dmy_of

REPORTS = frozenset(
    {"report_progress", "propose_completion", "ask_approval", "approve", "decline", "recall", "report_item"}
)
"""Verbs by which an agency says where its work stands; all others change or decide something."""

SAYING = frozenset({"report_progress", "propose_completion", "ask_approval"})
"""Of these the ones that make a report: there it is told what it says."""

# What was said, in this order, each after its label: facts of events, and the columns of a report.
DETAILS: dict[str, LazyString | str] = {
    "said": "",
    "done": "",
    "difficulty": _l("Vướng mắc:"),
    "proposal": _l("Đề xuất:"),
    "next_step": _l("Việc tiếp theo:"),
    "reason": _l("Lý do:"),
    "answer": _l("Trả lời:"),
}
CONTENTS = frozenset(
    {
        "progress",
        "done",
        "difficulty",
        "proposal",
        "next_step",
        "reason",
        "answer",
        "result_document",
        "files",
        "secret",
    }
)
"""Facts that only those who may read an agency's reports are told."""


def details(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (label, text) of what was said on the occasion, the label empty where the text speaks for itself."""
    told = [(str(label), str(facts[name])) for name, label in DETAILS.items() if facts.get(name)]
    if facts.get("result_on") and "result_document" in facts:
        number = facts["result_document"] or _("không ghi số")
        told.insert(
            0, ("", _("Kết quả ngày %(day)s, văn bản %(number)s", day=dmy_of(facts["result_on"]), number=number))
        )
    return told

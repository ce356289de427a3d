"""The filters of the list of tasks, read from the address: what is not understood gives a sentence and narrows nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from tracker import words
from tracker.queries.choices import TaskChoices
from tracker.queries.star import ANYBODY
from tracker.queries.task import SORTS, UNCLEAR, TaskFilters
from tracker.rules.folding import fold
from tracker.rules.timeliness import Timeliness

T = TypeVar("T")
LONGEST_TEXT = 200
FIELDS = (
    "q", "agency", "role", "document", "theme", "timeliness", "state", "kind", "from", "to", "person", "clarity", "star", "sort",
)  # fmt: skip


class TaskFilterForm:
    """`filters` is what was understood, `values` what the fields show again, `sentences` what was not understood.

    To a leader (`leader_id`) "followed" means by the leader, to everybody else by any leader.
    """

    def __init__(self, asked: MultiDict[str, str], choices: TaskChoices, leader_id: int | None = None) -> None:
        self.asked = asked
        self.sentences: list[str] = []
        self.values: dict[str, list[str]] = {}
        self.filters = TaskFilters(
            text=self._text(),
            agency_id=self._one("agency", {str(id): id for id, _name in choices.agencies}, _("Cơ quan")),
            role=self._one("role", {code: code for code in words.ASSIGNMENT_ROLE}, _("Vai trò")),
            document_id=self._one("document", {code: id for id, code, _name in choices.documents}, _("Văn bản")),
            theme_id=self._one("theme", {code: id for id, code, _name in choices.themes}, _("Lĩnh vực")),
            states=self._many("state", words.WORK_STATE, _("Trạng thái")),
            classes=tuple(Timeliness(code) for code in self._many("timeliness", words.TIMELINESS, _("Kết quả"))),
            kinds=self._many("kind", words.TASK_KIND, _("Loại")),
            due_from=self._day("from", _("Hạn từ ngày")),
            due_to=self._day("to", _("Hạn đến ngày")),
            person_id=self._one("person", {str(id): id for id, _name in choices.people}, _("Người phụ trách")),
            unclear=self._many("clarity", dict.fromkeys(UNCLEAR), _("Chưa rõ")),
            followed_by=self._one("star", {"1": leader_id or ANYBODY}, _("Theo dõi")),
            sort=self._one("sort", {code: code for code in SORTS}, _("Sắp xếp")) or SORTS[0],
        )
        if self.filters.due_from and self.filters.due_to and self.filters.due_from > self.filters.due_to:
            self.sentences.append(_("Khoảng thời hạn bị ngược: “từ ngày” sau “đến ngày”, nên không có nhiệm vụ nào."))

    def address(self) -> dict[str, list[str]]:
        """Return the parameters that lead to this very list."""
        return {name: self.values[name] for name in FIELDS if name in self.values}

    @property
    def deeper(self) -> int:
        """How many fields of the second sheet are in use."""
        return sum(name in self.values for name in ("timeliness", "state", "clarity", "from", "to", "person"))

    def _given(self, name: str) -> list[str]:
        return list(dict.fromkeys(value.strip() for value in self.asked.getlist(name) if value.strip()))

    def _text(self) -> str:
        text = " ".join(self._given("q"))
        if len(text) > LONGEST_TEXT:
            self.sentences.append(_("Chỉ tìm theo %(n)d ký tự đầu của chữ đã nhập.", n=LONGEST_TEXT))
            text = text[:LONGEST_TEXT]
        if text:
            self.values["q"] = [text]
        return fold(text)

    def _one(self, name: str, known: Mapping[str, T], label: str) -> T | None:
        given = self._many(name, known, label)
        if not given:
            return None
        self.values[name] = [given[-1]]
        return known[given[-1]]

    def _many(self, name: str, known: Mapping[str, object], label: str) -> tuple[str, ...]:
        given = self._given(name)
        self._ignore(label, [value for value in given if value not in known])
        understood = [value for value in given if value in known]
        if understood:
            self.values[name] = understood
        return tuple(understood)

    def _day(self, name: str, label: str) -> date | None:
        given = self._given(name)[-1:]
        try:
            found = [date.fromisoformat(value) for value in given]
        except ValueError:
            self._ignore(label, given)
            return None
        if found:
            self.values[name] = [found[0].isoformat()]
        return found[0] if found else None

    def _ignore(self, label: str, values: Sequence[str]) -> None:
        for value in values[:3]:
            self.sentences.append(
                _("%(filter)s: không có “%(value)s”, nên không lọc theo giá trị này.", filter=label, value=value[:40])
            )

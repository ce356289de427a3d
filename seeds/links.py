"""What one record says of another must be so: codes that exist, words that stand in the clause, deadlines that can be read."""

from collections.abc import Iterable, Mapping

from seeds.dataset import Dataset
from seeds.source import Record
from tracker.rules.deadlines import read_deadline
from tracker.rules.workdays import WorkCalendar

OUTSIDE_CLAUSES = ("TIEU_DE", "TEN", "NOI_NHAN", "CHU_KY")
"""Places of a document that are no clause: letterhead and stamp, title, recipients, signature."""

Codes = Mapping[str, Record]


class Known:
    """Every code of the seeds, and the record it stands for. Raises SeedError for a code given twice."""

    def __init__(self, dataset: Dataset) -> None:
        self.themes = _by("name", dataset.themes)
        self.agencies = _by("code", dataset.agencies)
        self.groups = _by("code", dataset.groups)
        self.systems = _by("code", dataset.systems)
        self.indicators = _by("code", dataset.indicators)
        self.documents = _by("code", [document["document"] for document in dataset.documents])
        self.tasks = _by("code", [row for document in dataset.documents for row in document.rows("tasks")])
        self.targets = _by("code", [row for document in dataset.documents for row in document.rows("targets")])
        self.clauses = {
            f"{document['document']['code']}:{code}": clause
            for document in dataset.documents
            for code, clause in _by("code", document.rows("clauses")).items()
        }


def check_links(dataset: Dataset) -> None:
    """Raise SeedError for the first record that points nowhere or quotes what is not written."""
    known = Known(dataset)
    _by("code", dataset.themes)
    _by("name", dataset.agencies)
    _by("code", dataset.discrepancies)
    for document in dataset.documents:
        _check_document(document, known)
    _check_days(dataset.days)
    for agency in dataset.agencies:
        _check_agency(agency, known)
    for group in dataset.groups:
        _exist(group, "agency", [group["agency"]], known.agencies, "cơ quan")
        _exist(group, "members", group.get("members") or [], known.agencies, "cơ quan")
    for system in dataset.systems:
        _check_system(system, known)
    for indicator in dataset.indicators:
        _check_indicator(indicator, known)
    for discrepancy in dataset.discrepancies:
        _check_sides(discrepancy, known)


def _by(key: str, records: Iterable[Record]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for record in records:
        if record[key] in found:
            raise record.wrong(f"“{record[key]}” đã có ở dòng {found[record[key]].line}.", key)
        found[record[key]] = record
    return found


def _exist(record: Record, key: str, codes: Iterable[str], known: Mapping[str, object], what: str) -> None:
    for code in codes:
        if code not in known:
            raise record.wrong(f"không có {what} nào là “{code}”.", key)


def _quoted(record: Record, key: str, words: str, clause: Record, code: str) -> None:
    if words not in clause["text"]:
        raise record.wrong(f"“{words}” không có trong điều khoản {code}.", key)


def _check_document(document: Record, known: Known) -> None:
    code = document["document"]["code"]
    clauses = {row["code"]: row for row in document.rows("clauses")}
    above: set[str] = set()
    for clause in document.rows("clauses"):
        _exist(
            clause,
            "parent",
            [clause["parent"]] if clause.get("parent") else [],
            dict.fromkeys(above),
            "khoản đứng trước",
        )
        above.add(clause["code"])
        for correction in clause.rows("corrections"):
            _quoted(correction, "as_written", correction["as_written"], clause, clause["code"])
    for key in ("legal_bases", "cited_documents", "implements"):
        for reference in document.rows(key):
            _exist(reference, "clause", [reference["clause"]], clauses, "điều khoản")
    for task in document.rows("tasks"):
        _belongs(task, code, clauses)
        _check_task(task, clauses, known)
    for target in document.rows("targets"):
        _belongs(target, code, clauses)
        _check_target(target, clauses[target["clause"]], known)


def _belongs(record: Record, document: str, clauses: Codes) -> None:
    _exist(record, "clause", [record["clause"]], clauses, "điều khoản")
    start = f"{document}:{record['clause']}"
    if record["code"] != start and not record["code"].startswith((f"{start}#", f"{start}@")):
        raise record.wrong(f"mã “{record['code']}” phải bắt đầu bằng “{start}”.", "code")


def _check_task(task: Record, clauses: Codes, known: Known) -> None:
    if task.get("excerpt"):
        _quoted(task, "excerpt", task["excerpt"], clauses[task["clause"]], task["clause"])
    _exist(task, "themes", task["themes"], known.themes, "lĩnh vực")
    for role in ("lead", "coordinating"):
        _exist(task, role, task.get(role) or [], known.agencies, "cơ quan")
        _exist(task, f"{role}_scope", task.get(f"{role}_scope") or [], known.groups, "nhóm cơ quan")
    _exist(task, "lead_clause", [task["lead_clause"]] if task.get("lead_clause") else [], clauses, "điều khoản")
    for item in task.rows("items"):
        _exist(item, "system", [item["system"]] if item.get("system") else [], known.systems, "hệ thống")
    own, inherited = task.get("deadline"), task.get("deadline_inherited")
    if own:
        _check_wording(own, clauses[task["clause"]], task["clause"], own["precision"])
    if inherited:
        _exist(inherited, "clause", [inherited["clause"]], clauses, "điều khoản")
        _check_wording(inherited, clauses[inherited["clause"]], inherited["clause"], None)


def _check_wording(deadline: Record, clause: Record, code: str, precision: str | None) -> None:
    _quoted(deadline, "wording", deadline["wording"], clause, code)
    reading = read_deadline(deadline["wording"], WorkCalendar())
    if reading.rule in ("unreadable", "year_missing") or (precision is None and reading.due_on is None):
        raise deadline.wrong(f"không đọc được thời hạn từ “{deadline['wording']}”.", "wording")
    if precision and reading.precision != precision:
        raise deadline.wrong(
            f"“{deadline['wording']}” đọc ra “{reading.precision}”, không phải “{precision}”.", "precision"
        )


def _check_target(target: Record, clause: Record, known: Known) -> None:
    _exist(target, "indicator", [target["indicator"]], known.indicators, "chỉ tiêu")
    _quoted(target, "raw", target["raw"], clause, target["clause"])
    numeric = target["value_type"] in ("percent", "count", "rank")
    for key in ("value", "comparator"):
        if (target.get(key) is not None) != numeric:
            raise target.wrong(f"chỉ tiêu có số phải có “{key}”, chỉ tiêu không có số thì không.", key)
    if target["code"] not in known.indicators[target["indicator"]]["targets"]:
        raise target.wrong(f"chỉ tiêu “{target['indicator']}” không kể “{target['code']}” trong targets.", "indicator")


def _check_indicator(indicator: Record, known: Known) -> None:
    _exist(indicator, "targets", indicator["targets"], known.targets, "giá trị chỉ tiêu")
    for code in indicator["targets"]:
        if known.targets[code]["indicator"] != indicator["code"]:
            raise indicator.wrong(f"“{code}” thuộc chỉ tiêu “{known.targets[code]['indicator']}”.", "targets")


def _check_agency(agency: Record, known: Known) -> None:
    if agency["source"] != "document" and not agency.get("source_basis"):
        raise agency.wrong("cơ quan không được văn bản gọi tên phải có “source_basis”.", "source")
    for successor in agency.rows("successors"):
        _exist(successor, "to", [successor["to"]], known.agencies, "cơ quan")
    _check_mentions(agency, known)


def _check_system(system: Record, known: Known) -> None:
    _check_mentions(system, known)
    _exist(system, "tasks", system.get("tasks") or [], known.tasks, "nhiệm vụ")
    basis = system.get("state_basis")
    if (basis is None) != (system["state"] == "unknown"):
        raise system.wrong("trạng thái khác unknown phải có “state_basis”, unknown thì không.", "state")
    if basis:
        _exist(basis, "clause", [basis["clause"]], known.clauses, "điều khoản")
        _quoted(basis, "wording", basis["wording"], known.clauses[basis["clause"]], basis["clause"])


def _check_mentions(record: Record, known: Known) -> None:
    mentions = record.get("mentions") or Record(record.file, record.line)
    for document, places in mentions.items():
        _exist(mentions, document, [document], known.documents, "văn bản")
        inside = [f"{document}:{place}" for place in places if place not in OUTSIDE_CLAUSES]
        _exist(mentions, document, inside, known.clauses, "điều khoản")


def _check_sides(discrepancy: Record, known: Known) -> None:
    kinds: dict[str, Mapping[str, Record]] = {
        "document": known.documents, "clause": known.clauses, "task": known.tasks, "target": known.targets,
    }  # fmt: skip
    for side in discrepancy.rows("references"):
        given = [key for key in kinds if side.get(key)]
        if len(given) != 1:
            raise side.wrong("mỗi bên nêu đúng một trong: document, clause, task, target.")
        code = side[given[0]]
        _exist(side, given[0], [code], kinds[given[0]], "bản ghi")
        if side.get("wording") and given[0] != "document":
            place = code if given[0] == "clause" else f"{code.partition(':')[0]}:{kinds[given[0]][code]['clause']}"
            _quoted(side, "wording", side["wording"], known.clauses[place], place)


def _check_days(days: Iterable[Record]) -> None:
    _by("day", days)
    for row in days:
        if row["working"] and row["day"].weekday() < 5:
            raise row.wrong(f"{row['day']:%d/%m/%Y} vốn là ngày làm việc; chỉ thứ Bảy, Chủ nhật mới làm bù.", "day")

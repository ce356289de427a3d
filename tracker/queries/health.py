"""Is everything as it should be? `/healthz` asks the short list, `flask check` the long one."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, case, func, literal, or_, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tracker import clock, config
from tracker.errors import ConfigError
from tracker.models import FOREVER, AssignmentPeriod, Document, JobRun, Message, Tally, TaskPeriod
from tracker.queries.calendar import days_off, missing_year, work_calendar, years_needed
from tracker.queries.event_chain import first_broken, length
from tracker.queries.evidence import missing
from tracker.queries.reminder_policy import policies, unreadable
from tracker.queries.reorganisation import waiting_too_long
from tracker.queries.standing import AGENCY, COORDINATION, DOCUMENT, PROVINCE
from tracker.rules.office_hours import may_send
from tracker.rules.timeliness import RUNNING
from tracker.words.days import dmy

BEAT = timedelta(minutes=5)
CLAIM = timedelta(minutes=15)
QUEUE = timedelta(hours=1)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: a code for machines, whether it is well, and the sentence for people."""

    code: str
    ok: bool
    sentence: str


def short_check(session: Session) -> list[Finding]:
    """Return what decides whether this process should get requests; nothing in it is secret.

    A database that does not answer is the only finding then. A worker that never ran is none of the web server's business;
    one that ran and fell silent is.
    """
    answers = _database(session)
    if not answers.ok:
        return [answers]
    migrated = _migrated(session)
    return [answers, migrated, _beating(session, must_have_run=False)] if migrated.ok else [answers, migrated]


def full_check(session: Session) -> list[Finding]:
    """Return everything an administrator wants to know: also configuration, calendar, messages, and the counts recounted."""
    configured, mail = _configured()
    findings = [configured, *short_check(session)]
    if not all(finding.ok for finding in findings[1:3]):
        return findings
    return [
        *findings[:3], _beating(session, must_have_run=True), _calendar(session, clock.today()),
        _messages(session, mail), _tally(session), _chained(session), _evidence(session), _reorganised(session), _policy(session),
    ]  # fmt: skip


def _configured() -> tuple[Finding, bool]:
    """Return the finding, and whether there is a mail server to send to."""
    try:
        mail = bool(config.load()["SMTP_HOST"])
    except ConfigError as error:
        return Finding("configuration", False, error.sentence), False
    said = _("Cấu hình hợp lệ.") if mail else _("Cấu hình hợp lệ; chưa có máy chủ thư nên tin chờ trong nhật ký.")
    return Finding("configuration", True, said), mail


def _database(session: Session) -> Finding:
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        session.rollback()
        return Finding("database", False, _("Cơ sở dữ liệu không trả lời."))
    return Finding("database", True, _("Cơ sở dữ liệu trả lời."))


def _migrated(session: Session) -> Finding:
    present = set(MigrationContext.configure(session.connection()).get_current_heads())
    if present == _heads():
        return Finding("migrations", True, _("Cấu trúc cơ sở dữ liệu ở phiên bản mới nhất."))
    return Finding("migrations", False, _("Cấu trúc cơ sở dữ liệu chưa ở phiên bản mới nhất; hãy chạy flask prepare."))


@cache
def _heads() -> set[str]:
    return set(ScriptDirectory(str(config.ROOT / "migrations")).get_heads())


def _beating(session: Session, must_have_run: bool) -> Finding:
    """Return whether any job of the worker began or ended within 5 minutes."""
    latest = select(func.max(JobRun.started_at), func.max(JobRun.finished_at))
    moments = [moment for moment in session.execute(latest).one() if moment is not None]
    if not moments:
        return Finding("worker", not must_have_run, _("Bộ nhắc việc chưa chạy lần nào; khởi động bằng flask worker."))
    if clock.now() - max(moments) < BEAT:
        return Finding("worker", True, _("Bộ nhắc việc đang chạy."))
    return Finding("worker", False, _("Bộ nhắc việc im lặng quá 5 phút; hãy khởi động lại flask worker."))


def _calendar(session: Session, today: date) -> Finding:
    year = missing_year(session, today)
    if year is None:
        last = years_needed(today)[-1]
        said = _("Lịch năm %(year)s có %(n)s ngày nghỉ.", year=last, n=days_off(session, last))
        return Finding("calendar", True, said)
    sentence = _(
        "Lịch năm %(year)s mới có %(n)s ngày nghỉ; hãy nhập ngày nghỉ lễ, tết tại Quản trị, Lịch.", year=year,
        n=days_off(session, year),
    )  # fmt: skip
    return Finding("calendar", False, sentence)


def _messages(session: Session, mail: bool) -> Finding:
    """Stuck: claimed for over 15 minutes, or left waiting for an hour in which messages may leave."""
    now, calendar = clock.now(), work_calendar(session)
    hours = policies(session, clock.today()).province.hours
    stuck = [and_(Message.state == "claimed", Message.claimed_at < now - CLAIM)]
    if mail and all(may_send(clock.local(moment), calendar, hours) for moment in (now, now - QUEUE)):
        stuck.append(and_(Message.state == "queued", Message.not_before < now - QUEUE))
    query = select(func.count()).select_from(Message).where(Message.state.in_(("queued", "claimed")), or_(*stuck))
    count = session.execute(query).scalar_one()
    if count:
        return Finding("messages", False, _("%(n)s tin bị kẹt, chưa gửi được; xem trang Nhắc việc.", n=count))
    return Finding("messages", True, _("Không có tin nào bị kẹt."))


def _policy(session: Session) -> Finding:
    """Return whether the policy of reminders can be read; what cannot is replaced by the defaults, so that reminders go on."""
    wrong = unreadable(session, clock.today())
    if not wrong:
        return Finding("reminder_policy", True, _("Quy tắc nhắc việc đọc được."))
    codes = select(Document.code).where(Document.id.in_([row for row in wrong if row])).order_by(Document.code)
    whose = [_("toàn tỉnh")] * (None in wrong) + list(session.scalars(codes))
    sentence = _(
        "Quy tắc nhắc việc không đọc được, tạm dùng quy tắc mặc định: %(whose)s. Hãy lưu lại tại Quản trị, Quy tắc nhắc việc.",
        whose=", ".join(whose),
    )
    return Finding("reminder_policy", False, sentence)


def _tally(session: Session) -> Finding:
    kept: Counter[tuple[str, int, str, date]] = Counter()
    for scope, scope_id, bucket, effective_on, n in session.execute(
        select(Tally.scope, Tally.scope_id, Tally.clock, Tally.effective_on, Tally.n).where(Tally.n != 0)
    ):
        kept[scope, scope_id, bucket, effective_on] = n
    if kept == _recount(session):
        return Finding("tally", True, _("Số liệu đếm sẵn khớp với số đếm lại."))
    return Finding("tally", False, _("Số liệu đếm sẵn không khớp với số đếm lại; hãy chạy flask seed để đếm lại."))


def _chained(session: Session) -> Finding:
    """Return whether the log of events is whole: every hash anew, in order, to the end that was written down."""
    broken = first_broken(session)
    if broken is not None:
        return Finding("events", False, broken)
    n, end = length(session)
    said = _("Nhật ký gồm %(n)s sự kiện, chuỗi mã băm liền mạch, kết thúc bằng %(hash)s.", n=n, hash=end[:16])
    return Finding("events", True, said)


def _reorganised(session: Session) -> Finding:
    late = waiting_too_long(session, clock.today())
    if not late:
        return Finding(
            "reorganisations", True, _("Không phương án sắp xếp cơ quan nào quá ngày hiệu lực mà chưa thực hiện.")
        )
    first = late[0][1]
    sentence = _(
        "%(n)s phương án sắp xếp cơ quan đã tới ngày hiệu lực (sớm nhất %(day)s) mà chưa thực hiện; xem Quản trị, Sắp xếp.",
        n=len(late), day=dmy(first),
    )  # fmt: skip
    return Finding("reorganisations", False, sentence)


def _evidence(session: Session) -> Finding:
    """Return whether the file of every piece of evidence lies where it belongs."""
    lost = missing(session, current_app.config["EVIDENCE"])
    if lost:
        said = _(
            "%(n)s tập tin minh chứng không còn trên máy chủ; hãy lấy lại từ bản sao lưu. Mã băm đầu tiên: %(first)s.",
            n=len(lost), first=lost[0],
        )  # fmt: skip
        return Finding("evidence", False, said)
    return Finding("evidence", True, _("Mọi tập tin minh chứng đều còn trên máy chủ."))


def _recount(session: Session) -> Counter[tuple[str, int, str, date]]:
    counted: Counter[tuple[str, int, str, date]] = Counter()
    day = case((TaskPeriod.clock == RUNNING, TaskPeriod.effective_on), else_=literal(FOREVER))
    tasks = select(TaskPeriod.document_id, TaskPeriod.clock, day, func.count()).where(TaskPeriod.valid_to == FOREVER)
    for document_id, bucket, effective_on, n in session.execute(
        tasks.group_by(TaskPeriod.document_id, TaskPeriod.clock, day)
    ):
        counted[DOCUMENT, document_id, bucket, effective_on] += n
        counted[PROVINCE, 0, bucket, effective_on] += n
    period = AssignmentPeriod
    day = case((period.clock == RUNNING, period.effective_on), else_=literal(FOREVER))
    owed = select(period.role, period.agency_id, period.clock, day, func.count()).where(period.valid_to == FOREVER)
    for role, agency_id, bucket, effective_on, n in session.execute(
        owed.group_by(period.role, period.agency_id, period.clock, day)
    ):
        counted[AGENCY if role == "lead" else COORDINATION, agency_id, bucket, effective_on] += n
    return counted

"""Every table; importing this package makes the metadata complete."""

from tracker.models.agency import Agency, AgencyGroup, AgencyGroupMember, AgencyMention, Succession
from tracker.models.base import FOREVER, Base
from tracker.models.calendar import CalendarDay
from tracker.models.document import Clause, Document, DocumentReference
from tracker.models.event import Event
from tracker.models.indicator import Discrepancy, DiscrepancyReference, Indicator, Target
from tracker.models.message import JobRun, Message, Reminder
from tracker.models.report import ProgressReport
from tracker.models.system import InformationSystem, SystemMention, SystemTask
from tracker.models.task import (
    Assignment,
    AssignmentPeriod,
    Deadline,
    Tally,
    Task,
    TaskItem,
    TaskPeriod,
    TaskTheme,
    Theme,
)
from tracker.models.user import Role, SignInAttempt, User

__all__ = [
    "FOREVER",
    "Agency",
    "AgencyGroup",
    "AgencyGroupMember",
    "AgencyMention",
    "Assignment",
    "AssignmentPeriod",
    "Base",
    "CalendarDay",
    "Clause",
    "Deadline",
    "Discrepancy",
    "DiscrepancyReference",
    "Document",
    "DocumentReference",
    "Event",
    "Indicator",
    "InformationSystem",
    "JobRun",
    "Message",
    "ProgressReport",
    "Reminder",
    "Role",
    "SignInAttempt",
    "Succession",
    "SystemMention",
    "SystemTask",
    "Tally",
    "Target",
    "Task",
    "TaskItem",
    "TaskPeriod",
    "TaskTheme",
    "Theme",
    "User",
]

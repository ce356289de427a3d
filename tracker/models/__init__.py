"""Every table; importing this package makes the metadata complete."""

from tracker.models.agency import Agency, AgencyGroup, AgencyGroupMember, AgencyMention, LeaderInCharge, Succession
from tracker.models.base import FOREVER, Base
from tracker.models.calendar import CalendarDay
from tracker.models.contact import CalendarFeed, Contact, Mute, ZaloLink
from tracker.models.direction import Direction, DirectionReceipt, Star
from tracker.models.document import Clause, Document, DocumentReference
from tracker.models.event import Event, EventChain, Sighting, Submission
from tracker.models.evidence import Evidence
from tracker.models.extension import Extension
from tracker.models.handover import Acting, Handover, HandoverItem
from tracker.models.indicator import Discrepancy, DiscrepancyReference, Indicator, Target
from tracker.models.letter import UrgeLetter, UrgeLetterItem
from tracker.models.message import JobRun, MailPace, Message
from tracker.models.obstacle import Obstacle, ObstacleStep
from tracker.models.reminder import Acknowledgement, Reminder, ReminderHold, ReminderPolicy, ReminderRun, ReminderSkip
from tracker.models.reorganisation import Reorganisation, ReorganisationMove, ReorganisationPart
from tracker.models.report import Occurrence, ProgressReport, ReportingRule
from tracker.models.setting import Setting
from tracker.models.standing import AssignmentPeriod, Tally, TaskPeriod
from tracker.models.system import InformationSystem, SystemMention, SystemTask
from tracker.models.task import Assignment, Deadline, Task, TaskItem, TaskTheme, Theme
from tracker.models.user import Role, SignInAttempt, User
from tracker.models.zalo import ZaloEvent, ZaloToken

__all__ = [
    "FOREVER",
    "Acknowledgement",
    "Acting",
    "Agency",
    "AgencyGroup",
    "AgencyGroupMember",
    "AgencyMention",
    "Assignment",
    "AssignmentPeriod",
    "Base",
    "CalendarDay",
    "CalendarFeed",
    "Clause",
    "Contact",
    "Deadline",
    "Direction",
    "DirectionReceipt",
    "Discrepancy",
    "DiscrepancyReference",
    "Document",
    "DocumentReference",
    "Event",
    "EventChain",
    "Evidence",
    "Extension",
    "Handover",
    "HandoverItem",
    "Indicator",
    "InformationSystem",
    "JobRun",
    "LeaderInCharge",
    "MailPace",
    "Message",
    "Mute",
    "Obstacle",
    "ObstacleStep",
    "Occurrence",
    "ProgressReport",
    "Reminder",
    "ReminderHold",
    "ReminderPolicy",
    "ReminderRun",
    "ReminderSkip",
    "Reorganisation",
    "ReorganisationMove",
    "ReorganisationPart",
    "ReportingRule",
    "Role",
    "Setting",
    "Sighting",
    "SignInAttempt",
    "Star",
    "Submission",
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
    "UrgeLetter",
    "UrgeLetterItem",
    "User",
    "ZaloEvent",
    "ZaloLink",
    "ZaloToken",
]

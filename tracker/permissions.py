"""Who may do what: pure predicates over a person and the agencies concerned. Views ask before acting, templates before showing."""

from collections.abc import Collection

from tracker.models.user import Role, User

AGENCY_ROLES = frozenset({Role.OFFICER, Role.AGENCY_HEAD})
OVERSIGHT_ROLES = frozenset({Role.MONITOR, Role.STANDING_BODY, Role.LEADER})


def agency_of(user: User) -> int | None:
    """Return the agency whose work the person does; None for whoever oversees, reads or administers."""
    return user.agency_id if user.role in AGENCY_ROLES else None


def may_report(user: User, agency_id: int) -> bool:
    """Report progress or propose completion: officers and heads of the very agency that owes the assignment."""
    return user.role in AGENCY_ROLES and user.agency_id == agency_id


def may_decide(user: User) -> bool:
    """Confirm or return a result: the People's Committee Office."""
    return user.role == Role.MONITOR


def may_approve(user: User, head_ids: Collection[int]) -> bool:
    """Approve or decline a result before it goes to the Office: the agency's heads and who stands in (queries.acting.heads_of)."""
    return user.id in head_ids


def may_suspend(user: User) -> bool:
    """Pause, resume, drop, restore or reopen an assignment: the People's Committee Office."""
    return user.role == Role.MONITOR


def may_extend(user: User) -> bool:
    """Decide on a request for more time: the Office or a leader."""
    return user.role in {Role.MONITOR, Role.LEADER}


def may_answer(user: User, level: str) -> bool:
    """Answer an obstacle: the standing body at its level, the Office or a leader at that of the province."""
    return user.role in ({Role.STANDING_BODY} if level == "standing_body" else {Role.MONITOR, Role.LEADER})


def may_see_obstacles(user: User) -> bool:
    """Open the queue of obstacles: an agency its own, the standing body and those above it all."""
    return user.role in OVERSIGHT_ROLES or (user.role in AGENCY_ROLES and user.agency_id is not None)


def may_gather_obstacles(user: User) -> bool:
    """Open the list of what is beyond the standing body's authority: the standing body and those it reports to."""
    return user.role in OVERSIGHT_ROLES


def may_direct(user: User) -> bool:
    """Star a task and give directions: leaders of the province."""
    return user.role == Role.LEADER


def may_acknowledge(user: User, agency_id: int) -> bool:
    """Take in a direction addressed to the agency: its officers and heads."""
    return may_report(user, agency_id)


def may_name_people(user: User, agency_id: int) -> bool:
    """Name who answers for an assignment: the Office, the standing body, and the head of the agency that owes it."""
    return may_clarify(user) or (user.role == Role.AGENCY_HEAD and user.agency_id == agency_id)


def may_hand_over(user: User, agency_id: int | None) -> bool:
    """Hand over what a person of the agency holds, or say who stands in: its head, or an administrator."""
    return user.role == Role.ADMINISTRATOR or (user.role == Role.AGENCY_HEAD and user.agency_id == agency_id)


def may_appoint(user: User, person: User) -> bool:
    """Say who stands in for the person: as may_hand_over, and everybody in an agency for his or her own absence."""
    return may_hand_over(user, person.agency_id) or (user.id == person.id and user.agency_id is not None)


def may_see_stand_ins(user: User, agency_id: int) -> bool:
    """Open the list of who stands in for whom: the people of the agency, an administrator."""
    return user.role == Role.ADMINISTRATOR or user.agency_id == agency_id


def may_set_reporting(user: User) -> bool:
    """Say how often a document is reported on: the Office and the standing body."""
    return may_clarify(user)


def may_read_reports(user: User, agency_ids: Collection[int]) -> bool:
    """Read reports and difficulties: the task's lead and coordinating agencies, the Office, the standing body, leaders."""
    if user.role in OVERSIGHT_ROLES:
        return True
    return user.role in AGENCY_ROLES and user.agency_id in agency_ids


def may_clarify(user: User) -> bool:
    """Name a lead, a person or a date on a stated basis: the Office and the standing body."""
    return user.role in {Role.MONITOR, Role.STANDING_BODY}


def may_see_reminders(user: User) -> bool:
    """Read the message log and tomorrow's reminders."""
    return user.role in {Role.MONITOR, Role.STANDING_BODY, Role.LEADER, Role.ADMINISTRATOR}


def may_subscribe(user: User, scope: str) -> bool:
    """Have a private calendar address: of one's own work or of what one follows; of an agency, whoever works there."""
    return agency_of(user) is not None or (scope == "person" and user.role in OVERSIGHT_ROLES)


def may_see_urging(user: User, agency_ids: Collection[int]) -> bool:
    """Read how a task was urged: those who read the message log, and the people of an agency that has a part in it."""
    return may_see_reminders(user) or (user.role in AGENCY_ROLES and user.agency_id in agency_ids)


def may_see_urging_of(user: User, person_id: int) -> bool:
    """Read what a person was told and answered: those who read the message log, and the person."""
    return may_see_reminders(user) or user.id == person_id


def may_hold(user: User) -> bool:
    """Hold the reminders of an assignment for a time, or let them go out again: the People's Committee Office."""
    return user.role == Role.MONITOR


def may_write_letters(user: User) -> bool:
    """Draft, send and give up letters that urge an agency: the People's Committee Office."""
    return user.role == Role.MONITOR


def may_read_letters(user: User) -> bool:
    """Read every such letter, drafts too: those who oversee. An agency reads what was sent to it."""
    return user.role in OVERSIGHT_ROLES


def may_resend(user: User) -> bool:
    """Put a failed message back in the queue, or say that one of which nobody knew has arrived."""
    return user.role in {Role.MONITOR, Role.ADMINISTRATOR}


def may_administer(user: User) -> bool:
    """Accounts, agencies, calendar."""
    return user.role == Role.ADMINISTRATOR

"""The working life of an assignment: evidence, approval, extensions, obstacles, directions, people, agencies; a chained log.

Columns added to tables in use have a default in the database or may be empty, so that a program of the version before can
still write while the new one starts. Only naming a lead agency needs the new program.
"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

EVENT = sa.table(
    "event", sa.column("id", sa.Integer), sa.column("at", sa.DateTime(timezone=True)), sa.column("actor_id", sa.Integer),
    sa.column("verb", sa.String), sa.column("noun", sa.String), sa.column("noun_id", sa.Integer),
    sa.column("task_id", sa.Integer), sa.column("agency_id", sa.Integer), sa.column("facts", sa.JSON),
    sa.column("previous_hash", sa.String), sa.column("hash", sa.String),
)  # fmt: skip
REFUSAL = "the event log is append-only"
NOTHING_BEFORE = "0" * 64


def chain_the_events() -> None:
    """Give every event there is its hash, which continues that of the one before; the trigger that forbids it rests meanwhile."""
    bind = op.get_bind()
    postgresql = bind.dialect.name == "postgresql"
    op.execute("ALTER TABLE event DISABLE TRIGGER event_append_only" if postgresql else "DROP TRIGGER event_no_update")
    last_id, previous = 0, NOTHING_BEFORE
    for row in bind.execute(sa.select(EVENT).order_by(EVENT.c.id)).all():
        at = row.at.astimezone(UTC) if row.at.tzinfo else row.at.replace(tzinfo=UTC)
        said = [
            previous,
            at.isoformat(),
            row.actor_id,
            row.verb,
            row.noun,
            row.noun_id,
            row.task_id,
            row.agency_id,
            row.facts,
        ]
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        bind.execute(sa.update(EVENT).where(EVENT.c.id == row.id).values(previous_hash=previous, hash=digest))
        last_id, previous = row.id, digest
    chain = sa.table("event_chain", sa.column("id"), sa.column("last_event_id"), sa.column("hash"))
    bind.execute(sa.insert(chain).values(id=1, last_event_id=last_id, hash=previous))
    op.execute(
        "ALTER TABLE event ENABLE TRIGGER event_append_only"
        if postgresql
        else f"CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def tell_tasks_their_bases() -> None:
    """Write on every task what people gave it before: on what its lead and date rest, and whether every lead names a person."""
    given = "SELECT {column} FROM {table} WHERE task_id = task.id AND {told} ORDER BY id DESC LIMIT 1"
    for name, table, told in (
        ("lead", "assignment", "role = 'lead' AND origin = 'clarified'"),
        ("due", "deadline", "kind = 'assigned' AND assignment_id IS NULL AND valid_to = '9999-12-31'"),
    ):
        kind, text = (given.format(column=column, table=table, told=told) for column in ("basis_kind", "basis"))
        op.execute(
            f"UPDATE task SET {name}_basis_kind = ({kind}), {name}_basis = ({text}) "
            f"WHERE id IN (SELECT task_id FROM {table} WHERE {told})"
        )
    named = (
        "SELECT task_id FROM assignment WHERE role = 'lead' GROUP BY task_id HAVING count(*) = count(responsible_id)"
    )
    op.execute(f"UPDATE task SET has_responsible = true WHERE id IN ({named})")


def upgrade() -> None:
    op.create_table(
        "event_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_chain")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "acting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("acting_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["acting_id"], ["user.id"], name=op.f("fk_acting_acting_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_acting_made_by_id_user")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_acting_person_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acting")),
    )
    with op.batch_alter_table("acting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acting_acting_id"), ["acting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acting_person_id"), ["person_id"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_handover_agency_id_agency")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_handover_made_by_id_user")),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_handover_person_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_person_id"), ["person_id"], unique=False)

    op.create_table(
        "reorganisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("took_effect_on", sa.Date(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_by_id", sa.Integer(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["applied_by_id"], ["user.id"], name=op.f("fk_reorganisation_applied_by_id_user")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_reorganisation_made_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation")),
    )
    op.create_table(
        "reporting_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(), nullable=False),
        sa.Column("grace", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_reporting_rule_document_id_document")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name=op.f("fk_reporting_rule_set_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_rule")),
    )
    with op.batch_alter_table("reporting_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reporting_rule_document_id"), ["document_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("location", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_submission_user_id_user")),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_submission")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_at"), ["at"], unique=False)

    op.create_table(
        "direction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("answer_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["given_by_id"], ["user.id"], name=op.f("fk_direction_given_by_id_user")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_direction_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direction")),
    )
    with op.batch_alter_table("direction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_direction_task_id"), ["task_id"], unique=False)

    op.create_table(
        "reorganisation_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reorganisation_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_reorganisation_part_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
            name=op.f("fk_reorganisation_part_reorganisation_id_reorganisation"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["agency.id"], name=op.f("fk_reorganisation_part_successor_id_agency")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_part")),
    )
    with op.batch_alter_table("reorganisation_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorganisation_part_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reorganisation_part_reorganisation_id"), ["reorganisation_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_reorganisation_part_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_sighting_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sighting_user_id_user")),
        sa.PrimaryKeyConstraint("task_id", "user_id", name=op.f("pk_sighting")),
    )
    op.create_table(
        "star",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("starred_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_star_task_id_task")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_star_user_id_user")),
        sa.PrimaryKeyConstraint("task_id", "user_id", name=op.f("pk_star")),
    )
    op.create_table(
        "direction_receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["user.id"], name=op.f("fk_direction_receipt_acknowledged_by_id_user")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_direction_receipt_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_direction_receipt_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["direction_id"], ["direction.id"], name=op.f("fk_direction_receipt_direction_id_direction")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direction_receipt")),
        sa.UniqueConstraint(
            "direction_id", "assignment_id", name=op.f("uq_direction_receipt_direction_id_assignment_id")
        ),
    )
    with op.batch_alter_table("direction_receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_direction_receipt_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(
            "ix_direction_receipt_unread",
            ["agency_id", "id"],
            unique=False,
            sqlite_where=sa.text("acknowledged_at IS NULL"),
            postgresql_where=sa.text("acknowledged_at IS NULL"),
        )

    op.create_table(
        "handover_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_handover_item_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name=op.f("fk_handover_item_handover_id_handover")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_handover_item_task_id_task")),
        sa.ForeignKeyConstraint(["to_id"], ["user.id"], name=op.f("fk_handover_item_to_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover_item")),
    )
    with op.batch_alter_table("handover_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_item_handover_id"), ["handover_id"], unique=False)

    op.create_table(
        "obstacle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("raised_by_id", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("level_since", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_obstacle_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_obstacle_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["raised_by_id"], ["user.id"], name=op.f("fk_obstacle_raised_by_id_user")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_obstacle_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle")),
    )
    with op.batch_alter_table("obstacle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacle_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_obstacle_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(
            "ix_obstacle_open",
            ["level", "state", "due_on", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_index(batch_op.f("ix_obstacle_task_id"), ["task_id"], unique=False)

    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_occurrence_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_occurrence_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_occurrence_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("assignment_id", "due_on", name=op.f("uq_occurrence_assignment_id_due_on")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(
            "ix_occurrence_open",
            ["assignment_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_occurrence_task_id"), ["task_id"], unique=False)

    op.create_table(
        "reorganisation_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reorganisation_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("from_agency_id", sa.Integer(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_reorganisation_move_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["from_agency_id"], ["agency.id"], name=op.f("fk_reorganisation_move_from_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(
            ["reorganisation_id"],
            ["reorganisation.id"],
            name=op.f("fk_reorganisation_move_reorganisation_id_reorganisation"),
        ),
        sa.ForeignKeyConstraint(
            ["to_agency_id"], ["agency.id"], name=op.f("fk_reorganisation_move_to_agency_id_agency")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reorganisation_move_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorganisation_move")),
    )
    with op.batch_alter_table("reorganisation_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reorganisation_move_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reorganisation_move_reorganisation_id"), ["reorganisation_id"], unique=False
        )

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("request_document", sa.String(), nullable=True),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_document", sa.String(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("granted_effective_on", sa.Date(), nullable=True),
        sa.Column("deadline_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_extension_agency_id_agency")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_extension_asked_by_id_user")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_extension_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_extension_deadline_id_deadline")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_extension_decided_by_id_user")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_extension_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index("ix_extension_assignment_id", ["assignment_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extension_task_id"), ["task_id"], unique=False)
        batch_op.create_index(
            "uq_extension_waiting",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "obstacle_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("obstacle_id", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_obstacle_step_actor_id_user")),
        sa.ForeignKeyConstraint(["obstacle_id"], ["obstacle.id"], name=op.f("fk_obstacle_step_obstacle_id_obstacle")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obstacle_step")),
    )
    with op.batch_alter_table("obstacle_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_obstacle_step_obstacle_id"), ["obstacle_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_evidence_added_by_id_user")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_evidence_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["progress_report.id"], name=op.f("fk_evidence_report_id_progress_report")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_evidence_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_report_id"), ["report_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_task_id"), ["task_id"], unique=False)

    with op.batch_alter_table("agency_group_member", schema=None) as batch_op:
        batch_op.add_column(sa.Column("inherited_on", sa.Date(), nullable=True))

    with op.batch_alter_table("agency", schema=None) as batch_op:
        batch_op.add_column(sa.Column("needs_head_approval", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.add_column("assignment", sa.Column("named_agency_id", sa.Integer(), nullable=True))
    op.execute("UPDATE assignment SET named_agency_id = agency_id")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.alter_column("named_agency_id", existing_type=sa.Integer(), nullable=False)
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("head_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("head_basis_kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("head_basis", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_assignment_task_id_agency_id_role"), type_="unique")
        batch_op.create_index(batch_op.f("ix_assignment_head_id"), ["head_id"], unique=False)
        batch_op.create_unique_constraint(
            batch_op.f("uq_assignment_task_id_named_agency_id_role"), ["task_id", "named_agency_id", "role"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_named_agency_id_agency"), "agency", ["named_agency_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_merged_into_id_assignment"), "assignment", ["merged_into_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_assignment_head_id_user"), "user", ["head_id"], ["id"])

    with op.batch_alter_table("assignment_period", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("slips", sa.Integer(), nullable=False, server_default="0"))

    op.add_column("event", sa.Column("previous_hash", sa.String(), nullable=True))
    op.add_column("event", sa.Column("hash", sa.String(), nullable=True))
    op.create_index("ix_event_at", "event", ["at", "id"], unique=False)
    op.create_index("ix_event_actor_id", "event", ["actor_id", "at", "id"], unique=False)
    chain_the_events()

    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("proposal", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("next_step", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("period_start", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("period_end", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("occurrence_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approval", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("approved_by_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_progress_report_occurrence_id"), ["occurrence_id"], unique=False)
        batch_op.create_index("ix_progress_report_period", ["period_start", "assignment_id"], unique=False)
        batch_op.create_index(
            "uq_progress_report_open_proposal",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'completion' AND decision IS NULL"),
            postgresql_where=sa.text("kind = 'completion' AND decision IS NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_progress_report_occurrence_id_occurrence"), "occurrence", ["occurrence_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_progress_report_approved_by_id_user"), "user", ["approved_by_id"], ["id"]
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_basis_kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("lead_basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("due_basis_kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("due_basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("authority", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("authority_basis_kind", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("authority_basis", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("has_responsible", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("has_head", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("has_authority", sa.Boolean(), nullable=False, server_default=sa.false()))
        for part in ("responsible", "head", "authority"):
            batch_op.create_index(
                f"ix_task_unclear_{part}", ["id"], unique=False, sqlite_where=sa.text(f"has_{part} = 0"),
                postgresql_where=sa.text(f"NOT has_{part}"),
            )  # fmt: skip
        batch_op.create_index(
            "ix_task_unclear_product", ["id"], unique=False, sqlite_where=sa.text("deliverable IS NULL"),
            postgresql_where=sa.text("deliverable IS NULL"),
        )  # fmt: skip

    with op.batch_alter_table("task_period", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("slips", sa.Integer(), nullable=False, server_default="0"))

    tell_tasks_their_bases()


def downgrade() -> None:
    raise NotImplementedError(
        "what agencies have reported since would be lost: restore the backup taken before instead"
    )

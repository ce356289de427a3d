"""every table of the foundation"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REFUSAL = "the event log is append-only"


def forbid_changing_events() -> None:
    """Whatever the application does, a row of the log stays as it was written."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION refuse_event_change()"
        )
        op.execute(
            "CREATE TRIGGER event_never_emptied BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION refuse_event_change()"
        )
        return
    # INSERT OR REPLACE deletes the old row without asking the trigger of DELETE.
    op.execute(
        "CREATE TRIGGER event_no_replace BEFORE INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id) "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("collective", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_basis", sa.Text(), nullable=True),
        sa.Column("official_code", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("last_reported_on", sa.Date(), nullable=True),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_code")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "discrepancy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("consequence", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy")),
        sa.UniqueConstraint("code", name=op.f("uq_discrepancy_code")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("number_elsewhere", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_on_elsewhere", sa.Date(), nullable=True),
        sa.Column("issued_on_note", sa.Text(), nullable=True),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("issuer_note", sa.Text(), nullable=True),
        sa.Column("signer", sa.String(), nullable=True),
        sa.Column("signer_title", sa.String(), nullable=True),
        sa.Column("signer_note", sa.Text(), nullable=True),
        sa.Column("period", sa.String(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("in_force_basis", sa.Text(), nullable=False),
        sa.Column("source_file", sa.String(), nullable=True),
        sa.Column("source_text", sa.Text(), nullable=True),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("code", name=op.f("uq_document_code")),
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("code", name=op.f("uq_indicator_code")),
    )
    op.create_table(
        "information_system",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("state_basis", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("particulars", sa.JSON(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=True),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_system")),
        sa.UniqueConstraint("code", name=op.f("uq_information_system_code")),
    )
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_run")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_address_at", ["address", "at"], unique=False)
        batch_op.create_index("ix_sign_in_attempt_email_at", ["email", "at"], unique=False)

    op.create_table(
        "tally",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "scope_id", "clock", "effective_on", name=op.f("pk_tally")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("tally", schema=None) as batch_op:
        batch_op.create_index("ix_tally_running", ["scope", "clock", "effective_on"], unique=False)

    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
        sa.UniqueConstraint("code", name=op.f("uq_theme_code")),
    )
    op.create_table(
        "agency_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("members_known", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_group_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_group")),
        sa.UniqueConstraint("code", name=op.f("uq_agency_group_code")),
    )
    op.create_table(
        "clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("marker", sa.String(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=True),
        sa.Column("first_paragraph", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("corrections", sa.JSON(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_clause_document_id_document")),
        sa.ForeignKeyConstraint(["parent_id"], ["clause.id"], name=op.f("fk_clause_parent_id_clause")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
        sa.UniqueConstraint("document_id", "code", name=op.f("uq_clause_document_id_code")),
    )
    with op.batch_alter_table("clause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clause_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=False),
        sa.Column("took_effect_on", sa.Date(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_succession_agency_id_agency")),
        sa.ForeignKeyConstraint(["successor_id"], ["agency.id"], name=op.f("fk_succession_successor_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_succession")),
        sa.UniqueConstraint(
            "agency_id",
            "successor_id",
            "took_effect_on",
            name=op.f("uq_succession_agency_id_successor_id_took_effect_on"),
        ),
    )
    with op.batch_alter_table("succession", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_succession_successor_id"), ["successor_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("position", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("session_key", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_user_agency_id_agency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agency_group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_group_member_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["agency_group.id"], name=op.f("fk_agency_group_member_group_id_agency_group")
        ),
        sa.PrimaryKeyConstraint("group_id", "agency_id", name=op.f("pk_agency_group_member")),
    )
    with op.batch_alter_table("agency_group_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_group_member_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "agency_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_mention_agency_id_agency")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_agency_mention_clause_id_clause")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_agency_mention_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_mention")),
    )
    with op.batch_alter_table("agency_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agency_mention_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agency_mention_clause_id"), ["clause_id"], unique=False)

    op.create_table(
        "document_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("number_as_written", sa.String(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issuer", sa.String(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_document_reference_clause_id_clause")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_reference_document_id_document")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["document.id"], name=op.f("fk_document_reference_target_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_reference")),
        sa.UniqueConstraint(
            "document_id", "relation", "position", name=op.f("uq_document_reference_document_id_relation_position")
        ),
    )
    with op.batch_alter_table("document_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_reference_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_reference_target_id"), ["target_id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("body_html", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["user.id"], name=op.f("fk_message_recipient_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_day", ["day", "id"], unique=False)
        batch_op.create_index(
            "ix_message_open",
            ["state", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('queued', 'claimed')"),
            postgresql_where=sa.text("state IN ('queued', 'claimed')"),
        )
        batch_op.create_index(batch_op.f("ix_message_recipient_id"), ["recipient_id"], unique=False)

    op.create_table(
        "system_mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_system_mention_clause_id_clause")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_system_mention_document_id_document")),
        sa.ForeignKeyConstraint(
            ["system_id"], ["information_system.id"], name=op.f("fk_system_mention_system_id_information_system")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system_mention")),
    )
    with op.batch_alter_table("system_mention", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_system_mention_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_system_mention_system_id"), ["system_id"], unique=False)

    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("year_note", sa.Text(), nullable=True),
        sa.Column("scope", sa.String(), nullable=True),
        sa.Column("comparator", sa.String(), nullable=True),
        sa.Column("value", sa.Numeric(precision=16, scale=4), nullable=True),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("value_type", sa.String(), nullable=False),
        sa.Column("qualifier", sa.Text(), nullable=True),
        sa.Column("embedded_in_task", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_target_clause_id_clause")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_target_document_id_document")),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_target_indicator_id_indicator")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("code", name=op.f("uq_target_code")),
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_target_indicator_id"), ["indicator_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("short_title", sa.String(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("deliverable", sa.Text(), nullable=True),
        sa.Column("deliverable_basis_kind", sa.String(), nullable=True),
        sa.Column("deliverable_basis", sa.Text(), nullable=True),
        sa.Column("urgency", sa.String(), nullable=True),
        sa.Column("lead_wording", sa.Text(), nullable=True),
        sa.Column("lead_clause", sa.String(), nullable=True),
        sa.Column("lead_role", sa.String(), nullable=True),
        sa.Column("lead_scope", sa.JSON(), nullable=False),
        sa.Column("lead_label", sa.Text(), nullable=True),
        sa.Column("coordinating_label", sa.Text(), nullable=True),
        sa.Column("coordinating_wording", sa.Text(), nullable=True),
        sa.Column("coordinating_scope", sa.JSON(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("has_lead", sa.Boolean(), nullable=False),
        sa.Column("has_work", sa.Boolean(), nullable=False),
        sa.Column("has_time", sa.Boolean(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("seed_hash", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('task', 'solution', 'standing_duty')", name=op.f("ck_task_kind")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_task_clause_id_clause")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_task_document_id_document")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("code", name=op.f("uq_task_code")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index("ix_task_document_id", ["document_id", "position", "id"], unique=False)
        batch_op.create_index(
            "ix_task_unclear",
            ["id"],
            unique=False,
            sqlite_where=sa.text("has_lead = 0"),
            postgresql_where=sa.text("NOT has_lead"),
        )
        batch_op.create_index(
            "ix_task_unclear_time",
            ["id"],
            unique=False,
            sqlite_where=sa.text("has_time = 0"),
            postgresql_where=sa.text("NOT has_time"),
        )
        batch_op.create_index(
            "ix_task_unclear_work",
            ["id"],
            unique=False,
            sqlite_where=sa.text("has_work = 0"),
            postgresql_where=sa.text("NOT has_work"),
        )

    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("basis_kind", sa.String(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("responsible_basis_kind", sa.String(), nullable=True),
        sa.Column("responsible_basis", sa.Text(), nullable=True),
        sa.CheckConstraint("role IN ('lead', 'coordinate')", name=op.f("ck_assignment_role")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_assignment_agency_id_agency")),
        sa.ForeignKeyConstraint(["group_id"], ["agency_group.id"], name=op.f("fk_assignment_group_id_agency_group")),
        sa.ForeignKeyConstraint(["responsible_id"], ["user.id"], name=op.f("fk_assignment_responsible_id_user")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_assignment_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("task_id", "agency_id", "role", name=op.f("uq_assignment_task_id_agency_id_role")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_responsible_id"), ["responsible_id"], unique=False)

    op.create_table(
        "discrepancy_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("discrepancy_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("indicator_id", sa.Integer(), nullable=True),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_discrepancy_reference_clause_id_clause")),
        sa.ForeignKeyConstraint(
            ["discrepancy_id"], ["discrepancy.id"], name=op.f("fk_discrepancy_reference_discrepancy_id_discrepancy")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_discrepancy_reference_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicator.id"], name=op.f("fk_discrepancy_reference_indicator_id_indicator")
        ),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_discrepancy_reference_target_id_target")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_discrepancy_reference_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancy_reference")),
    )
    with op.batch_alter_table("discrepancy_reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_discrepancy_id"), ["discrepancy_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_target_id"), ["target_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_discrepancy_reference_task_id"), ["task_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("noun", sa.String(), nullable=False),
        sa.Column("noun_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_event_actor_id_user")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_event_agency_id_agency")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_event_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_noun", ["noun", "noun_id", "id"], unique=False)
        batch_op.create_index("ix_event_task_id", ["task_id", "id"], unique=False)

    op.create_table(
        "system_task",
        sa.Column("system_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["system_id"], ["information_system.id"], name=op.f("fk_system_task_system_id_information_system")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_system_task_task_id_task")),
        sa.PrimaryKeyConstraint("system_id", "task_id", name=op.f("pk_system_task")),
    )
    with op.batch_alter_table("system_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_system_task_task_id"), ["task_id"], unique=False)

    op.create_table(
        "task_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("system_id", sa.Integer(), nullable=True),
        sa.Column("agency_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("basis_kind", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_task_item_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["system_id"], ["information_system.id"], name=op.f("fk_task_item_system_id_information_system")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_item_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_item")),
        sa.UniqueConstraint("task_id", "position", name=op.f("uq_task_item_task_id_position")),
    )
    with op.batch_alter_table("task_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_item_system_id"), ["system_id"], unique=False)

    op.create_table(
        "task_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("leads_done", sa.Integer(), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_task_period_document_id_document")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_period_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_period")),
    )
    with op.batch_alter_table("task_period", schema=None) as batch_op:
        batch_op.create_index(
            "ix_task_period_changed",
            ["valid_from", "task_id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index(
            "ix_task_period_clock",
            ["clock", "effective_on", "task_id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index(
            "ix_task_period_document",
            ["document_id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index("ix_task_period_history", ["task_id", "valid_from"], unique=False)
        batch_op.create_index(
            "ix_task_period_result",
            ["state", "result_on"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index(
            "ix_task_period_running",
            ["effective_on", "task_id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31' AND clock = 'running'"),
            postgresql_where=sa.text("valid_to = '9999-12-31' AND clock = 'running'"),
        )
        batch_op.create_index(
            "ix_task_period_timeless",
            ["task_id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31' AND clock = 'no_deadline'"),
            postgresql_where=sa.text("valid_to = '9999-12-31' AND clock = 'no_deadline'"),
        )
        batch_op.create_index(
            "uq_task_period_current",
            ["task_id"],
            unique=True,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )

    op.create_table(
        "task_theme",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_task_theme_task_id_task")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_task_theme_theme_id_theme")),
        sa.PrimaryKeyConstraint("task_id", "theme_id", name=op.f("pk_task_theme")),
    )
    with op.batch_alter_table("task_theme", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_theme_theme_id"), ["theme_id"], unique=False)

    op.create_table(
        "assignment_period",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_assignment_period_progress")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_assignment_period_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_period_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_assignment_period_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_period")),
    )
    with op.batch_alter_table("assignment_period", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assignment_period_agency",
            ["agency_id", "role", "effective_on", "id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index("ix_assignment_period_history", ["assignment_id", "valid_from"], unique=False)
        batch_op.create_index(
            "ix_assignment_period_running",
            ["effective_on", "id"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31' AND clock = 'running'"),
            postgresql_where=sa.text("valid_to = '9999-12-31' AND clock = 'running'"),
        )
        batch_op.create_index(
            "ix_assignment_period_state",
            ["state", "valid_from", "id", "role"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index(
            "ix_assignment_period_task",
            ["task_id", "role"],
            unique=False,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )
        batch_op.create_index(
            "uq_assignment_period_current",
            ["assignment_id"],
            unique=True,
            sqlite_where=sa.text("valid_to = '9999-12-31'"),
            postgresql_where=sa.text("valid_to = '9999-12-31'"),
        )

    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=True),
        sa.Column("precision", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("recurrence", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("basis_kind", sa.String(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_deadline_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_deadline_clause_id_clause")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_deadline_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
    )
    with op.batch_alter_table("deadline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deadline_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deadline_task_id"), ["task_id"], unique=False)

    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("done", sa.Text(), nullable=True),
        sa.Column("difficulty", sa.Text(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("result_document", sa.String(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_progress_report_agency_id_agency")),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_progress_report_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_progress_report_author_id_user")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_progress_report_decided_by_id_user")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_progress_report_task_id_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    with op.batch_alter_table("progress_report", schema=None) as batch_op:
        batch_op.create_index("ix_progress_report_agency_id_reported_on", ["agency_id", "reported_on"], unique=False)
        batch_op.create_index("ix_progress_report_assignment_id", ["assignment_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_progress_report_task_id"), ["task_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_reminder_assignment_id_assignment")
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reminder_message_id_message")),
        sa.ForeignKeyConstraint(["recipient_id"], ["user.id"], name=op.f("fk_reminder_recipient_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "assignment_id",
            "effective_on",
            "step",
            "recipient_id",
            name=op.f("uq_reminder_assignment_id_effective_on_step_recipient_id"),
        ),
    )
    with op.batch_alter_table("reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminder_message_id"), ["message_id"], unique=False)

    forbid_changing_events()


def downgrade() -> None:
    raise NotImplementedError("the first migration has nothing before it: start from an empty database instead")

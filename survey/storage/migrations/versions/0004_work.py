"""Work lists, personal links, observed meetings, queries and locks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("click", sa.String(length=24), nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_meeting_made_by")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_meeting_study_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_meeting_team_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_meeting_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("click", name=op.f("uq_meeting_click")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_meeting_study_id_code")),
    )
    op.create_index("ix_meeting_study_id", "meeting", ["study_id", "held_on"], unique=False)
    op.create_table(
        "consensus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_consensus_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consensus_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consensus")),
    )
    op.create_index("ix_consensus_meeting_id", "consensus", ["meeting_id", "unit"], unique=False)
    op.create_table(
        "meeting_observer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=True),
        sa.Column("fell_out_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_observer_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_meeting_observer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_observer")),
        sa.UniqueConstraint("meeting_id", "person_id", name=op.f("uq_meeting_observer_meeting_id_person_id")),
    )
    op.create_index("ix_meeting_observer_person_id", "meeting_observer", ["person_id"], unique=False)
    op.create_table(
        "step_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=28), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["corrects"], ["step_time.id"], name=op.f("fk_step_time_corrects")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_step_time_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_step_time_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_time")),
    )
    op.create_index("ix_step_time_meeting_id", "step_time", ["meeting_id", "person_id"], unique=False)
    op.create_table(
        "query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_query_response_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_query_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query")),
    )
    op.create_index("ix_query_response_id", "query", ["response_id"], unique=False)
    op.create_index("ix_query_study_id", "query", ["study_id", "status"], unique=False)
    op.create_table(
        "response_lock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_response_lock_person_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_response_lock_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_lock")),
    )
    op.create_index("ix_response_lock_response_id", "response_lock", ["response_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=12), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("appointment_at", MOMENT, nullable=True),
        sa.Column("response_id", sa.Integer(), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("dropped_at", MOMENT, nullable=True),
        sa.CheckConstraint("(participant_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_task_one_subject")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_task_meeting_id")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_task_participant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_task_person_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_task_response_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_task_study_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_task_team_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_task_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint(
            "meeting_id", "instrument", "person_id", name=op.f("uq_task_meeting_id_instrument_person_id")
        ),
        sa.UniqueConstraint(
            "wave_id", "instrument", "participant_id", name=op.f("uq_task_wave_id_instrument_participant_id")
        ),
    )
    op.create_index("ix_task_participant_id", "task", ["participant_id"], unique=False)
    op.create_index("ix_task_person_id", "task", ["person_id"], unique=False)
    op.create_index("ix_task_response_id", "task", ["response_id"], unique=False)
    op.create_index("ix_task_study_id", "task", ["study_id", "by", "closes_on"], unique=False)
    op.create_index(
        "uq_task_wave_id_instrument_person_id",
        "task",
        ["wave_id", "instrument", "person_id"],
        unique=True,
        sqlite_where=sa.text("meeting_id IS NULL"),
        postgresql_where=sa.text("meeting_id IS NULL"),
    )
    op.create_table(
        "personal_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("kiosk", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_personal_link_made_by")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_personal_link_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_link_token_hash")),
    )
    op.create_index("ix_personal_link_task_id", "personal_link", ["task_id"], unique=False)
    op.create_table(
        "query_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("query_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_query_remark_person_id")),
        sa.ForeignKeyConstraint(["query_id"], ["query.id"], name=op.f("fk_query_remark_query_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query_remark")),
    )
    op.create_index("ix_query_remark_query_id", "query_remark", ["query_id"], unique=False)
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("meeting_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mode", sa.String(length=12), server_default="signed_in", nullable=False))
        batch_op.add_column(sa.Column("locked_at", MOMENT, nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_response_wave_id_instrument_person_id"), type_="unique")
        batch_op.create_index(
            "uq_response_wave_id_instrument_person_id",
            ["wave_id", "instrument", "person_id"],
            unique=True,
            sqlite_where=sa.text("meeting_id IS NULL"),
            postgresql_where=sa.text("meeting_id IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_response_meeting_id_instrument_person_id"), ["meeting_id", "instrument", "person_id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_response_meeting_id"), "meeting", ["meeting_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_response_team_id"), "team", ["team_id"], ["id"])
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=True)


def downgrade() -> None:
    """What was added goes, with what stands in it; responses and their trail stay.

    Of a person who observed several meetings of one wave, the first record stays: there was room for one.
    """
    op.execute(
        "UPDATE visit SET person_id = (SELECT opened_by FROM response WHERE id = response_id) WHERE person_id IS NULL"
    )
    later = """SELECT r.id FROM response r WHERE r.meeting_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM response e WHERE e.id < r.id AND e.wave_id = r.wave_id
        AND e.instrument = r.instrument AND e.person_id = r.person_id)"""
    found = list(op.get_bind().execute(sa.text(later)).scalars())
    for table in ("query_remark", "query", "personal_link", "task", "response_lock", "step_time"):
        op.drop_table(table)
    for table in ("change", "visit", "event", "segment", "screen"):
        op.execute(sa.delete(sa.table(table)).where(sa.column("response_id").in_(found)))
    op.execute(sa.delete(sa.table("response")).where(sa.column("id").in_(found)))
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.INTEGER(), nullable=False)
    with op.batch_alter_table("response", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_response_team_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_response_meeting_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_response_meeting_id_instrument_person_id"), type_="unique")
        batch_op.drop_index(
            "uq_response_wave_id_instrument_person_id",
            sqlite_where=sa.text("meeting_id IS NULL"),
            postgresql_where=sa.text("meeting_id IS NULL"),
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_response_wave_id_instrument_person_id"), ["wave_id", "instrument", "person_id"]
        )
        batch_op.drop_column("locked_at")
        batch_op.drop_column("mode")
        batch_op.drop_column("meeting_id")
        batch_op.drop_column("team_id")
    for table in ("meeting_observer", "consensus", "meeting"):
        op.drop_table(table)

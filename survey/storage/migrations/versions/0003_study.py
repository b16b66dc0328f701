"""Protocols, teams and arms; where participants stand, what they agreed to, who they are; files handed out."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("format", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("losses", sa.Integer(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("superseded_at", MOMENT, nullable=True),
        sa.Column("superseded_why", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_download_person_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_download_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
    )
    op.create_index("ix_download_study_id", "download", ["study_id"], unique=False)
    op.create_table(
        "study_protocol",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("protocol", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("adopted_at", MOMENT, nullable=False),
        sa.Column("adopted_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["adopted_by"], ["person.id"], name=op.f("fk_study_protocol_adopted_by")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_protocol_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_protocol")),
        sa.UniqueConstraint("study_id", "version", name=op.f("uq_study_protocol_study_id_version")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_team_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_team_study_id_code")),
    )
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        sa.Column("arm", sa.String(length=20), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_allocation_participant_id")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_allocation_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_allocation_participant_id")),
        sa.UniqueConstraint("study_id", "stratum", "position", name=op.f("uq_allocation_study_id_stratum_position")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("purposes", sa.Text(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("keeps", sa.Boolean(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_consent_noted_by")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_consent_participant_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_consent_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_participant_id", "consent", ["participant_id"], unique=False)
    op.create_table(
        "contact_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_contact_attempt_participant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_contact_attempt_person_id")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_contact_attempt_wave_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempt")),
    )
    op.create_index("ix_contact_attempt_participant_id", "contact_attempt", ["participant_id"], unique=False)
    op.create_table(
        "identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("(participant_id IS NULL) <> (person_id IS NULL)", name=op.f("ck_identity_one_subject")),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_identity_changed_by")),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_identity_participant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_identity_participant_id")),
        sa.UniqueConstraint("person_id", name=op.f("uq_identity_person_id")),
    )
    op.create_table(
        "status_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name=op.f("fk_status_change_participant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_status_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    op.create_index("ix_status_change_participant_id", "status_change", ["participant_id"], unique=False)
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_membership_person_id_study_id_role"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_membership_person_id_study_id_role_team_id"), ["person_id", "study_id", "role", "team_id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_membership_team_id"), "team", ["team_id"], ["id"])
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("coach_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("interviewer_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("arm", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("needs_interpreter", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("status", sa.String(length=12), server_default="approached", nullable=False))
        batch_op.add_column(sa.Column("reason", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("round_off", sa.Date(), nullable=True))
        batch_op.create_index("ix_participant_study_id", ["study_id", "status"], unique=False)
        batch_op.create_index("ix_participant_team_id", ["team_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_participant_team_id"), "team", ["team_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_participant_interviewer_id"), "person", ["interviewer_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_participant_coach_id"), "person", ["coach_id"], ["id"])
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.add_column(sa.Column("seed", sa.BigInteger(), nullable=True))
    # Who was interviewed takes part.
    op.execute("UPDATE participant SET status = 'active' WHERE id IN (SELECT participant_id FROM response)")


def downgrade() -> None:
    """What was added goes, with what stands in it; participants stay."""
    for table in (
        "status_change",
        "identity",
        "contact_attempt",
        "consent",
        "allocation",
        "study_protocol",
        "download",
    ):
        op.drop_table(table)
    op.execute(
        "DELETE FROM membership WHERE EXISTS (SELECT 1 FROM membership o WHERE o.id < membership.id"
        " AND o.person_id = membership.person_id AND o.study_id = membership.study_id AND o.role = membership.role)"
    )
    with op.batch_alter_table("study", schema=None) as batch_op:
        batch_op.drop_column("seed")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_participant_coach_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_participant_interviewer_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_participant_team_id"), type_="foreignkey")
        batch_op.drop_index("ix_participant_team_id")
        batch_op.drop_index("ix_participant_study_id")
        batch_op.drop_column("round_off")
        batch_op.drop_column("reason")
        batch_op.drop_column("status")
        batch_op.drop_column("needs_interpreter")
        batch_op.drop_column("arm")
        batch_op.drop_column("interviewer_id")
        batch_op.drop_column("coach_id")
        batch_op.drop_column("team_id")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_membership_team_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_membership_person_id_study_id_role_team_id"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_membership_person_id_study_id_role"), ["person_id", "study_id", "role"]
        )
        batch_op.drop_column("team_id")
    op.drop_table("team")

"""Interpreters, languages on the page, participants' screens, and translators' work."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Columns are added in place: copying these tables would take long, and would break what points to them.
    op.add_column("response", sa.Column("layout", sa.String(length=12), nullable=False, server_default="both"))
    op.add_column("response", sa.Column("segment", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("visit", sa.Column("segment", sa.Integer(), nullable=True))
    op.add_column("visit", sa.Column("layout", sa.String(length=12), nullable=True))
    op.create_table(
        "segment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("interpreter", sa.String(length=12), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=True),
        sa.Column("same", sa.String(length=12), nullable=True),
        sa.Column("others", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("promised", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_segment_person_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_segment_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_segment_response_id_number")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_event_person_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_event_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_response_id", "event", ["response_id"])
    op.create_table(
        "screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("code_until", MOMENT, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("joined_at", MOMENT, nullable=True),
        sa.Column("seen_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.Column("may_tap", sa.Boolean(), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_screen_made_by")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_screen_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_screen_code_hash")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_screen_link_hash")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_screen_key_hash")),
    )
    op.create_index("ix_screen_response_id", "screen", ["response_id"])
    op.create_table(
        "translation_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("context", sa.String(length=160), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("draft_1", sa.Text(), nullable=False),
        sa.Column("draft_2", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_translation_edit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation_edit")),
    )
    op.create_index("ix_translation_edit_language", "translation_edit", ["language", "context"])
    op.create_table(
        "recording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("context", sa.String(length=160), nullable=False),
        sa.Column("words_sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("sound", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recording_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
        sa.UniqueConstraint(
            "language", "context", "words_sha256", name=op.f("uq_recording_language_context_words_sha256")
        ),
    )


def downgrade() -> None:
    """What was added goes, with what stands in it; responses and their trail stay, without how they were relayed."""
    op.execute("DELETE FROM change WHERE part = 'relay'")
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, document FROM response WHERE document LIKE '%relay%'")).all():
        kept = {part: values for part, values in json.loads(row.document).items() if part != "relay"}
        document = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        connection.execute(
            sa.text("UPDATE response SET document = :new WHERE id = :id"), {"new": document, "id": row.id}
        )
    for table in ("recording", "translation_edit", "screen", "event", "segment"):
        op.drop_table(table)
    for table, columns in (("visit", ("layout", "segment")), ("response", ("segment", "layout"))):
        for column in columns:
            op.drop_column(table, column)

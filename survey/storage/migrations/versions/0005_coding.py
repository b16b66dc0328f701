"""Codes given to passages of open answers, who is done with which answer, and quotes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "study_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_study_code_made_by")),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name=op.f("fk_study_code_study_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_code")),
        sa.UniqueConstraint("study_id", "code", name=op.f("uq_study_code_study_id_code")),
    )
    op.create_table(
        "coded_passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("beyond", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=28), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["person.id"], name=op.f("fk_coded_passage_coder_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_coded_passage_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coded_passage")),
    )
    op.create_index("ix_coded_passage_response_id", "coded_passage", ["response_id", "unit"], unique=False)
    op.create_table(
        "coded_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("coder_id", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.Column("reopened_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["coder_id"], ["person.id"], name=op.f("fk_coded_answer_coder_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_coded_answer_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coded_answer")),
    )
    op.create_index("ix_coded_answer_response_id", "coded_answer", ["response_id", "unit"], unique=False)
    op.create_table(
        "quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("anonymised", sa.Boolean(), nullable=False),
        sa.Column("marked_by", sa.Integer(), nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("removed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_quote_marked_by")),
        sa.ForeignKeyConstraint(["passage_id"], ["coded_passage.id"], name=op.f("fk_quote_passage_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
    )
    op.create_index("ix_quote_passage_id", "quote", ["passage_id"], unique=False)


def downgrade() -> None:
    """Codes, marks and quotes go; the answers stay."""
    for table in ("quote", "coded_answer", "coded_passage", "study_code"):
        op.drop_table(table)

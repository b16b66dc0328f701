"""Receipts and journals, the chain over the audit trail, second factors, and what came later than it was filled in."""

import datetime
import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(length=36), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("conflicting", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_receipt_person_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_receipt_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("response_id", "batch", name=op.f("uq_receipt_response_id_batch")),
    )
    op.create_table(
        "journal_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=12), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_journal_key_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_key")),
        sa.UniqueConstraint("response_id", "owner", name=op.f("uq_journal_key_response_id_owner")),
    )
    _second_factors()
    with op.batch_alter_table("visit") as table:
        table.add_column(sa.Column("received_at", MOMENT, nullable=True))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("initial_until", MOMENT, nullable=True))
    with op.batch_alter_table("sign_in_session") as table:
        table.add_column(sa.Column("factor", sa.String(length=12), nullable=True))
    with op.batch_alter_table("sign_in_failure") as table:
        table.add_column(sa.Column("address_hash", sa.String(length=64), nullable=True))
        table.create_index("ix_sign_in_failure_address_hash", ["address_hash", "at"])
    with op.batch_alter_table("audit_entry") as table:
        table.add_column(sa.Column("number", sa.Integer(), nullable=True))
        table.add_column(sa.Column("chain", sa.String(length=64), nullable=True))
        table.create_unique_constraint(op.f("uq_audit_entry_number"), ["number"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    _chain()


def _second_factors() -> None:
    op.create_table(
        "totp",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("master", sa.String(length=16), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_totp_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_totp")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("transports", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    op.create_index("ix_passkey_person_id", "passkey", ["person_id"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index("ix_recovery_code_person_id", "recovery_code", ["person_id"], unique=False)
    op.create_table(
        "oidc_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_oidc_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oidc_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_oidc_identity_issuer_subject")),
    )
    op.create_index("ix_oidc_identity_person_id", "oidc_identity", ["person_id"], unique=False)


def _chain() -> None:
    """Link what is on record already, as survey/storage/chain.py did when this was written."""
    connection = op.get_bind()
    entry = sa.table(
        "audit_entry",
        *(sa.column(name) for name in ("id", "person_id", "action", "details", "number", "chain")),
        sa.column("at", MOMENT),
    )
    number, chain, linked = 0, "", []
    columns = (entry.c.id, entry.c.at, entry.c.person_id, entry.c.action, entry.c.details)
    for entry_id, at, *rest in connection.execute(sa.select(*columns).order_by(entry.c.id)):
        number += 1
        aware = at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
        moment = aware.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        content = json.dumps([chain, number, moment, *rest], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        chain = hashlib.sha256(content.encode()).hexdigest()
        linked.append({"entry": entry_id, "number_": number, "chain_": chain})
    if linked:
        place = sa.update(entry).where(entry.c.id == sa.bindparam("entry"))
        connection.execute(place.values(number=sa.bindparam("number_"), chain=sa.bindparam("chain_")), linked)
    head = sa.table("audit_head", sa.column("id"), sa.column("number"), sa.column("chain"))
    connection.execute(sa.insert(head), {"id": 1, "number": number, "chain": chain})


def downgrade() -> None:
    """Receipts, the chain and second factors go; answers, their trail and the audit trail stay."""
    op.drop_table("audit_head")
    with op.batch_alter_table("audit_entry") as table:
        table.drop_constraint(op.f("uq_audit_entry_number"), type_="unique")
        table.drop_column("chain")
        table.drop_column("number")
    with op.batch_alter_table("sign_in_failure") as table:
        table.drop_index("ix_sign_in_failure_address_hash")
        table.drop_column("address_hash")
    with op.batch_alter_table("sign_in_session") as table:
        table.drop_column("factor")
    with op.batch_alter_table("person") as table:
        table.drop_column("initial_until")
    with op.batch_alter_table("visit") as table:
        table.drop_column("received_at")
    for one in ("oidc_identity", "recovery_code", "passkey", "totp", "journal_key", "receipt"):
        op.drop_table(one)

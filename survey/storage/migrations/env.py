"""Alembic's entry: runs the migrations over the engine that `Database` hands in."""

from alembic import context

from survey.storage.tables import Base

with context.config.attributes["engine"].connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()

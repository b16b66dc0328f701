"""Alembic's entry: runs the migrations over the engine that `Database` hands in."""

from alembic import context

from survey.storage.tables import Base

with context.config.attributes["engine"].connect() as connection:
    # SQLite changes a table by copying it; what points to the old one must not be looked at meanwhile.
    copies = connection.dialect.name == "sqlite"
    if copies:
        connection.connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if copies:
        connection.connection.execute("PRAGMA foreign_keys=ON")

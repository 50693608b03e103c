"""Alembic's entry: runs the migrations inside the transaction of the connection that was handed over. It opens no database itself."""

from alembic import context

from city.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()

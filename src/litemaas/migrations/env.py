"""Alembic's entry: runs the migrations on the connection that `upgrade.py` hands over."""

from alembic import context

from litemaas.migrations.revisions import VERSION_SCHEMA, VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    transaction_per_migration=True,
    version_table=VERSION_TABLE,
    version_table_schema=VERSION_SCHEMA,
)
with context.begin_transaction():
    context.run_migrations()

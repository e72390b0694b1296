"""Spend by label: what calls of a cost centre or a project used, added up by day as `daily_spend` is.

The ledger's labels get an index of their own, so that the calls of one cost centre are found among millions; calls
without labels are not in it.
"""

from litemaas.migrations.script import run_script

revision = "0011"
down_revision = "0010"

LABELS = """
CREATE TABLE daily_label_spend (
    day              date NOT NULL,
    name             text NOT NULL,
    value            text NOT NULL,
    requests         bigint NOT NULL,
    failed_requests  bigint NOT NULL,
    input_tokens     bigint NOT NULL,
    output_tokens    bigint NOT NULL,
    cost             numeric NOT NULL,
    PRIMARY KEY (day, name, value)
) WITH (fillfactor = 80);
INSERT INTO daily_label_spend
SELECT (started_at AT TIME ZONE 'UTC')::date, label.key, label.value, count(*), count(*) FILTER (WHERE status >= 400),
       sum(input_tokens), sum(output_tokens), sum(cost)
FROM ledger, jsonb_each_text(CASE WHEN jsonb_typeof(labels) = 'object' THEN labels END) AS label
GROUP BY 1, 2, 3;
CREATE INDEX ON ledger USING gin (labels jsonb_path_ops) WHERE labels IS NOT NULL;
"""


def upgrade() -> None:
    """Create the table and fill it from the ledger, which nobody writes meanwhile."""
    run_script("LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE")
    run_script(LABELS)

"""What calls did cost: the journal's record, the ledger, the daily rollups."""

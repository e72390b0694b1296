"""Virtual keys: issue, rotate, block, revoke."""

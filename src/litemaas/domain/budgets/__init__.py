"""Limits in money: accounts, periods, and the leases by which replicas share them."""

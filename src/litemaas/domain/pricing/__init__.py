"""Prices, and the only code that turns usage into cost."""

"""Banners: what admins tell everybody."""

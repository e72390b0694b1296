from support.portal import site

__all__ = ["site"]

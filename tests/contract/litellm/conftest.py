from support.management import api, platform

__all__ = ["api", "platform"]

"""People ask for models that they were not granted; admins decide."""

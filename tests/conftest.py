pytest_plugins = ["support.postgres"]

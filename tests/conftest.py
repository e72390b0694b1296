from hypothesis import HealthCheck, settings

pytest_plugins = ["support.postgres"]

# No test judges speed: on a busy machine an example takes as long as it takes.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

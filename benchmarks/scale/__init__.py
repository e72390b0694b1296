"""How LiteMaaS behaves with far more data than a test has: each script fills a database of its own and measures."""

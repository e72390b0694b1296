"""The management API for programs: LiteLLM's routes and shapes over our domain. One file per resource."""

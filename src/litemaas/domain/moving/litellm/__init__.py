"""Reading what LiteLLM holds: its `config.yaml` and its database. Names and rules are those of LiteLLM 1.81 to 1.109.

Its words stay in here; what leaves is rows of ours.
"""

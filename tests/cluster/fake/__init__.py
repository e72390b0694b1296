"""A Kubernetes or OpenShift cluster without machines: a stateful API server for the collection's tests.

It runs as a process of its own (`python -m cluster.fake`) and is driven by real clients. What it stores, validates and
answers follows the API server's rules, so that a playbook that works here is not surprised by a real cluster; its
controllers finish rollouts at once, or let them fail as a test asks through the control API (see `control`).

Where it is knowingly simpler than the real thing is said in the module concerned: one schema for all versions of a kind
(`managed_fields`), chunked lists without a snapshot (`listing`), no ReplicaSets, PersistentVolumes or EndpointSlices
(`controllers`), permissions by user instead of RBAC (`users`), no CEL rules, quotas, `exec` or port forwarding.
"""

"""Models that OpenShift AI serves in the cluster that we run in."""

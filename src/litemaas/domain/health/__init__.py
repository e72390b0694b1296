"""Whether deployments answer, as one replica finds out in the background for all."""

"""Who changed what, with before and after, and no secret."""

"""Who is logged in to the portal, and how they got in."""

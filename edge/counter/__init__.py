"""A counter node: what citizens press, and whether the cameras see."""

"""Who works here: accounts, roles, log-in, sessions, tokens."""

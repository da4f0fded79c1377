"""The whole site in one file: made while the hub runs, kept in two places, put back into an empty folder."""

"""The contract between hub and nodes; the only part of edge the hub may import."""

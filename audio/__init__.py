"""From any upload to a broadcast-ready recording; knows nothing of hub or edge."""

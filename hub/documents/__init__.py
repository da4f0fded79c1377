"""Documents that leave the hub: a small model of what they say, and the writers of DOCX and XLSX."""

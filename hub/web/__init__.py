"""Pages: read the form, call one function, render."""

"""The pages' routes: read the form, call one function, render one view."""

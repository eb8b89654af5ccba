"""A web server of our own that slow and idle clients cannot fill."""

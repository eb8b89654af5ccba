"""How messages are claimed, read, written, sent and settled, by as many processes as there are."""

"""Pure values and maths: papers and votes in, picks and reasons out; no clock, file, network or database."""

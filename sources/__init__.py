"""Where dumps come from, and how their bytes become papers. Knows no database, no chat and no schedule."""

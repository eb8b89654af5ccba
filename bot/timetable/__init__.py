"""When a reader's digest is due: hours, zones and weekdays. It knows neither papers nor messages."""

"""What readers meet: texts, buttons and whole messages. Pure: values in, messages out."""

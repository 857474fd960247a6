"""X12: the syntax (tokens, envelopes), a description per message, and the road
between bytes and documents."""

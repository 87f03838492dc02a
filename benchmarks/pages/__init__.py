"""What visitors' pages cost and how they hold up, over the demonstration."""

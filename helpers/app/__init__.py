"""What is round the engine for people: the command, the page for two pictures, the report."""

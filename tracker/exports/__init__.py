"""What leaves the tracker as a file, from the same queries as the screens."""

"""What both lanes ask of a client that speaks HTTP: a sound head, a key, and to be quick."""

"""What people should hear of without looking, where they hear it, and whether they did."""

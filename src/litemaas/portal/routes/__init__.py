"""The routes of `/api`, one file for each page of the UI."""

"""Folders whose documents come, change, move and go by themselves."""

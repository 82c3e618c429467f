"""What goes on beside the pages: the worker and what it is ordered to do."""

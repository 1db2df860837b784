"""What Landfall runs on a server. Python 3.9 and its standard library are all it needs."""

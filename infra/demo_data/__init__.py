"""Two invented schools as OneRoster 1.1 exports, and the script that makes them."""

"""What other wings may use of this wing."""

"""The API of booking as data: what may be asked and what is answered, checked and described by one list."""

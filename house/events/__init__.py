"""Events, seats, allotments, companies' sign-up."""

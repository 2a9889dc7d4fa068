"""Events, seats, companies' sign-up."""

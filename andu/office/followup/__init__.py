"""What people do about what is due: put it off, finish it, chase it, begin a return, remind."""

# bcryptprimitives: the random numbers that language run-times ask for.
bcryptprimitives_BASE = 75400000
bcryptprimitives_IMPORTS = ntdll
bcryptprimitives_ENTRY =

// Interfaces that the call index has no room for, or that meet another.
#include "define.h"

INTERFACE(bad, 16) // error: interface number '16' is none of 0 to 15
INTERFACE(first, 3)
INTERFACE(second, 3) // error: interface number 3 is that of first already

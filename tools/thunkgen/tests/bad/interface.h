// An interface that the call index has no room for.
#include "define.h"

INTERFACE(bad, 16) // error: interface number '16' is none of 0 to 15

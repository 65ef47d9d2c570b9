/* The runtime's C++ exception classes, which moved into namespace std since msvcrt's days. */
#define EXCEPTION_SCOPE "@std@@"
#include "dlls/msvcrt/cxx_type.c"

/* Which runtime this DLL is: what msvcrt's sources ask for in which it differs from msvcrt.dll. */
#include "ucrtbase.h"

const struct crt_profile crt_profile = {
    .version = 140,
    .significant_digits = 0,
    .exponent_digits = 2,
    .raises_on_invalid = true,
    .fails_fast = true,
    .process_heap = true,
    .c99 = true,
};

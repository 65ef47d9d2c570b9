/* Which runtime this DLL is: everything in which the versions differ is asked of this one record. */
#include "msvcrt.h"

const struct crt_profile crt_profile = {
    .version = 70,
    .significant_digits = 17,
    .exponent_digits = 3,
    .raises_on_invalid = false,
    .fails_fast = false,
    .process_heap = false,
    .c99 = false,
};

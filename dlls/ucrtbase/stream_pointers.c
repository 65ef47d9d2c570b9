/* What C++ streams see of a FILE. */
#include "ucrtbase.h"

/* Where a stream keeps what is read ahead or not yet written: C++ streams work on it directly. */
errno_t EXPORT _get_stream_buffer_pointers(FILE *file, char ***base, char ***at, int **left)
{
    REQUIRE(file, EINVAL, EINVAL);
    if (base) *base = &file->_base;
    if (at) *at = &file->_ptr;
    if (left) *left = &file->_cnt;
    return 0;
}

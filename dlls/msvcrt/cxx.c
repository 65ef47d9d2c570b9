/* C++ exceptions: not there yet; a frame that would handle one passes it on. */
#include "seh.h"
int cxx_frame_handler(void);
int cxx_frame_handler(void)
{
    return 1;
}

// A thread's active frames: a list from its TEB through the stack.
#include "rtl.h"
#include "nt/rtl_frame.h"

void NTAPI RtlPushFrame(PTEB_ACTIVE_FRAME frame)
{
    frame->Previous = teb_self()->ActiveFrame;
    teb_self()->ActiveFrame = frame;
}

/** Takes a frame off, and those above it. */
void NTAPI RtlPopFrame(PTEB_ACTIVE_FRAME frame)
{
    teb_self()->ActiveFrame = frame->Previous;
}

/** The innermost frame, or NULL. */
PTEB_ACTIVE_FRAME NTAPI RtlGetFrame(void)
{
    return teb_self()->ActiveFrame;
}

// Frames that code puts on its thread for a debugger or for itself to find (phnt's ntpebteb.h and ntrtl.h),
// and blocks allocated by the dozen.
#ifndef LOWLAND_NT_RTL_FRAME_H
#define LOWLAND_NT_RTL_FRAME_H

#include "nt.h"

typedef struct _TEB_ACTIVE_FRAME_CONTEXT {
    ULONG Flags;
    PCSTR FrameName;
} TEB_ACTIVE_FRAME_CONTEXT, *PTEB_ACTIVE_FRAME_CONTEXT;

typedef struct _TEB_ACTIVE_FRAME {
    ULONG Flags;
    struct _TEB_ACTIVE_FRAME *Previous;
    const TEB_ACTIVE_FRAME_CONTEXT *Context;
} TEB_ACTIVE_FRAME, *PTEB_ACTIVE_FRAME;

void NTAPI RtlPushFrame(PTEB_ACTIVE_FRAME frame);
void NTAPI RtlPopFrame(PTEB_ACTIVE_FRAME frame);
PTEB_ACTIVE_FRAME NTAPI RtlGetFrame(void);

ULONG NTAPI RtlMultipleAllocateHeap(PVOID heap, ULONG flags, SIZE_T size, ULONG count, PVOID *blocks);
ULONG NTAPI RtlMultipleFreeHeap(PVOID heap, ULONG flags, ULONG count, PVOID *blocks);

#endif

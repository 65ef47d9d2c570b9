// Compartments, of which the host's network is one: the default one.
#include "network.h"

enum { DEFAULT_COMPARTMENT = 1 };

HOTPATCH NET_IF_COMPARTMENT_ID WINAPI GetCurrentThreadCompartmentId(VOID)
{
    return DEFAULT_COMPARTMENT;
}

HOTPATCH NET_IF_COMPARTMENT_ID WINAPI GetDefaultCompartmentId(VOID)
{
    return DEFAULT_COMPARTMENT;
}

HOTPATCH NET_IF_COMPARTMENT_ID WINAPI GetSessionCompartmentId(ULONG session)
{
    (void)session;
    return DEFAULT_COMPARTMENT;
}

HOTPATCH DWORD WINAPI SetCurrentThreadCompartmentId(NET_IF_COMPARTMENT_ID id)
{
    return id == DEFAULT_COMPARTMENT ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

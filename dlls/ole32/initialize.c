// Entering COM in the older ways, and small helpers of its classic interface.
#include "nt/nt.h"
#include <ole2.h>
#include <stdbool.h>

HOTPATCH HRESULT WINAPI CoInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

// The clipboard and drag and drop need nothing before they are used.
HOTPATCH HRESULT WINAPI OleInitialize(LPVOID reserved)
{
    return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

HOTPATCH void WINAPI OleUninitialize(void)
{
    CoUninitialize();
}

HOTPATCH DWORD WINAPI CoBuildVersion(void)
{
    return 23 << 16 | 639; // what all versions since Windows NT 4 return
}

HOTPATCH DWORD WINAPI OleBuildVersion(void)
{
    return CoBuildVersion();
}

HOTPATCH HRESULT WINAPI CoFileTimeNow(FILETIME *time)
{
    GetSystemTimeAsFileTime(time);
    return S_OK;
}

HOTPATCH BOOL WINAPI CoFileTimeToDosDateTime(FILETIME *time, LPWORD date, LPWORD time_of_day)
{
    return FileTimeToDosDateTime(time, date, time_of_day);
}

HOTPATCH BOOL WINAPI CoDosDateTimeToFileTime(WORD date, WORD time_of_day, FILETIME *time)
{
    return DosDateTimeToFileTime(date, time_of_day, time);
}

// An object that can run is started.
HOTPATCH HRESULT WINAPI OleRun(LPUNKNOWN object)
{
    IRunnableObject *runnable;
    if (FAILED(IUnknown_QueryInterface(object, &IID_IRunnableObject, (void **)&runnable))) return S_OK;
    HRESULT status = IRunnableObject_Run(runnable, NULL);
    IRunnableObject_Release(runnable);
    return status;
}

#undef IsEqualGUID
HOTPATCH BOOL WINAPI IsEqualGUID(REFGUID left, REFGUID right)
{
    return !memcmp(left, right, sizeof(GUID));
}

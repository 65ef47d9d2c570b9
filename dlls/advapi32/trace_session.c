// Sessions of event tracing, whose providers are ntdll's: who wants to start one is told that there are no
// resources for it.
#include "base.h"
#include <evntrace.h>
#include <wmistr.h>

// The checks of a session's properties; names are of the given width.
static ULONG check_session(TRACEHANDLE *handle, SIZE_T name_length, const EVENT_TRACE_PROPERTIES *properties,
                           ULONG width)
{
    static const GUID system_control = {
        0x9e814aad, 0x3204, 0x11d2, {0x9a, 0x82, 0x00, 0x60, 0x08, 0xa8, 0x69, 0x39}};
    const ULONG head = sizeof(*properties),
                exclusive = EVENT_TRACE_FILE_MODE_SEQUENTIAL | EVENT_TRACE_FILE_MODE_CIRCULAR;
    if (!handle || !properties) return ERROR_INVALID_PARAMETER;
    ULONG size = properties->Wnode.BufferSize, name = properties->LoggerNameOffset,
          file = properties->LogFileNameOffset;
    if (size < head) return ERROR_BAD_LENGTH;
    if (name < head || name > size || (file && (file < head || file > size))) return ERROR_INVALID_PARAMETER;
    ULONG room = (file > name ? file : size) - name;
    if ((name_length + 1) * width > room) return ERROR_BAD_LENGTH;
    if ((properties->LogFileMode & exclusive) == exclusive) return ERROR_INVALID_PARAMETER;
    if (!memcmp(&properties->Wnode.Guid, &system_control, sizeof(system_control)))
        return ERROR_INVALID_PARAMETER;
    bool needs_file = !(properties->LogFileMode & (EVENT_TRACE_REAL_TIME_MODE | EVENT_TRACE_BUFFERING_MODE));
    return needs_file && !file ? ERROR_BAD_PATHNAME : ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI StartTraceW(TRACEHANDLE *handle, LPCWSTR name, EVENT_TRACE_PROPERTIES *properties)
{
    ULONG error = name ? check_session(handle, (SIZE_T)lstrlenW(name), properties, sizeof(WCHAR))
                       : ERROR_INVALID_PARAMETER;
    return error ? error : ERROR_NO_SYSTEM_RESOURCES;
}

HOTPATCH ULONG WINAPI StartTraceA(TRACEHANDLE *handle, LPCSTR name, EVENT_TRACE_PROPERTIES *properties)
{
    ULONG error = name ? check_session(handle, strlen(name), properties, 1) : ERROR_INVALID_PARAMETER;
    return error ? error : ERROR_NO_SYSTEM_RESOURCES;
}

HOTPATCH ULONG WINAPI ControlTraceW(TRACEHANDLE handle, LPCWSTR name, EVENT_TRACE_PROPERTIES *properties,
                                    ULONG control)
{
    (void)handle, (void)name, (void)control;
    return properties ? ERROR_WMI_INSTANCE_NOT_FOUND : ERROR_INVALID_PARAMETER;
}

HOTPATCH ULONG WINAPI ControlTraceA(TRACEHANDLE handle, LPCSTR name, EVENT_TRACE_PROPERTIES *properties,
                                    ULONG control)
{
    (void)handle, (void)name, (void)control;
    return properties ? ERROR_WMI_INSTANCE_NOT_FOUND : ERROR_INVALID_PARAMETER;
}

// Job objects.
#include "base.h"

HOTPATCH HANDLE WINAPI CreateJobObjectW(SECURITY_ATTRIBUTES *security, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!nt_name_from_object(&name, text, security)) return NULL;
    NTSTATUS status = NtCreateJobObject(&handle, JOB_OBJECT_ALL_ACCESS, &name.attributes);
    return object_created(status, handle);
}

HOTPATCH HANDLE WINAPI CreateJobObjectA(SECURITY_ATTRIBUTES *security, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : CreateJobObjectW(security, wide);
}

HOTPATCH HANDLE WINAPI OpenJobObjectW(DWORD access, BOOL inherit, const WCHAR *text)
{
    AUTO_NAME struct nt_name name = {};
    HANDLE handle = NULL;
    if (!object_open_name(&name, text, inherit)) return NULL;
    return bool_from_status(NtOpenJobObject(&handle, access, &name.attributes)) ? handle : NULL;
}

HOTPATCH HANDLE WINAPI OpenJobObjectA(DWORD access, BOOL inherit, const char *text)
{
    AUTO_FREE WCHAR *wide = wide_from_object_ansi(text);
    return conversion_failed(text, wide) ? NULL : OpenJobObjectW(access, inherit, wide);
}

HOTPATCH BOOL WINAPI AssignProcessToJobObject(HANDLE job, HANDLE process)
{
    return bool_from_status(NtAssignProcessToJobObject(job, process));
}

HOTPATCH BOOL WINAPI IsProcessInJob(HANDLE process, HANDLE job, BOOL *result)
{
    NTSTATUS status = NtIsProcessInJob(process, job);
    if (!bool_from_status(status)) return FALSE;
    *result = status == STATUS_PROCESS_IN_JOB;
    return TRUE;
}

HOTPATCH BOOL WINAPI TerminateJobObject(HANDLE job, UINT exit_code)
{
    return bool_from_status(NtTerminateJobObject(job, (NTSTATUS)exit_code));
}

// ---- limits: NT has its own numbers for priority classes ----

HOTPATCH BOOL WINAPI QueryInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *buffer,
                                               DWORD length, DWORD *result_length)
{
    if (!bool_from_status(NtQueryInformationJobObject(job, class, buffer, length, result_length)))
        return FALSE;
    if (class == JobObjectBasicLimitInformation || class == JobObjectExtendedLimitInformation) {
        JOBOBJECT_BASIC_LIMIT_INFORMATION *limits = buffer; // the extended ones begin with it
        limits->PriorityClass = priority_class_from_nt(limits->PriorityClass);
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI SetInformationJobObject(HANDLE job, JOBOBJECTINFOCLASS class, void *buffer, DWORD length)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    JOBOBJECT_BASIC_LIMIT_INFORMATION *basic = &limits.BasicLimitInformation;
    bool limits_priority = (class == JobObjectBasicLimitInformation && length == sizeof(*basic)) ||
                           (class == JobObjectExtendedLimitInformation && length == sizeof(limits));
    if (limits_priority) {
        memcpy(&limits, buffer, length);
        if (basic->LimitFlags & JOB_OBJECT_LIMIT_PRIORITY_CLASS)
            basic->PriorityClass = priority_class_to_nt(basic->PriorityClass);
        buffer = &limits;
    }
    return bool_from_status(NtSetInformationJobObject(job, class, buffer, length));
}

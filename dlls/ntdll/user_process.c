// Making threads and processes by the run-time library's own calls, and what makes one indispensable.
#include "nt/rtl_object.h"
#include "rtl.h"

/** Starts a thread at a function of the native kind in any process. thread and id may be NULL. */
NTSTATUS NTAPI RtlCreateUserThread(HANDLE process, PSECURITY_DESCRIPTOR security, BOOLEAN suspended,
                                   ULONG zero_bits, SIZE_T reserve, SIZE_T commit,
                                   PUSER_THREAD_START_ROUTINE start, PVOID parameter, PHANDLE thread,
                                   CLIENT_ID *id)
{
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID made;
    HANDLE handle;
    PS_ATTRIBUTE_LIST list = {.TotalLength = sizeof(list)};

    InitializeObjectAttributes(&attributes, NULL, 0, NULL, security);
    list.Attributes[0] = (PS_ATTRIBUTE){PS_ATTRIBUTE_CLIENT_ID, sizeof(made), (ULONG_PTR)&made, NULL};
    NTSTATUS status = NtCreateThreadEx(&handle, THREAD_ALL_ACCESS, &attributes, process, start, parameter,
                                       suspended ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0, zero_bits,
                                       commit, reserve, &list);
    if (!NT_SUCCESS(status)) return status;
    if (id) *id = made;
    if (thread)
        *thread = handle;
    else
        NtClose(handle);
    return STATUS_SUCCESS;
}

static void add_attribute(PS_ATTRIBUTE_LIST *list, ULONG_PTR which, SIZE_T size, const void *value)
{
    const ULONG n = (list->TotalLength - FIELD_OFFSET(PS_ATTRIBUTE_LIST, Attributes)) / sizeof(PS_ATTRIBUTE);

    list->Attributes[n] = (PS_ATTRIBUTE){which, size, (ULONG_PTR)value, NULL};
    list->TotalLength += sizeof(PS_ATTRIBUTE);
}

static void add_handle(PS_ATTRIBUTE_LIST *list, ULONG_PTR which, HANDLE handle)
{
    if (handle) add_attribute(list, which, sizeof(handle), handle);
}

/** Starts a program, by its NT path, whose first thread is suspended. attributes (of the path) mean nothing
   to Windows either. */
NTSTATUS NTAPI RtlCreateUserProcess(const UNICODE_STRING *path, ULONG attributes,
                                    PRTL_USER_PROCESS_PARAMETERS parameters,
                                    PSECURITY_DESCRIPTOR process_security,
                                    PSECURITY_DESCRIPTOR thread_security, HANDLE parent, BOOLEAN inherit,
                                    HANDLE debug_port, HANDLE token,
                                    PRTL_USER_PROCESS_INFORMATION information)
{
    enum { ATTRIBUTES_MAX = 6 };
    OBJECT_ATTRIBUTES process, thread;
    PS_CREATE_INFO create = {.Size = sizeof(create)};
    union {
        PS_ATTRIBUTE_LIST list;
        BYTE room[sizeof(PS_ATTRIBUTE_LIST) + (ATTRIBUTES_MAX - 1) * sizeof(PS_ATTRIBUTE)];
    } list;

    (void)attributes;
    InitializeObjectAttributes(&process, NULL, 0, NULL, process_security);
    InitializeObjectAttributes(&thread, NULL, 0, NULL, thread_security);
    list.list.TotalLength = FIELD_OFFSET(PS_ATTRIBUTE_LIST, Attributes);
    add_attribute(&list.list, PS_ATTRIBUTE_IMAGE_NAME, path->Length, path->Buffer);
    add_attribute(&list.list, PS_ATTRIBUTE_CLIENT_ID, sizeof(information->ClientId), &information->ClientId);
    add_attribute(&list.list, PS_ATTRIBUTE_IMAGE_INFO, sizeof(information->ImageInformation),
                  &information->ImageInformation);
    add_handle(&list.list, PS_ATTRIBUTE_PARENT_PROCESS, parent);
    add_handle(&list.list, PS_ATTRIBUTE_DEBUG_OBJECT, debug_port);
    add_handle(&list.list, PS_ATTRIBUTE_TOKEN, token);
    RtlNormalizeProcessParams(parameters);
    NTSTATUS status = NtCreateUserProcess(
        &information->ProcessHandle, &information->ThreadHandle, PROCESS_ALL_ACCESS, THREAD_ALL_ACCESS,
        &process, &thread, inherit ? PROCESS_CREATE_FLAGS_INHERIT_HANDLES : 0,
        THREAD_CREATE_FLAGS_CREATE_SUSPENDED, parameters, &create, &list.list);
    if (NT_SUCCESS(status)) information->Length = sizeof(*information);
    return status;
}

/** Needs SeDebugPrivilege. check: fail unless the system was started to have critical processes, which it was
 * not. */
NTSTATUS __cdecl RtlSetProcessIsCritical(BOOLEAN critical, BOOLEAN *before, BOOLEAN check)
{
    ULONG now = 0, wanted = critical;

    if (before) *before = FALSE;
    if (check) return STATUS_UNSUCCESSFUL;
    if (before) {
        NtQueryInformationProcess(NtCurrentProcess(), ProcessBreakOnTermination, &now, sizeof(now), NULL);
        *before = now != 0;
    }
    return NtSetInformationProcess(NtCurrentProcess(), ProcessBreakOnTermination, &wanted, sizeof(wanted));
}

/** The same for the calling thread. */
NTSTATUS __cdecl RtlSetThreadIsCritical(BOOLEAN critical, BOOLEAN *before, BOOLEAN check)
{
    const THREADINFOCLASS class = (THREADINFOCLASS)ThreadBreakOnTermination;
    ULONG now = 0, wanted = critical;

    if (before) *before = FALSE;
    if (check) return STATUS_UNSUCCESSFUL;
    if (before) {
        NtQueryInformationThread(NtCurrentThread(), class, &now, sizeof(now), NULL);
        *before = now != 0;
    }
    return NtSetInformationThread(NtCurrentThread(), class, &wanted, sizeof(wanted));
}

ULONG NTAPI RtlGetCurrentProcessorNumber(void)
{
    return NtGetCurrentProcessorNumber();
}

VOID NTAPI RtlGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number)
{
    NtGetCurrentProcessorNumberEx(number);
}

// Threads: making and ending them, APCs, suspension, contexts, priority, affinity and what can be asked.
#include "base.h"
#include "kernel_user_times.h"

// ---- making threads ----

// Attributes of an attribute list that concern threads are few; the list is checked, not interpreted.
// A thread begins with its creator's activation context. The thread doesn't run yet.
static NTSTATUS pass_activation_context(HANDLE thread, struct _ACTIVATION_CONTEXT *context)
{
    THREAD_BASIC_INFORMATION info;
    ULONG_PTR cookie;
    NTSTATUS status = NtQueryInformationThread(thread, ThreadBasicInformation, &info, sizeof(info), NULL);
    if (status < 0) return status;
    return RtlActivateActivationContextEx(0, info.TebBaseAddress, context, &cookie);
}

HOTPATCH HANDLE WINAPI CreateRemoteThreadEx(HANDLE process, SECURITY_ATTRIBUTES *security, SIZE_T stack,
                                            PTHREAD_START_ROUTINE entry, void *argument, DWORD flags,
                                            LPPROC_THREAD_ATTRIBUTE_LIST list, DWORD *id)
{
    HANDLE thread = NULL;
    CLIENT_ID client = {};
    OBJECT_ATTRIBUTES attributes;
    struct {
        SIZE_T TotalLength;
        PS_ATTRIBUTE Attributes[1];
    } wanted = {sizeof(wanted), {{PS_ATTRIBUTE_CLIENT_ID, sizeof(client), (ULONG_PTR)&client, NULL}}};
    (void)list;
    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0,
                               NULL, security ? security->lpSecurityDescriptor : NULL);
    // The size is the reserve with this flag and the initial commit without.
    SIZE_T reserve = flags & STACK_SIZE_PARAM_IS_A_RESERVATION ? stack : 0;
    SIZE_T commit = flags & STACK_SIZE_PARAM_IS_A_RESERVATION ? 0 : stack;
    struct _ACTIVATION_CONTEXT *context = NULL;
    if (process == NtCurrentProcess()) RtlGetActiveActivationContext(&context);
    bool suspended = context || flags & CREATE_SUSPENDED;
    NTSTATUS status = NtCreateThreadEx(&thread, THREAD_ALL_ACCESS, &attributes, process, (void *)entry,
                                       argument, suspended ? THREAD_CREATE_FLAGS_CREATE_SUSPENDED : 0, 0,
                                       commit, reserve, (void *)&wanted);
    if (context) {
        if (status >= 0 && (status = pass_activation_context(thread, context)) < 0) {
            NtTerminateThread(thread, status);
            NtClose(thread);
        }
        RtlReleaseActivationContext(context);
        if (status >= 0 && !(flags & CREATE_SUSPENDED)) NtResumeThread(thread, NULL);
    }
    if (!bool_from_status(status)) return NULL;
    if (id) *id = (DWORD)(ULONG_PTR)client.UniqueThread;
    return thread;
}

HOTPATCH HANDLE WINAPI CreateRemoteThread(HANDLE process, SECURITY_ATTRIBUTES *security, SIZE_T stack,
                                          PTHREAD_START_ROUTINE entry, void *argument, DWORD flags, DWORD *id)
{
    return CreateRemoteThreadEx(process, security, stack, entry, argument, flags, NULL, id);
}

HOTPATCH HANDLE WINAPI CreateThread(SECURITY_ATTRIBUTES *security, SIZE_T stack, PTHREAD_START_ROUTINE entry,
                                    void *argument, DWORD flags, DWORD *id)
{
    return CreateRemoteThreadEx(NtCurrentProcess(), security, stack, entry, argument, flags, NULL, id);
}

HOTPATCH HANDLE WINAPI OpenThread(DWORD access, BOOL inherit, DWORD id)
{
    HANDLE thread = NULL;
    OBJECT_ATTRIBUTES attributes;
    CLIENT_ID client = {NULL, (HANDLE)(ULONG_PTR)id};
    InitializeObjectAttributes(&attributes, NULL, inherit ? OBJ_INHERIT : 0, NULL, NULL);
    return bool_from_status(NtOpenThread(&thread, access, &attributes, &client)) ? thread : NULL;
}

// ---- ending threads ----

HOTPATCH void WINAPI ExitThread(DWORD code)
{
    RtlExitUserThread(code);
}

HOTPATCH BOOL WINAPI TerminateThread(HANDLE thread, DWORD code)
{
    if (!thread) return fail_with(ERROR_INVALID_HANDLE);
    return bool_from_status(NtTerminateThread(thread, code));
}

static bool query_thread(HANDLE thread, THREADINFOCLASS class, void *data, ULONG size)
{
    return bool_from_status(NtQueryInformationThread(thread, class, data, size, NULL));
}

static BOOL set_thread(HANDLE thread, THREADINFOCLASS class, void *data, ULONG size)
{
    return bool_from_status(NtSetInformationThread(thread, class, data, size));
}

HOTPATCH BOOL WINAPI GetExitCodeThread(HANDLE thread, DWORD *code)
{
    THREAD_BASIC_INFORMATION info;
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info))) return FALSE;
    if (code) *code = (DWORD)info.ExitStatus;
    return TRUE;
}

// ---- suspension, contexts, APCs ----

HOTPATCH DWORD WINAPI SuspendThread(HANDLE thread)
{
    ULONG count = 0;
    return bool_from_status(NtSuspendThread(thread, &count)) ? count : ~0u;
}

HOTPATCH DWORD WINAPI ResumeThread(HANDLE thread)
{
    ULONG count = 0;
    return bool_from_status(NtResumeThread(thread, &count)) ? count : ~0u;
}

HOTPATCH BOOL WINAPI GetThreadContext(HANDLE thread, CONTEXT *context)
{
    return bool_from_status(NtGetContextThread(thread, context));
}

HOTPATCH BOOL WINAPI SetThreadContext(HANDLE thread, const CONTEXT *context)
{
    return bool_from_status(NtSetContextThread(thread, (CONTEXT *)context));
}

// Runs in the target thread: NT's three arguments become the one of the Win32 function.
static void WINAPI run_user_apc(void *function, void *argument, void *unused)
{
    (void)unused;
    ((PAPCFUNC)function)((ULONG_PTR)argument);
}

HOTPATCH DWORD WINAPI QueueUserAPC(PAPCFUNC function, HANDLE thread, ULONG_PTR argument)
{
    NTSTATUS status =
        NtQueueApcThread(thread, (void *)run_user_apc, (void *)function, (void *)argument, NULL);
    return (DWORD)bool_from_status(status);
}

HOTPATCH BOOL WINAPI GetThreadSelectorEntry(HANDLE thread, DWORD selector, LDT_ENTRY *entry)
{
    THREAD_DESCRIPTOR_INFORMATION info = {.Selector = selector};
    if (!query_thread(thread, ThreadDescriptorTableEntry, &info, sizeof(info))) return FALSE;
    *entry = info.Entry;
    return TRUE;
}

HOTPATCH BOOL WINAPI CancelSynchronousIo(HANDLE thread)
{
    IO_STATUS_BLOCK io;
    return bool_from_status(NtCancelSynchronousIoFile(thread, NULL, &io));
}

// ---- priority, affinity ----

HOTPATCH BOOL WINAPI SetThreadPriority(HANDLE thread, int priority)
{
    LONG value = priority;
    // Background mode is the lowest priority that a thread of the class has.
    if (priority == THREAD_MODE_BACKGROUND_BEGIN) value = THREAD_PRIORITY_LOWEST;
    if (priority == THREAD_MODE_BACKGROUND_END) value = THREAD_PRIORITY_NORMAL;
    return set_thread(thread, ThreadBasePriority, &value, sizeof(value));
}

HOTPATCH int WINAPI GetThreadPriority(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info)))
        return THREAD_PRIORITY_ERROR_RETURN;
    return info.BasePriority;
}

HOTPATCH BOOL WINAPI SetThreadPriorityBoost(HANDLE thread, BOOL disable)
{
    ULONG value = disable != 0;
    return set_thread(thread, ThreadPriorityBoost, &value, sizeof(value));
}

HOTPATCH BOOL WINAPI GetThreadPriorityBoost(HANDLE thread, BOOL *disabled)
{
    ULONG value = 0;
    if (!query_thread(thread, ThreadPriorityBoost, &value, sizeof(value))) return FALSE;
    *disabled = value != 0;
    return TRUE;
}

HOTPATCH DWORD_PTR WINAPI SetThreadAffinityMask(HANDLE thread, DWORD_PTR mask)
{
    THREAD_BASIC_INFORMATION info;
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info))) return 0;
    return set_thread(thread, ThreadAffinityMask, &mask, sizeof(mask)) ? info.AffinityMask : 0;
}

HOTPATCH BOOL WINAPI GetThreadGroupAffinity(HANDLE thread, GROUP_AFFINITY *affinity)
{
    THREAD_BASIC_INFORMATION info;
    if (!affinity) return fail_with(ERROR_INVALID_PARAMETER);
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info))) return FALSE;
    memset(affinity, 0, sizeof(*affinity));
    affinity->Mask = info.AffinityMask;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetThreadGroupAffinity(HANDLE thread, const GROUP_AFFINITY *affinity,
                                            GROUP_AFFINITY *previous)
{
    if (previous && !GetThreadGroupAffinity(thread, previous)) return FALSE;
    return set_thread(thread, (THREADINFOCLASS)ThreadGroupInformation, (void *)affinity, sizeof(*affinity));
}

// The previous ideal processor; MAXIMUM_PROCESSORS asks without changing.
HOTPATCH DWORD WINAPI SetThreadIdealProcessor(HANDLE thread, DWORD processor)
{
    // Under WoW64 the limit is that of 64-bit Windows.
    ULONG value = processor > MAXIMUM_PROCESSORS && processor <= 64 ? MAXIMUM_PROCESSORS : processor;
    // NT's call answers with the previous processor in its status.
    NTSTATUS status = NtSetInformationThread(thread, ThreadIdealProcessor, &value, sizeof(value));
    return bool_from_status(status) ? (DWORD)status : ~0u;
}

HOTPATCH BOOL WINAPI GetThreadIdealProcessorEx(HANDLE thread, PROCESSOR_NUMBER *number)
{
    return query_thread(thread, (THREADINFOCLASS)ThreadIdealProcessorEx, number, sizeof(*number));
}

HOTPATCH BOOL WINAPI SetThreadIdealProcessorEx(HANDLE thread, PROCESSOR_NUMBER *number,
                                               PROCESSOR_NUMBER *previous)
{
    PROCESSOR_NUMBER value = *number;
    if (!set_thread(thread, (THREADINFOCLASS)ThreadIdealProcessorEx, &value, sizeof(value))) return FALSE;
    if (previous) *previous = value;
    return TRUE;
}

HOTPATCH DWORD WINAPI GetCurrentProcessorNumber(void)
{
    return NtGetCurrentProcessorNumber();
}

HOTPATCH void WINAPI GetCurrentProcessorNumberEx(PROCESSOR_NUMBER *number)
{
    memset(number, 0, sizeof(*number));
    number->Number = (BYTE)NtGetCurrentProcessorNumber();
}

// ---- what can be asked ----

HOTPATCH DWORD WINAPI GetCurrentThreadId(void)
{
    return (DWORD)(ULONG_PTR)teb_self()->ClientId.UniqueThread;
}

HOTPATCH HANDLE WINAPI GetCurrentThread(void)
{
    return NtCurrentThread();
}

HOTPATCH DWORD WINAPI GetThreadId(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info))) return 0;
    return (DWORD)(ULONG_PTR)info.ClientId.UniqueThread;
}

HOTPATCH DWORD WINAPI GetProcessIdOfThread(HANDLE thread)
{
    THREAD_BASIC_INFORMATION info;
    if (!query_thread(thread, ThreadBasicInformation, &info, sizeof(info))) return 0;
    return (DWORD)(ULONG_PTR)info.ClientId.UniqueProcess;
}

HOTPATCH BOOL WINAPI GetThreadTimes(HANDLE thread, FILETIME *creation, FILETIME *exit, FILETIME *kernel,
                                    FILETIME *user)
{
    KERNEL_USER_TIMES times;
    if (!query_thread(thread, ThreadTimes, &times, sizeof(times))) return FALSE;
    give_times(&times, creation, exit, kernel, user);
    return TRUE;
}

// Cycles of the time stamp counter that the thread ran.
HOTPATCH BOOL WINAPI QueryThreadCycleTime(HANDLE thread, ULONG64 *cycles)
{
    THREAD_CYCLE_TIME_INFORMATION info;
    if (!query_thread(thread, (THREADINFOCLASS)ThreadCycleTime, &info, sizeof(info))) return FALSE;
    *cycles = info.AccumulatedCycles;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetThreadIOPendingFlag(HANDLE thread, BOOL *pending)
{
    ULONG value = 0;
    if (!query_thread(thread, ThreadIsIoPending, &value, sizeof(value))) return FALSE;
    *pending = value != 0;
    return TRUE;
}

HOTPATCH void WINAPI GetCurrentThreadStackLimits(ULONG_PTR *low, ULONG_PTR *high)
{
    TEB *teb = teb_self();
    *low = (ULONG_PTR)teb->DeallocationStack;
    *high = (ULONG_PTR)teb->NtTib.StackBase;
}

// Sets aside stack for the handler of a stack overflow; *size becomes the previous value. 0 only asks.
HOTPATCH BOOL WINAPI SetThreadStackGuarantee(ULONG *size)
{
    TEB *teb = teb_self();
    ULONG wanted = (*size + 0xFFF) & ~0xFFFul, old = teb->GuaranteedStackBytes;
    SIZE_T reserve = (SIZE_T)teb->NtTib.StackBase - (SIZE_T)teb->DeallocationStack;
    *size = old;
    if (wanted && wanted >= reserve - 0x3000) return fail_with(ERROR_INVALID_PARAMETER);
    // The guarantee can only grow.
    if (wanted > old) teb->GuaranteedStackBytes = wanted;
    return TRUE;
}

// The name is for debuggers; NT keeps it with the thread.
HOTPATCH HRESULT WINAPI SetThreadDescription(HANDLE thread, const WCHAR *text)
{
    THREAD_NAME_INFORMATION info;
    NTSTATUS status = RtlInitUnicodeStringEx(&info.ThreadName, text);
    if (NT_SUCCESS(status))
        status = NtSetInformationThread(thread, (THREADINFOCLASS)ThreadNameInformation, &info, sizeof(info));
    return HRESULT_FROM_NT(status);
}

// *text is the caller's, to be released with LocalFree; NULL on errors.
HOTPATCH HRESULT WINAPI GetThreadDescription(HANDLE thread, WCHAR **text)
{
    ULONG size = 0;
    *text = NULL;
    NTSTATUS status =
        NtQueryInformationThread(thread, (THREADINFOCLASS)ThreadNameInformation, NULL, 0, &size);
    // The name may grow in between.
    while (status == STATUS_BUFFER_TOO_SMALL) {
        THREAD_NAME_INFORMATION *info = LocalAlloc(LMEM_FIXED, size + sizeof(WCHAR));
        if (!info) return HRESULT_FROM_NT(STATUS_NO_MEMORY);
        status = NtQueryInformationThread(thread, (THREADINFOCLASS)ThreadNameInformation, info, size, &size);
        if (NT_SUCCESS(status)) {
            USHORT length = info->ThreadName.Length;
            // The characters go where the structure was: what is freed is what was allocated.
            memmove(info, info->ThreadName.Buffer, length);
            *text = (WCHAR *)info;
            (*text)[length / sizeof(WCHAR)] = 0;
        } else {
            LocalFree(info);
        }
    }
    return HRESULT_FROM_NT(status);
}

// The first and the last thing that happens to every thread in 32-bit code, and to the process
// (docs/program-start.md).
#include "parking.h"
#include "ldr.h"
#include "rtl.h"
#include "exception.h"
#include "guard.h"

enum { NOT_INITIALIZED, INITIALIZING, INITIALIZED };
static LONG process_state;

static const UNICODE_STRING ntdll_path = RTL_CONSTANT_STRING(L"C:\\windows\\system32\\ntdll.dll");

// What is loaded when the program starts stays until it ends. As on Windows the count of a DLL is that of its
// users.
static void pin_all(void)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;

    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        struct module *module =
            module_of_entry(CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks));
        const SINGLE_LIST_ENTRY *tail = module->node.IncomingDependencies.Tail;
        module->entry.ObsoleteLoadCount = 0xFFFF;
        module->entry.Flags |= LDRP_PROCESS_STATIC_IMPORT;
        if (module->node.LoadCount == PINNED) continue;
        module->node.LoadCount = 1;
        for (const SINGLE_LIST_ENTRY *link = tail; link && link->Next != tail; link = link->Next)
            module->node.LoadCount++;
    }
    main_module->node.LoadCount = PINNED;
}

// kernel32 and kernelbase are always there, third and fourth in the list, where programs look for them.
static NTSTATUS init_kernel32(void)
{
    static const struct search search;
    static const UNICODE_STRING names[] = {RTL_CONSTANT_STRING(L"kernel32.dll"),
                                           RTL_CONSTANT_STRING(L"kernelbase.dll")};
    struct module *kernel32, *kernelbase;
    NTSTATUS status = load_module(&search, &names[0], &kernel32);

    if (status == STATUS_DLL_NOT_FOUND) load_error(status, "kernel32.dll is not in C:\\windows\\system32");
    if (NT_SUCCESS(status)) status = load_module(&search, &names[1], &kernelbase);
    if (status == STATUS_DLL_NOT_FOUND) load_error(status, "kernelbase.dll is not in C:\\windows\\system32");
    if (NT_SUCCESS(status) && !module_add_dependency(kernel32, kernelbase)) status = STATUS_NO_MEMORY;
    if (NT_SUCCESS(status)) status = initialize_module(kernel32, NULL);
    if (NT_SUCCESS(status)) kernel32->node.LoadCount = kernelbase->node.LoadCount = PINNED;
    return status;
}

// Where a debugger gets a process that it has started: all is loaded, nothing is initialised. It may pass
// this on.
static void initial_break(void *unused)
{
    (void)unused;
    __asm__ volatile("int3");
}

// Loads, links and initialises everything that the program imports.
static NTSTATUS init_modules(CONTEXT *context, void *ntdll_base)
{
    static const struct search search;
    PEB *peb = peb_self();
    NTSTATUS status;

    module_lists_init();
    main_module = module_create(peb->ImageBaseAddress, &peb->ProcessParameters->ImagePathName, 0);
    ntdll_module = module_create(ntdll_base, &ntdll_path, LDRP_IMAGE_DLL);
    if (!main_module || !ntdll_module) return STATUS_NO_MEMORY;
    ntdll_module->node.State = LdrModulesReadyToRun;
    ntdll_module->node.LoadCount = PINNED;
    module_link_initialized(ntdll_module);
    status = init_kernel32();
    if (NT_SUCCESS(status)) status = tls_add_module(main_module);
    if (NT_SUCCESS(status)) status = link_imports(main_module, &search);
    pin_all();
    if (NT_SUCCESS(status)) status = tls_attach_thread();
    if (NT_SUCCESS(status)) status = fls_attach_thread();
    if (NT_SUCCESS(status) && peb_self()->BeingDebugged) lowland_guarded_call(initial_break, NULL);
    if (NT_SUCCESS(status)) status = initialize_module(main_module, context);
    return status;
}

static void init_process(CONTEXT *context, void *ntdll_base)
{
    NTSTATUS status = rtl_init_process();

    if (NT_SUCCESS(status)) status = api_set_map_init();
    if (!NT_SUCCESS(status)) load_error_fatal(status);
    RtlEnterCriticalSection(&loader_lock);
    status = init_modules(context, ntdll_base);
    if (!NT_SUCCESS(status)) load_error_fatal(status);
    load_error_clear();
    RtlLeaveCriticalSection(&loader_lock);
}

// Where every thread begins: with the loader, before its start routine. context: where to go on.
void NTAPI LdrInitializeThunk(CONTEXT *context, void *ntdll_base, ULONG_PTR unused1, ULONG_PTR unused2)
{
    (void)unused1, (void)unused2;
    if (InterlockedCompareExchange(&process_state, INITIALIZING, NOT_INITIALIZED) == NOT_INITIALIZED) {
        teb_self()->SameTebFlags |= TEB_RAN_PROCESS_INIT | TEB_INITIAL_THREAD;
        init_process(context, ntdll_base ? ntdll_base : image_base());
        InterlockedExchange(&process_state, INITIALIZED);
    } else if (process_shutting_down) {
        NtTerminateThread(NtCurrentThread(), process_exit_status);
    } else if (!(teb_self()->SameTebFlags & TEB_SKIP_LOADER_INIT)) {
        // A thread that another process put into one that is only starting.
        while (process_state != INITIALIZED) {
            LARGE_INTEGER millisecond = {.QuadPart = -10000};
            NtDelayExecution(FALSE, &millisecond);
        }
        RtlEnterCriticalSection(&loader_lock);
        NTSTATUS status = tls_attach_thread();
        if (NT_SUCCESS(status)) status = fls_attach_thread();
        if (!NT_SUCCESS(status)) load_error_fatal(status);
        if (!(teb_self()->SameTebFlags & TEB_SKIP_THREAD_ATTACH)) attach_thread();
        RtlLeaveCriticalSection(&loader_lock);
    }
    NtContinue(context, TRUE);
    RtlRaiseStatus(STATUS_INTERNAL_ERROR);
}

typedef DWORD(__fastcall *base_thread_init)(DWORD unused, void *start, void *argument);

// Programs find kernel32 by the return address of their entry point: it has to lie there.
static base_thread_init find_base_thread_init(void)
{
    static const UNICODE_STRING kernel32 = RTL_CONSTANT_STRING(L"kernel32.dll");
    static base_thread_init function;
    static bool searched;

    if (!searched) {
        struct module *module;
        void *address;
        RtlEnterCriticalSection(&loader_lock);
        module = module_from_base_name(&kernel32);
        if (module && NT_SUCCESS(find_export(module, "BaseThreadInitThunk", -1, 0, false, NULL, &address)))
            function = address;
        RtlLeaveCriticalSection(&loader_lock);
        searched = true;
    }
    return function;
}

// The C half of RtlUserThreadStart, which has the outermost exception handler in place.
void thread_start(PUSER_THREAD_START_ROUTINE start, void *argument)
{
    base_thread_init init = find_base_thread_init();

    if (init) RtlExitUserThread(init(0, (void *)start, argument));
    RtlExitUserThread(start(argument));
}

VOID NTAPI RtlExitUserThread(NTSTATUS status)
{
    ULONG last = 0;

    NtQueryInformationThread(NtCurrentThread(), ThreadAmILastThread, &last, sizeof(last), NULL);
    if (last) RtlExitUserProcess(status);
    LdrShutdownThread();
    // What the thread debugs ends with it.
    if (DbgUiGetThreadDebugObject()) NtClose(DbgUiGetThreadDebugObject());
    NtTerminateThread(NtCurrentThread(), status);
    __builtin_trap();
}

NTSTATUS process_exit_status;

// The other threads end first, but not one that has the loader lock: what DllMain relies on must be whole.
VOID NTAPI RtlExitUserProcess(NTSTATUS status)
{
    RtlEnterCriticalSection(&loader_lock);
    RtlAcquirePebLock();
    RtlLockHeap(process_heap());
    NtTerminateProcess(NULL, status);
    process_exit_status = status;
    parking_forget_all();
    RtlUnlockHeap(process_heap());
    RtlReleasePebLock();
    RtlLeaveCriticalSection(&loader_lock);
    LdrShutdownProcess();
    NtTerminateProcess(NtCurrentProcess(), status);
    __builtin_trap();
}

PPEB NTAPI RtlGetCurrentPeb(void)
{
    return peb_self();
}

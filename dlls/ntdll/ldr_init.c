// Running the code that modules have for being loaded and unloaded, and for threads that come and go.
#include "guard.h"
#include "ldr.h"
#include "rtl.h"

bool process_shutting_down;

static BOOLEAN call_module(struct module *module, ULONG reason, void *reserved)
{
    // The program's own entry point is no DllMain, but its TLS callbacks run like a DLL's.
    tls_run_callbacks(module, reason);
    if (!(module->entry.Flags & LDRP_IMAGE_DLL) || !module->entry.EntryPoint) return TRUE;
    return call_dll_entry((void *)module->entry.EntryPoint, module->entry.DllBase, reason, reserved);
}

struct attach {
    struct module *module;
    void *reserved;
    BOOLEAN succeeded;
};

static void guarded_attach(void *context)
{
    struct attach *attach = context;
    attach->succeeded = call_module(attach->module, DLL_PROCESS_ATTACH, attach->reserved);
}

// STATUS_DLL_INIT_FAILED, or the exception that ended DllMain: as on Windows it is the load that fails then.
static NTSTATUS attach_process(struct module *module, void *reserved)
{
    struct attach attach = {module, reserved, FALSE};
    char name[128];
    ULONG length = 0;
    DWORD code = lowland_guarded_call(guarded_attach, &attach);
    if (!code && attach.succeeded) return STATUS_SUCCESS;
    RtlUnicodeToUTF8N(name, sizeof(name) - 1, &length, module->entry.BaseDllName.Buffer,
                      module->entry.BaseDllName.Length);
    name[length] = 0;
    if (!code) {
        load_error(STATUS_DLL_INIT_FAILED, "%s failed to initialise", name);
        return STATUS_DLL_INIT_FAILED;
    }
    load_error((NTSTATUS)code, "%s failed to initialise: exception %x", name, (unsigned)code);
    return NT_SUCCESS((NTSTATUS)code) ? STATUS_DLL_INIT_FAILED : (NTSTATUS)code;
}

NTSTATUS initialize_module(struct module *module, void *reserved)
{
    NTSTATUS status = STATUS_SUCCESS;

    // Initialised, or being initialised further up: a circle of imports is entered where it was met first.
    if (module->node.State >= LdrModulesInitializing) return STATUS_SUCCESS;
    if (module->node.State == LdrModulesInitError) return STATUS_DLL_INIT_FAILED;
    module->node.State = LdrModulesInitializing;
    for (LDRP_DEPENDENCY *at = NULL; NT_SUCCESS(status) && (at = next_dependency(module, at));)
        status = initialize_module(dependency_module(at), reserved);
    if (NT_SUCCESS(status)) {
        PVOID previous = peb_self()->Ldr->EntryInProgress;
        if (module != main_module) module_link_initialized(module);
        module->entry.Flags |= LDRP_ENTRY_PROCESSED | LDRP_LOAD_IN_PROGRESS;
        peb_self()->Ldr->EntryInProgress = &module->entry;
        status = attach_process(module, reserved);
        peb_self()->Ldr->EntryInProgress = previous;
        module->entry.Flags &= ~LDRP_LOAD_IN_PROGRESS;
        if (NT_SUCCESS(status)) {
            module->initialized = true;
            module->entry.Flags |= LDRP_PROCESS_ATTACH_CALLED;
        }
    }
    module->node.State = NT_SUCCESS(status) ? LdrModulesReadyToRun : LdrModulesInitError;
    return status;
}

void detach_module(struct module *module, void *reserved)
{
    if (!module->initialized) return;
    module->initialized = false;
    module->entry.Flags &= ~LDRP_PROCESS_ATTACH_CALLED;
    call_module(module, DLL_PROCESS_DETACH, reserved);
}

static struct module *module_in_init_order(LIST_ENTRY *link)
{
    return module_of_entry(CONTAINING_RECORD(link, LDR_DATA_TABLE_ENTRY, InInitializationOrderLinks));
}

static bool wants_threads(const struct module *module)
{
    return module->initialized && !(module->entry.Flags & LDRP_DONT_CALL_FOR_THREADS);
}

void attach_thread(void)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InInitializationOrderModuleList;

    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        struct module *module = module_in_init_order(at);
        if (wants_threads(module)) call_module(module, DLL_THREAD_ATTACH, NULL);
    }
    tls_run_callbacks(main_module, DLL_THREAD_ATTACH);
}

// Ends the calling thread's part in every module. No lock is held afterwards.
VOID NTAPI LdrShutdownThread(void)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InInitializationOrderModuleList;

    if (process_shutting_down) return;
    // DllMain finds the values gone, but may still ask for them and set others.
    fls_detach_thread();
    RtlEnterCriticalSection(&loader_lock);
    for (LIST_ENTRY *at = head->Blink; at != head; at = at->Blink) {
        struct module *module = module_in_init_order(at);
        if (wants_threads(module)) call_module(module, DLL_THREAD_DETACH, NULL);
    }
    tls_run_callbacks(main_module, DLL_THREAD_DETACH);
    tls_detach_thread();
    RtlFreeThreadActivationContextStack();
    RtlLeaveCriticalSection(&loader_lock);
    rtl_thread_exit();
}

// Detaches every module, in the reverse order of initialisation. Called by the last thread that runs; what
// locks the others held when they were stopped is not waited for.
VOID NTAPI LdrShutdownProcess(void)
{
    PEB_LDR_DATA *data = peb_self()->Ldr;
    LIST_ENTRY *head = &data->InInitializationOrderModuleList;

    if (process_shutting_down) return;
    process_shutting_down = true;
    data->ShutdownInProgress = TRUE;
    data->ShutdownThreadId = teb_self()->ClientId.UniqueThread;
    fls_detach_thread();
    for (LIST_ENTRY *at = head->Blink; at != head; at = at->Blink)
        detach_module(module_in_init_order(at), (void *)1);
    tls_run_callbacks(main_module, DLL_PROCESS_DETACH);
}

BOOLEAN NTAPI RtlDllShutdownInProgress(void)
{
    return process_shutting_down;
}

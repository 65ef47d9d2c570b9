// Unloading. A module stays while somebody holds a reference to it or a module that stays depends on it. What
// stays is found by a walk from the referenced ones, so that circles of imports go too.
#include "ldr.h"
#include "rtl.h"

struct notification {
    LIST_ENTRY link;
    PLDR_DLL_NOTIFICATION_FUNCTION function;
    PVOID context;
};

static LIST_ENTRY notifications = {&notifications, &notifications};

static void notify(struct module *module, ULONG reason)
{
    const LDR_DLL_NOTIFICATION_DATA data = {
        .Loaded = {.FullDllName = &module->entry.FullDllName,
                   .BaseDllName = &module->entry.BaseDllName,
                   .DllBase = module->entry.DllBase,
                   .SizeOfImage = module->entry.SizeOfImage},
    };
    for (LIST_ENTRY *at = notifications.Flink, *next; at != &notifications; at = next) {
        struct notification *notification = CONTAINING_RECORD(at, struct notification, link);
        next = at->Flink;
        notification->function(reason, &data, notification->context);
    }
}

void notify_loaded(struct module *module)
{
    notify(module, LDR_DLL_NOTIFICATION_REASON_LOADED);
}

NTSTATUS NTAPI LdrRegisterDllNotification(ULONG flags, PLDR_DLL_NOTIFICATION_FUNCTION function, PVOID context,
                                          PVOID *cookie)
{
    struct notification *notification;

    if (flags || !function || !cookie) return STATUS_INVALID_PARAMETER;
    notification = RtlAllocateHeap(process_heap(), 0, sizeof(*notification));
    if (!notification) return STATUS_NO_MEMORY;
    notification->function = function;
    notification->context = context;
    RtlEnterCriticalSection(&loader_lock);
    notification->link.Flink = &notifications;
    notification->link.Blink = notifications.Blink;
    notifications.Blink->Flink = &notification->link;
    notifications.Blink = &notification->link;
    RtlLeaveCriticalSection(&loader_lock);
    *cookie = notification;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnregisterDllNotification(PVOID cookie)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;

    RtlEnterCriticalSection(&loader_lock);
    for (LIST_ENTRY *at = notifications.Flink; at != &notifications; at = at->Flink) {
        if (CONTAINING_RECORD(at, struct notification, link) != cookie) continue;
        at->Blink->Flink = at->Flink;
        at->Flink->Blink = at->Blink;
        RtlFreeHeap(process_heap(), 0, cookie);
        status = STATUS_SUCCESS;
        break;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

static void mark(struct module *module)
{
    if (module->marked) return;
    module->marked = true;
    for (LDRP_DEPENDENCY *at = NULL; (at = next_dependency(module, at));) mark(dependency_module(at));
}

static struct module *module_at(LIST_ENTRY *link)
{
    return module_of_entry(CONTAINING_RECORD(link, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks));
}

// One that is being loaded has no references yet.
static bool is_root(const struct module *module)
{
    return module->node.LoadCount != 0 || module->node.State == LdrModulesInitializing ||
           module->node.State == LdrModulesMapping;
}

static void mark_all(void)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList, *at;

    for (at = head->Flink; at != head; at = at->Flink) module_at(at)->marked = false;
    for (at = head->Flink; at != head; at = at->Flink)
        if (is_root(module_at(at))) mark(module_at(at));
}

// Detach code may load and free other modules: the lists are walked anew after each call.
static bool detach_one(void)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InInitializationOrderModuleList;

    for (LIST_ENTRY *at = head->Blink; at != head; at = at->Blink) {
        struct module *module =
            module_of_entry(CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InInitializationOrderLinks));
        if (module->marked || !module->initialized) continue;
        module->node.State = LdrModulesUnloading;
        detach_module(module, NULL);
        return true;
    }
    return false;
}

static void unmap(struct module *module)
{
    void *base = module->entry.DllBase;

    notify(module, LDR_DLL_NOTIFICATION_REASON_UNLOADED);
    record_unload(module);
    tls_remove_module(module);
    module_destroy(module);
    NtUnmapViewOfSection(NtCurrentProcess(), base);
}

void collect_modules(void)
{
    static bool collecting;
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;

    if (collecting) return; // from a detach: the outer call goes on with what this one released
    collecting = true;
    do mark_all();
    while (detach_one());
    for (LIST_ENTRY *at = head->Flink, *next; at != head; at = next) {
        struct module *module = module_at(at);
        next = at->Flink;
        if (!module->marked) unmap(module);
    }
    collecting = false;
}

// Gives up one reference to a module. STATUS_DLL_NOT_FOUND when base is none.
NTSTATUS NTAPI LdrUnloadDll(PVOID base)
{
    NTSTATUS status = STATUS_SUCCESS;
    struct module *module;

    if (process_shutting_down) return STATUS_SUCCESS;
    RtlEnterCriticalSection(&loader_lock);
    module = module_from_base(base);
    if (!module) {
        status = STATUS_DLL_NOT_FOUND;
    } else if (module->node.LoadCount != PINNED && !(module->entry.Flags & LDRP_PROCESS_STATIC_IMPORT)) {
        if (module->node.LoadCount && --module->node.LoadCount == 0) collect_modules();
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

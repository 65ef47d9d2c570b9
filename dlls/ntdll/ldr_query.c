// Questions about loaded modules: handles, names, references, enumeration, the loader lock.
#include "ldr.h"
#include "rtl.h"
#include "nt/rtl_loader.h"

static void add_reference(struct module *module, bool pin)
{
    if (pin)
        module->node.LoadCount = PINNED;
    else if (module->node.LoadCount != PINNED)
        module->node.LoadCount++;
}

NTSTATUS NTAPI LdrGetDllHandleEx(ULONG flags, PWSTR path, PULONG characteristics, const UNICODE_STRING *name,
                                 PVOID *base)
{
    struct module *module;

    (void)path;
    (void)characteristics;
    if (!name || !name->Length || !name->Buffer) return STATUS_DLL_NOT_FOUND;
    const ULONG both = LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT | LDR_GET_DLL_HANDLE_EX_PIN;
    if ((flags & ~7u) || (flags & both) == both) return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    module = find_loaded_module(name, true);
    if (module && !(flags & LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT))
        add_reference(module, flags & LDR_GET_DLL_HANDLE_EX_PIN);
    if (base) *base = module ? module->entry.DllBase : NULL;
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetDllHandle(PWSTR path, PULONG characteristics, const UNICODE_STRING *name, PVOID *base)
{
    return LdrGetDllHandleEx(LDR_GET_DLL_HANDLE_EX_UNCHANGED_REFCOUNT, path, characteristics, name, base);
}

// The module with both of these names; either may be NULL.
NTSTATUS NTAPI LdrGetDllHandleByName(const UNICODE_STRING *base_name, const UNICODE_STRING *full_name,
                                     PVOID *base)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;
    NTSTATUS status = STATUS_DLL_NOT_FOUND;

    if ((!base_name && !full_name) || !base) return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        const LDR_DATA_TABLE_ENTRY *entry = CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks);
        if (base_name && !RtlEqualUnicodeString(base_name, &entry->BaseDllName, TRUE)) continue;
        if (full_name && !RtlEqualUnicodeString(full_name, &entry->FullDllName, TRUE)) continue;
        *base = entry->DllBase;
        status = STATUS_SUCCESS;
        break;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

// Whether an address is where a module is mapped.
NTSTATUS NTAPI LdrGetDllHandleByMapping(PVOID mapping, PVOID *base)
{
    struct module *module;

    RtlEnterCriticalSection(&loader_lock);
    module = module_from_base(mapping);
    if (module) *base = mapping;
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_DLL_NOT_FOUND;
}

NTSTATUS NTAPI LdrGetDllFullName(PVOID base, UNICODE_STRING *name)
{
    NTSTATUS status = STATUS_DLL_NOT_FOUND;
    struct module *module;

    RtlEnterCriticalSection(&loader_lock);
    module = base ? module_from_base(base) : main_module;
    if (module) {
        const UNICODE_STRING *full = &module->entry.FullDllName;
        RtlCopyUnicodeString(name, full);
        status = name->MaximumLength < full->Length ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
    }
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

NTSTATUS NTAPI LdrAddRefDll(ULONG flags, PVOID base)
{
    struct module *module;

    if (flags & ~LDR_ADDREF_DLL_PIN) return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    module = module_from_base(base);
    if (module) add_reference(module, flags & LDR_ADDREF_DLL_PIN);
    RtlLeaveCriticalSection(&loader_lock);
    return module ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS NTAPI LdrDisableThreadCalloutsForDll(PVOID base)
{
    NTSTATUS status = STATUS_SUCCESS;
    struct module *module;

    RtlEnterCriticalSection(&loader_lock);
    module = module_from_base(base);
    if (!module) status = STATUS_DLL_NOT_FOUND;
    // One with thread-local storage must hear of threads.
    else if (module->tls_index != NO_TLS)
        status = STATUS_INVALID_PARAMETER;
    else
        module->entry.Flags |= LDRP_DONT_CALL_FOR_THREADS;
    RtlLeaveCriticalSection(&loader_lock);
    return status;
}

NTSTATUS NTAPI LdrFindEntryForAddress(PVOID address, PLDR_DATA_TABLE_ENTRY *entry)
{
    struct module *module = module_from_address(address);

    *entry = module ? &module->entry : NULL;
    return module ? STATUS_SUCCESS : STATUS_NO_MORE_ENTRIES;
}

NTSTATUS NTAPI LdrEnumerateLoadedModules(BOOLEAN reserved, PLDR_ENUM_CALLBACK callback, PVOID context)
{
    LIST_ENTRY *head = &peb_self()->Ldr->InLoadOrderModuleList;
    BOOLEAN stop = FALSE;

    if (reserved || !callback) return STATUS_INVALID_PARAMETER;
    RtlEnterCriticalSection(&loader_lock);
    for (LIST_ENTRY *at = head->Flink, *next; at != head && !stop; at = next) {
        next = at->Flink;
        callback(CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks), context, &stop);
    }
    RtlLeaveCriticalSection(&loader_lock);
    return STATUS_SUCCESS;
}

static NTSTATUS fail_lock(ULONG flags, NTSTATUS status)
{
    if (flags & LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS) RtlRaiseStatus(status);
    return status;
}

// The cookie carries the owner, so that another thread's unlock is noticed.
NTSTATUS NTAPI LdrLockLoaderLock(ULONG flags, ULONG *disposition, ULONG_PTR *cookie)
{
    const ULONG known = LDR_LOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS | LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY;

    if (disposition) *disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_INVALID;
    if (cookie) *cookie = 0;
    if (flags & ~known) return fail_lock(flags, STATUS_INVALID_PARAMETER_1);
    if (!cookie) return fail_lock(flags, STATUS_INVALID_PARAMETER_3);
    if ((flags & LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY) && !disposition)
        return fail_lock(flags, STATUS_INVALID_PARAMETER_2);
    if (flags & LDR_LOCK_LOADER_LOCK_FLAG_TRY_ONLY) {
        if (!RtlTryEnterCriticalSection(&loader_lock)) {
            *disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_NOT_ACQUIRED;
            return STATUS_SUCCESS;
        }
    } else {
        RtlEnterCriticalSection(&loader_lock);
    }
    if (disposition) *disposition = LDR_LOCK_LOADER_LOCK_DISPOSITION_LOCK_ACQUIRED;
    *cookie = current_thread_id() << 1 | 1;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI LdrUnlockLoaderLock(ULONG flags, ULONG_PTR cookie)
{
    if (flags & ~LDR_UNLOCK_LOADER_LOCK_FLAG_RAISE_ON_ERRORS)
        return fail_lock(flags, STATUS_INVALID_PARAMETER_1);
    if (!cookie) return STATUS_SUCCESS;
    if (cookie != (current_thread_id() << 1 | 1)) return fail_lock(flags, STATUS_INVALID_PARAMETER_2);
    RtlLeaveCriticalSection(&loader_lock);
    return STATUS_SUCCESS;
}

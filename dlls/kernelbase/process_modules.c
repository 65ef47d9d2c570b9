// A walk through the list of modules of a process. What is read of another one may change meanwhile.
#include "process_modules.h"

enum { MODULES_MAX = 10000 };

static bool read(HANDLE process, const void *address, void *buffer, SIZE_T size)
{
    return bool_from_status(NtReadVirtualMemory(process, (void *)address, buffer, size, NULL));
}

static bool is_own(HANDLE process, const PROCESS_BASIC_INFORMATION *info)
{
    return process == NtCurrentProcess() || (DWORD)(ULONG_PTR)info->UniqueProcessId == GetCurrentProcessId();
}

BOOL module_walk_begin(struct module_walk *walk, HANDLE process)
{
    PROCESS_BASIC_INFORMATION info;
    PEB_LDR_DATA *loader;
    ULONG disposition = 0;
    *walk = (struct module_walk){.process = process, .left = MODULES_MAX};
    NTSTATUS status = NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    if (is_own(process, &info)) walk->locked = NT_SUCCESS(LdrLockLoaderLock(0, &disposition, &walk->cookie));
    if (!read(process, &info.PebBaseAddress->Ldr, &loader, sizeof(loader))) return FALSE;
    if (!loader) return fail_with(ERROR_PARTIAL_COPY);
    walk->head = &loader->InLoadOrderModuleList;
    return read(process, walk->head, &walk->next, sizeof(walk->next));
}

void module_walk_end(struct module_walk *walk)
{
    if (walk->locked) LdrUnlockLoaderLock(0, walk->cookie);
}

bool module_walk_next(struct module_walk *walk)
{
    if (walk->next == walk->head || !walk->left--) return false;
    const LDR_DATA_TABLE_ENTRY *entry = CONTAINING_RECORD(walk->next, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks);
    if (!read(walk->process, entry, &walk->entry, sizeof(walk->entry))) return false;
    walk->next = walk->entry.InLoadOrderLinks.Flink;
    return true;
}

DWORD module_walk_string(const struct module_walk *walk, const UNICODE_STRING *string, WCHAR *buffer,
                         DWORD size)
{
    DWORD length = string->Length / sizeof(WCHAR);
    if (!size) return 0;
    if (length >= size) length = size - 1;
    if (!read(walk->process, string->Buffer, buffer, length * sizeof(WCHAR))) length = 0;
    buffer[length] = 0;
    return length;
}

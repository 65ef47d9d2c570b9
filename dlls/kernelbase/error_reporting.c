// What a program adds to reports of its crashes: files, memory, processes, texts and modules. No reports are
// sent here; what is registered is kept, and must be there to be taken away.
#include "base.h"

enum kind { REGISTERED_FILE, REGISTERED_MEMORY, EXCLUDED_MEMORY, PROCESS, METADATA, EXCEPTION_MODULE };

#define ENTRIES_MAX 512 // WER_MAX_REGISTERED_ENTRIES
#define NOT_FOUND   HRESULT_FROM_WIN32(ERROR_NOT_FOUND)
#define NO_ROOM     HRESULT_FROM_WIN32(ERROR_INSUFFICIENT_BUFFER)

struct entry {
    struct entry *next;
    enum kind kind;
    ULONG_PTR number; // of what has no name
    WCHAR name[];
};

static RTL_SRWLOCK lock = RTL_SRWLOCK_INIT;
static struct entry *entries; // under the lock
static unsigned entries_n;
static DWORD wer_flags;

static struct entry **find(enum kind kind, ULONG_PTR number, const WCHAR *name)
{
    struct entry **at = &entries;
    while (*at && ((*at)->kind != kind || (*at)->number != number || lstrcmpiW((*at)->name, name)))
        at = &(*at)->next;
    return at;
}

static HRESULT add(enum kind kind, ULONG_PTR number, const WCHAR *name)
{
    SIZE_T length = wide_length(name);
    struct entry *entry = heap_alloc(sizeof(*entry) + (length + 1) * sizeof(WCHAR));
    if (!entry) return E_OUTOFMEMORY;
    *entry = (struct entry){.kind = kind, .number = number};
    memcpy(entry->name, name, (length + 1) * sizeof(WCHAR));
    RtlAcquireSRWLockExclusive(&lock);
    bool room = entries_n < ENTRIES_MAX;
    if (room) {
        entry->next = entries;
        entries = entry;
        entries_n++;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (!room) heap_free(entry);
    return room ? S_OK : NO_ROOM;
}

static HRESULT take(enum kind kind, ULONG_PTR number, const WCHAR *name)
{
    RtlAcquireSRWLockExclusive(&lock);
    struct entry **at = find(kind, number, name), *entry = *at;
    if (entry) {
        *at = entry->next;
        entries_n--;
    }
    RtlReleaseSRWLockExclusive(&lock);
    if (entry) heap_free(entry);
    return entry ? S_OK : NOT_FOUND;
}

HOTPATCH HRESULT WINAPI WerSetFlags(DWORD flags)
{
    wer_flags = flags;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WerGetFlags(HANDLE process, DWORD *flags)
{
    (void)process;
    if (!flags) return E_INVALIDARG;
    *flags = wer_flags;
    return S_OK;
}

HOTPATCH HRESULT WINAPI WerRegisterFile(const WCHAR *file, LONG type, DWORD flags)
{
    (void)type, (void)flags;
    return file && *file ? add(REGISTERED_FILE, 0, file) : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerUnregisterFile(const WCHAR *file)
{
    return file ? take(REGISTERED_FILE, 0, file) : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerRegisterMemoryBlock(void *address, DWORD size)
{
    return address && size ? add(REGISTERED_MEMORY, (ULONG_PTR)address, L"") : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerUnregisterMemoryBlock(void *address)
{
    return address ? take(REGISTERED_MEMORY, (ULONG_PTR)address, L"") : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerRegisterExcludedMemoryBlock(const void *address, DWORD size)
{
    return address && size ? add(EXCLUDED_MEMORY, (ULONG_PTR)address, L"") : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerUnregisterExcludedMemoryBlock(const void *address)
{
    return address ? take(EXCLUDED_MEMORY, (ULONG_PTR)address, L"") : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerRegisterAdditionalProcess(DWORD process, DWORD capture_thread)
{
    (void)capture_thread;
    return process ? add(PROCESS, process, L"") : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerUnregisterAdditionalProcess(DWORD process)
{
    return take(PROCESS, process, L"");
}

// The value of a key that was there before is replaced.
HOTPATCH HRESULT WINAPI WerRegisterCustomMetadata(const WCHAR *key, const WCHAR *value)
{
    if (!key || !value || !*key) return E_INVALIDARG;
    take(METADATA, 0, key);
    return add(METADATA, 0, key);
}

HOTPATCH HRESULT WINAPI WerUnregisterCustomMetadata(const WCHAR *key)
{
    return key ? take(METADATA, 0, key) : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerRegisterRuntimeExceptionModule(const WCHAR *module, void *context)
{
    return module && *module ? add(EXCEPTION_MODULE, (ULONG_PTR)context, module) : E_INVALIDARG;
}

HOTPATCH HRESULT WINAPI WerUnregisterRuntimeExceptionModule(const WCHAR *module, void *context)
{
    return module ? take(EXCEPTION_MODULE, (ULONG_PTR)context, module) : E_INVALIDARG;
}

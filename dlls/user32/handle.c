// The lock, the table of handles, and memory.
#include "user.h"

// A handle has the place in the table below and the number of the object's use of it above, as on Windows.
enum { HANDLES_MAX = 10000, FIRST = 16 };

struct entry {
    void *object;
    WORD type, use;
};

static struct entry entries[FIRST + HANDLES_MAX];
static unsigned used = FIRST, free_first; // free_first: a list through `object` as numbers
static RTL_CRITICAL_SECTION lock = {.DebugInfo = (void *)-1, .LockCount = -1};

void user_lock(void)
{
    RtlEnterCriticalSection(&lock);
}

void user_unlock(void)
{
    RtlLeaveCriticalSection(&lock);
}

// Handles are even, like all of Windows'.
static HANDLE handle_of(unsigned place)
{
    return (HANDLE)((ULONG_PTR)entries[place].use << 16 | place * 2);
}

HANDLE user_handle_create(void *object, enum user_type type)
{
    unsigned place = free_first;
    if (place) {
        free_first = (unsigned)(ULONG_PTR)entries[place].object;
    } else if (used < ARRAY_LENGTH(entries)) {
        place = used++;
    } else {
        SetLastError(ERROR_NO_MORE_USER_HANDLES);
        return NULL;
    }
    struct entry *entry = &entries[place];
    entry->object = object;
    entry->type = (WORD)type;
    // Never 0 and never FFFFh: those mean "any use".
    entry->use = entry->use >= 0x7FFE ? 1 : entry->use + 1;
    return handle_of(place);
}

static struct entry *find(HANDLE handle)
{
    ULONG_PTR value = (ULONG_PTR)handle;
    unsigned place = (value & 0xFFFF) / 2, use = (unsigned)(value >> 16);
    if (place < FIRST || place >= used || value & 1) return NULL;
    if (use && use != 0xFFFF && use != entries[place].use) return NULL;
    return &entries[place];
}

void user_handle_free(HANDLE handle)
{
    struct entry *entry = find(handle);
    if (!entry) return;
    entry->type = USER_FREE;
    entry->object = (void *)(ULONG_PTR)free_first;
    free_first = (unsigned)(entry - entries);
}

void *user_handle_object(HANDLE handle, enum user_type type)
{
    struct entry *entry = find(handle);
    return entry && entry->type == type ? entry->object : NULL;
}

void *user_handle_next(unsigned *index, enum user_type type)
{
    for (unsigned place = FIRST + *index; place < used; place++) {
        if (entries[place].type != type) continue;
        *index = place - FIRST + 1;
        return entries[place].object;
    }
    return NULL;
}

void *user_alloc(SIZE_T size)
{
    void *memory = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
    if (!memory) SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return memory;
}

void user_free(void *memory)
{
    if (memory) HeapFree(GetProcessHeap(), 0, memory);
}

WCHAR *user_copy_text(const WCHAR *text)
{
    SIZE_T size = ((SIZE_T)lstrlenW(text) + 1) * sizeof(WCHAR);
    WCHAR *copy = user_alloc(size);
    if (copy) memcpy(copy, text, size);
    return copy;
}

WCHAR *user_wide_text(const char *text)
{
    if (!text) return NULL;
    int length = lstrlenA(text) + 1;
    WCHAR *copy = user_alloc((SIZE_T)length * sizeof(WCHAR));
    if (copy) MultiByteToWideChar(CP_ACP, 0, text, length, copy, length);
    return copy;
}

// Fiber-local storage. TEB.FlsData leads to the values of the running fiber: eight rows that double in size,
// as on Windows 10, made when first set. Fibers swap the pointer.
#include "rtl.h"

#define ROWS        8
#define FIRST_ROW   16u
#define INDEX_LIMIT (FIRST_ROW * ((1u << ROWS) - 1)) // 4080

struct fls_data {
    LIST_ENTRY entry;
    PVOID *rows[ROWS];
};

static RTL_SRWLOCK lock;
static LIST_ENTRY all_data = {&all_data, &all_data};
static ULONG in_use[INDEX_LIMIT / 32 + 1] = {1}; // index 0 is never given
static PFLS_CALLBACK_FUNCTION *callbacks[ROWS];

// Splits an index into its row and the place in it.
static inline ULONG row_of(ULONG index, ULONG *place)
{
    ULONG row = 31 - __builtin_clz(index + FIRST_ROW) - 4;

    *place = index + FIRST_ROW - (FIRST_ROW << row);
    return row;
}

static BOOLEAN is_allocated(ULONG index)
{
    return index && index < INDEX_LIMIT && in_use[index / 32] & 1u << (index % 32);
}

/** Allocates an index; callback (or NULL) is called with each value that dies. STATUS_NO_MEMORY when all are
 * taken. */
NTSTATUS WINAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION callback, PULONG result)
{
    NTSTATUS status = STATUS_NO_MEMORY;

    RtlAcquireSRWLockExclusive(&lock);
    for (ULONG word = 0; word < ARRAYSIZE(in_use); word++) {
        ULONG place, row, index;

        if (!~in_use[word]) continue;
        index = word * 32 + __builtin_ctz(~in_use[word]);
        if (index >= INDEX_LIMIT) break;
        row = row_of(index, &place);
        if (!callbacks[row]) {
            callbacks[row] = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                                             (FIRST_ROW << row) * sizeof(callbacks[row][0]));
        }
        if (!callbacks[row]) break;
        callbacks[row][place] = callback;
        in_use[word] |= 1u << (index % 32);
        *result = index;
        status = STATUS_SUCCESS;
        break;
    }
    RtlReleaseSRWLockExclusive(&lock);
    return status;
}

/** Frees an index and calls its callback for every fiber's value. STATUS_INVALID_PARAMETER when not
 * allocated. */
NTSTATUS WINAPI RtlFlsFree(ULONG index)
{
    PFLS_CALLBACK_FUNCTION callback;
    ULONG place, row;

    RtlAcquireSRWLockExclusive(&lock);
    if (!is_allocated(index)) {
        RtlReleaseSRWLockExclusive(&lock);
        return STATUS_INVALID_PARAMETER;
    }
    row = row_of(index, &place);
    callback = callbacks[row][place];
    // The callback runs without the lock; so look from the start again after each.
    for (LIST_ENTRY *entry = all_data.Flink; entry != &all_data;) {
        struct fls_data *data = CONTAINING_RECORD(entry, struct fls_data, entry);
        PVOID value = data->rows[row] ? data->rows[row][place] : NULL;

        entry = entry->Flink;
        if (!value) continue;
        data->rows[row][place] = NULL;
        if (!callback) continue;
        RtlReleaseSRWLockExclusive(&lock);
        callback(value);
        RtlAcquireSRWLockExclusive(&lock);
        entry = all_data.Flink;
    }
    callbacks[row][place] = NULL;
    in_use[index / 32] &= ~(1u << (index % 32));
    RtlReleaseSRWLockExclusive(&lock);
    return STATUS_SUCCESS;
}

/** The running fiber's value, NULL if it has none. STATUS_INVALID_PARAMETER for an index out of range. */
NTSTATUS WINAPI RtlFlsGetValue(ULONG index, PVOID *value)
{
    struct fls_data *data = teb_self()->FlsData;
    ULONG place, row;

    if (!index || index >= INDEX_LIMIT) return STATUS_INVALID_PARAMETER;
    row = row_of(index, &place);
    *value = data && data->rows[row] ? data->rows[row][place] : NULL;
    return STATUS_SUCCESS;
}

/** Sets the running fiber's value. STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlFlsSetValue(ULONG index, PVOID value)
{
    struct fls_data *data = teb_self()->FlsData;
    ULONG place, row;

    if (!index || index >= INDEX_LIMIT) return STATUS_INVALID_PARAMETER;
    if (!data) {
        data = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*data));
        if (!data) return STATUS_NO_MEMORY;
        RtlAcquireSRWLockExclusive(&lock);
        data->entry.Flink = &all_data;
        data->entry.Blink = all_data.Blink;
        data->entry.Blink->Flink = all_data.Blink = &data->entry;
        RtlReleaseSRWLockExclusive(&lock);
        teb_self()->FlsData = data;
    }
    row = row_of(index, &place);
    if (!data->rows[row]) {
        data->rows[row] =
            RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, (FIRST_ROW << row) * sizeof(PVOID));
        if (!data->rows[row]) return STATUS_NO_MEMORY;
    }
    data->rows[row][place] = value;
    return STATUS_SUCCESS;
}

static void run_callbacks(struct fls_data *data)
{
    for (ULONG row = 0; row < ROWS; row++) {
        for (ULONG place = 0; data->rows[row] && place < FIRST_ROW << row; place++) {
            PVOID value = data->rows[row][place];
            PFLS_CALLBACK_FUNCTION callback;

            if (!value) continue;
            RtlAcquireSRWLockShared(&lock);
            callback = callbacks[row] ? callbacks[row][place] : NULL;
            RtlReleaseSRWLockShared(&lock);
            data->rows[row][place] = NULL;
            if (callback) callback(value);
        }
    }
}

/** Ends a fiber's values: flags 1 runs the callbacks, 2 frees the memory. */
void WINAPI RtlProcessFlsData(PVOID fls_data, ULONG flags)
{
    struct fls_data *data = fls_data;

    if (!data) return;
    if (flags & 1) run_callbacks(data);
    if (flags & 2) {
        RtlAcquireSRWLockExclusive(&lock);
        data->entry.Blink->Flink = data->entry.Flink;
        data->entry.Flink->Blink = data->entry.Blink;
        RtlReleaseSRWLockExclusive(&lock);
        for (ULONG row = 0; row < ROWS; row++) RtlFreeHeap(process_heap(), 0, data->rows[row]);
        RtlFreeHeap(process_heap(), 0, data);
    }
}

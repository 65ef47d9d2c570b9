// Fiber-local storage. TEB.FlsData leads to the values of the running fiber: eight rows that double in size,
// as on Windows 10, made when first set. Fibers swap the pointer.
#include "ldr.h"
#include "rtl.h"

#define ROWS        8
#define FIRST_ROW   16u
#define INDEX_LIMIT (FIRST_ROW * ((1u << ROWS) - 1)) // 4080
#define NO_CALLBACK ((PFLS_CALLBACK_FUNCTION) ~(ULONG_PTR)0)

// What programs find behind TEB.FlsData, and through its list the process's part: Windows 10's layouts.
struct fls_data {
    LIST_ENTRY entry;
    PVOID *rows[ROWS]; // the first element of a row is not a value
};

struct callback_row {
    ULONG count; // indices in use
    struct {
        PVOID reserved;
        PFLS_CALLBACK_FUNCTION callback; // NULL: the index is free; NO_CALLBACK: in use, without one
    } callbacks[];
};

static struct {
    struct callback_row *rows[ROWS];
    LIST_ENTRY all_data;
    ULONG high_index;
} process = {.all_data = {&process.all_data, &process.all_data}};
_Static_assert(__builtin_offsetof(struct fls_data, rows) == 8 && sizeof(struct fls_data) == 0x28,
               "Windows' layout");
_Static_assert(sizeof(process) == 0x2C, "Windows' layout");

static RTL_SRWLOCK lock;

// Splits an index into its row and the place in it.
static inline ULONG row_of(ULONG index, ULONG *place)
{
    ULONG row = 31 - __builtin_clz(index + FIRST_ROW) - 4;

    *place = index + FIRST_ROW - (FIRST_ROW << row);
    return row;
}

// The row's callbacks, made at the first use; NULL without memory. Index 0 is never given.
static struct callback_row *callback_row(ULONG row)
{
    struct callback_row *made = process.rows[row];

    if (made) return made;
    made = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                           sizeof(*made) + (FIRST_ROW << row) * sizeof(made->callbacks[0]));
    if (made && !row) {
        made->count = 1;
        made->callbacks[0].callback = NO_CALLBACK;
    }
    process.rows[row] = made;
    return made;
}

// The running fiber's first values; NULL without memory.
static struct fls_data *create_data(void)
{
    struct fls_data *data = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*data));

    if (!data) return NULL;
    RtlAcquireSRWLockExclusive(&lock);
    data->entry.Flink = &process.all_data;
    data->entry.Blink = process.all_data.Blink;
    data->entry.Blink->Flink = process.all_data.Blink = &data->entry;
    RtlReleaseSRWLockExclusive(&lock);
    teb_self()->FlsData = data;
    return data;
}

/** Allocates an index; callback (or NULL) is called with each value that dies. STATUS_NO_MEMORY when all are
 * taken. */
NTSTATUS WINAPI RtlFlsAlloc(PFLS_CALLBACK_FUNCTION callback, PULONG result)
{
    NTSTATUS status = STATUS_NO_MEMORY;

    if (!teb_self()->FlsData && !create_data()) return status;
    RtlAcquireSRWLockExclusive(&lock);
    for (ULONG row = 0; row < ROWS; row++) {
        struct callback_row *callbacks = callback_row(row);
        ULONG place = 0, index;

        if (!callbacks) break;
        if (callbacks->count == FIRST_ROW << row) continue;
        while (callbacks->callbacks[place].callback) place++;
        callbacks->callbacks[place].callback = callback ? callback : NO_CALLBACK;
        callbacks->count++;
        index = (FIRST_ROW << row) - FIRST_ROW + place;
        if (index > process.high_index) process.high_index = index;
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
    PFLS_CALLBACK_FUNCTION callback = NULL;
    ULONG place, row;

    if (!index || index >= INDEX_LIMIT) return STATUS_INVALID_PARAMETER;
    row = row_of(index, &place);
    RtlAcquireSRWLockExclusive(&lock);
    if (process.rows[row]) callback = process.rows[row]->callbacks[place].callback;
    if (!callback) {
        RtlReleaseSRWLockExclusive(&lock);
        return STATUS_INVALID_PARAMETER;
    }
    // The callback runs without the lock; so look from the start again after each.
    for (LIST_ENTRY *entry = process.all_data.Flink; entry != &process.all_data;) {
        struct fls_data *data = CONTAINING_RECORD(entry, struct fls_data, entry);
        PVOID value = data->rows[row] ? data->rows[row][place + 1] : NULL;

        entry = entry->Flink;
        if (!value) continue;
        data->rows[row][place + 1] = NULL;
        if (callback == NO_CALLBACK) continue;
        RtlReleaseSRWLockExclusive(&lock);
        callback(value);
        RtlAcquireSRWLockExclusive(&lock);
        entry = process.all_data.Flink;
    }
    process.rows[row]->callbacks[place].callback = NULL;
    process.rows[row]->count--;
    RtlReleaseSRWLockExclusive(&lock);
    return STATUS_SUCCESS;
}

/** The running fiber's value, NULL if it has none. STATUS_INVALID_PARAMETER for an index out of range, or as
 * long as the fiber has no value at all. */
NTSTATUS WINAPI RtlFlsGetValue(ULONG index, PVOID *value)
{
    struct fls_data *data = teb_self()->FlsData;
    ULONG place, row;

    if (!index || index >= INDEX_LIMIT || !data) return STATUS_INVALID_PARAMETER;
    row = row_of(index, &place);
    *value = data->rows[row] ? data->rows[row][place + 1] : NULL;
    return STATUS_SUCCESS;
}

// Every thread begins with data of its own, as on Windows, where the C run-time library sees to it.
NTSTATUS fls_attach_thread(void)
{
    return teb_self()->FlsData || create_data() ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/** Sets the running fiber's value. STATUS_NO_MEMORY. */
NTSTATUS WINAPI RtlFlsSetValue(ULONG index, PVOID value)
{
    struct fls_data *data = teb_self()->FlsData;
    ULONG place, row;

    if (!index || index >= INDEX_LIMIT) return STATUS_INVALID_PARAMETER;
    if (!data && !(data = create_data())) return STATUS_NO_MEMORY;
    row = row_of(index, &place);
    if (!data->rows[row]) {
        data->rows[row] =
            RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, ((FIRST_ROW << row) + 1) * sizeof(PVOID));
        if (!data->rows[row]) return STATUS_NO_MEMORY;
    }
    data->rows[row][place + 1] = value;
    return STATUS_SUCCESS;
}

static void run_callbacks(struct fls_data *data)
{
    for (ULONG row = 0; row < ROWS; row++) {
        for (ULONG place = 0; data->rows[row] && place < FIRST_ROW << row; place++) {
            PVOID value = data->rows[row][place + 1];
            PFLS_CALLBACK_FUNCTION callback;

            if (!value) continue;
            RtlAcquireSRWLockShared(&lock);
            callback = process.rows[row] ? process.rows[row]->callbacks[place].callback : NULL;
            RtlReleaseSRWLockShared(&lock);
            data->rows[row][place + 1] = NULL;
            if (callback && callback != NO_CALLBACK) callback(value);
        }
    }
}

/** Ends a fiber's values: flags 1 runs the callbacks and takes them off the process's list, 2 frees the
 * memory. */
void WINAPI RtlProcessFlsData(PVOID fls_data, ULONG flags)
{
    struct fls_data *data = fls_data;

    if (!data) return;
    if (flags & 1) {
        RtlAcquireSRWLockExclusive(&lock);
        data->entry.Blink->Flink = data->entry.Flink;
        data->entry.Flink->Blink = data->entry.Blink;
        RtlReleaseSRWLockExclusive(&lock);
        run_callbacks(data);
    }
    if (flags & 2) {
        for (ULONG row = 0; row < ROWS; row++) RtlFreeHeap(process_heap(), 0, data->rows[row]);
        RtlFreeHeap(process_heap(), 0, data);
    }
}

// Runs the callbacks of the ending thread's values. It may do so again when what runs later ends the process:
// then nothing is left to take off the list.
void fls_detach_thread(void)
{
    struct fls_data *data = teb_self()->FlsData;

    if (!data) return;
    RtlProcessFlsData(data, 1);
    data->entry.Flink = data->entry.Blink = &data->entry;
}

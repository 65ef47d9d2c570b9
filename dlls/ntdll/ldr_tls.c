// Implicit thread-local storage: the TLS directories of images, each thread's vector of copies, TLS
// callbacks. A thread's vector grows when a DLL with TLS is loaded late; the old vector stays until the
// thread ends, because its code may hold the pointer.
#include "ldr.h"
#include "rtl.h"

enum { FIRST_CAPACITY = 16 };

struct vector {
    LIST_ENTRY link; // in threads, for the one in use
    TEB *teb;
    struct vector *previous; // what this one replaced
    ULONG capacity;
    void *slots[];
};

struct tls_module {
    struct module *module;
    const IMAGE_TLS_DIRECTORY32 *directory;
};

static struct tls_module *modules; // by TLS index; module NULL: free
static ULONG modules_size, modules_count;
static LIST_ENTRY threads = {&threads, &threads}; // the vectors of all threads

static struct vector *vector_of(const TEB *teb)
{
    return CONTAINING_RECORD(teb->ThreadLocalStoragePointer, struct vector, slots);
}

static bool vector_reserve(TEB *teb, ULONG count)
{
    struct vector *old = teb->ThreadLocalStoragePointer ? vector_of(teb) : NULL, *new;
    ULONG capacity = FIRST_CAPACITY;

    if (old && old->capacity >= count) return true;
    while (capacity < count) capacity *= 2;
    new = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*new) + capacity * sizeof(void *));
    if (!new) return false;
    new->capacity = capacity;
    new->teb = teb;
    new->previous = old;
    new->link = (LIST_ENTRY){&threads, threads.Blink};
    if (old) {
        memcpy(new->slots, old->slots, old->capacity * sizeof(void *));
        new->link = old->link; // takes its place, also for a walk that is under way
    }
    new->link.Blink->Flink = new->link.Flink->Blink = &new->link;
    __atomic_store_n(&teb->ThreadLocalStoragePointer, new->slots, __ATOMIC_RELEASE);
    return true;
}

// A thread's copy of one module's data. The block's own address is stored before it, for alignment beyond the
// heap's.
static bool make_copy(TEB *teb, ULONG index)
{
    const IMAGE_TLS_DIRECTORY32 *directory = modules[index].directory;
    ULONG template_size = directory->EndAddressOfRawData - directory->StartAddressOfRawData;
    ULONG flags = directory->Characteristics >> 20 & 15, alignment = flags ? 1u << (flags - 1) : 8;
    char *block, *data;

    if (alignment < 8) alignment = 8;
    block = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                            template_size + directory->SizeOfZeroFill + alignment + sizeof(void *));
    if (!block) return false;
    data = (char *)(((ULONG_PTR)block + sizeof(void *) + alignment - 1) & -(ULONG_PTR)alignment);
    ((void **)data)[-1] = block;
    memcpy(data, (const void *)directory->StartAddressOfRawData, template_size);
    teb->ThreadLocalStoragePointer[index] = data;
    return true;
}

static void free_copy(TEB *teb, ULONG index)
{
    void *data = teb->ThreadLocalStoragePointer[index];

    if (!data) return;
    teb->ThreadLocalStoragePointer[index] = NULL;
    RtlFreeHeap(process_heap(), 0, ((void **)data)[-1]);
}

static bool take_index(ULONG *index)
{
    ULONG i;

    for (i = 0; i < modules_count && modules[i].module; i++) continue;
    if (i == modules_size) {
        ULONG size = modules_size ? modules_size * 2 : FIRST_CAPACITY;
        struct tls_module *grown = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, size * sizeof(*grown));
        if (!grown) return false;
        if (modules) {
            memcpy(grown, modules, modules_count * sizeof(*grown));
            RtlFreeHeap(process_heap(), 0, modules);
        }
        modules = grown;
        modules_size = size;
    }
    if (i == modules_count) modules_count++;
    *index = i;
    return true;
}

NTSTATUS tls_add_module(struct module *module)
{
    ULONG size, index;
    const IMAGE_TLS_DIRECTORY32 *directory =
        RtlImageDirectoryEntryToData(module->entry.DllBase, TRUE, IMAGE_DIRECTORY_ENTRY_TLS, &size);

    if (!directory || size < sizeof(*directory)) return STATUS_SUCCESS;
    if (!take_index(&index)) return STATUS_NO_MEMORY;
    modules[index] = (struct tls_module){module, directory};
    module->tls_index = index;
    module->entry.TlsIndex = HAS_TLS;
    if (directory->AddressOfIndex) {
        // Some linkers put the index into a section that isn't writable.
        bool writable =
            module_is_writable(module, directory->AddressOfIndex - (ULONG_PTR)module->entry.DllBase);
        PVOID page = (PVOID)directory->AddressOfIndex;
        SIZE_T length = sizeof(ULONG);
        ULONG protection = 0;
        NTSTATUS status = STATUS_SUCCESS;
        if (!writable)
            status = NtProtectVirtualMemory(NtCurrentProcess(), &page, &length, PAGE_READWRITE, &protection);
        if (!NT_SUCCESS(status)) return status;
        *(ULONG *)directory->AddressOfIndex = index;
        if (!writable) NtProtectVirtualMemory(NtCurrentProcess(), &page, &length, protection, &protection);
    }
    for (LIST_ENTRY *at = threads.Flink; at != &threads; at = at->Flink) {
        TEB *teb = CONTAINING_RECORD(at, struct vector, link)->teb;
        if (!vector_reserve(teb, index + 1) || !make_copy(teb, index)) {
            tls_remove_module(module);
            return STATUS_NO_MEMORY;
        }
    }
    return STATUS_SUCCESS;
}

void tls_remove_module(struct module *module)
{
    ULONG index = module->tls_index;

    if (index == NO_TLS) return;
    for (LIST_ENTRY *at = threads.Flink; at != &threads; at = at->Flink) {
        TEB *teb = CONTAINING_RECORD(at, struct vector, link)->teb;
        if (teb->ThreadLocalStoragePointer && vector_of(teb)->capacity > index) free_copy(teb, index);
    }
    modules[index].module = NULL;
    module->tls_index = NO_TLS;
    module->entry.TlsIndex = 0;
}

NTSTATUS tls_attach_thread(void)
{
    TEB *teb = teb_self();

    // Windows gives every thread a vector as soon as the process has one.
    if (!vector_reserve(teb, modules_count)) return STATUS_NO_MEMORY;
    for (ULONG i = 0; i < modules_count; i++)
        if (modules[i].module && !make_copy(teb, i)) return STATUS_NO_MEMORY;
    return STATUS_SUCCESS;
}

void tls_detach_thread(void)
{
    TEB *teb = teb_self();
    struct vector *vector;

    if (!teb->ThreadLocalStoragePointer) return;
    vector = vector_of(teb);
    vector->link.Blink->Flink = vector->link.Flink;
    vector->link.Flink->Blink = vector->link.Blink;
    for (ULONG i = 0; i < modules_count; i++) free_copy(teb, i);
    teb->ThreadLocalStoragePointer = NULL;
    while (vector) {
        struct vector *previous = vector->previous;
        RtlFreeHeap(process_heap(), 0, vector);
        vector = previous;
    }
}

// The array is read anew before each call: packers add callbacks from callbacks.
void tls_run_callbacks(struct module *module, ULONG reason)
{
    ULONG size;
    const IMAGE_TLS_DIRECTORY32 *directory =
        RtlImageDirectoryEntryToData(module->entry.DllBase, TRUE, IMAGE_DIRECTORY_ENTRY_TLS, &size);

    if (!directory || !directory->AddressOfCallBacks) return;
    for (void *volatile *callback = (void *volatile *)directory->AddressOfCallBacks; *callback; callback++)
        call_dll_entry(*callback, module->entry.DllBase, reason, NULL);
}

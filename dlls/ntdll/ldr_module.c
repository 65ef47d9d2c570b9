// The set of loaded modules: their records, the lists that PEB->Ldr publishes, and lookups in them.
#include "ldr.h"
#include "rtl.h"

enum { HASH_BUCKETS = 32 };

RTL_CRITICAL_SECTION loader_lock = {.LockCount = -1};
RTL_SRWLOCK module_list_lock = RTL_SRWLOCK_INIT;
struct module *main_module, *ntdll_module;

static LIST_ENTRY buckets[HASH_BUCKETS];

static PEB_LDR_DATA ldr_data = {
    .Length = sizeof(PEB_LDR_DATA),
    .Initialized = TRUE,
    .InLoadOrderModuleList = {&ldr_data.InLoadOrderModuleList, &ldr_data.InLoadOrderModuleList},
    .InMemoryOrderModuleList = {&ldr_data.InMemoryOrderModuleList, &ldr_data.InMemoryOrderModuleList},
    .InInitializationOrderModuleList = {&ldr_data.InInitializationOrderModuleList,
                                        &ldr_data.InInitializationOrderModuleList},
};

static void list_append(LIST_ENTRY *head, LIST_ENTRY *entry)
{
    entry->Flink = head;
    entry->Blink = head->Blink;
    head->Blink->Flink = entry;
    head->Blink = entry;
}

static void list_remove(LIST_ENTRY *entry)
{
    if (!entry->Flink) return;
    entry->Blink->Flink = entry->Flink;
    entry->Flink->Blink = entry->Blink;
    entry->Flink = entry->Blink = NULL;
}

// ---- the index by address, under module_list_lock ----

static struct module **by_address;
static ULONG index_count, index_capacity;

// How many modules begin at or below address.
static ULONG index_after(const void *address)
{
    ULONG low = 0, high = index_count;

    while (low < high) {
        ULONG middle = low + (high - low) / 2;
        if ((ULONG_PTR)by_address[middle]->entry.DllBase <= (ULONG_PTR)address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// The tree that programs find in the records: balanced anew, as it changes rarely.
static RTL_BALANCED_NODE *build_tree(ULONG low, ULONG high, RTL_BALANCED_NODE *parent)
{
    ULONG middle = low + (high - low) / 2;
    RTL_BALANCED_NODE *node;

    if (low == high) return NULL;
    node = &by_address[middle]->entry.BaseAddressIndexNode;
    node->ParentValue = (ULONG_PTR)parent;
    node->Left = build_tree(low, middle, node);
    node->Right = build_tree(middle + 1, high, node);
    return node;
}

static bool index_insert(struct module *module)
{
    ULONG at;

    if (index_count == index_capacity) {
        ULONG capacity = index_capacity ? 2 * index_capacity : 32;
        struct module **grown = RtlAllocateHeap(process_heap(), 0, capacity * sizeof(*grown));
        if (!grown) return false;
        memcpy(grown, by_address, index_count * sizeof(*grown));
        if (by_address) RtlFreeHeap(process_heap(), 0, by_address);
        by_address = grown;
        index_capacity = capacity;
    }
    at = index_after(module->entry.DllBase);
    memmove(by_address + at + 1, by_address + at, (index_count - at) * sizeof(*by_address));
    by_address[at] = module;
    index_count++;
    build_tree(0, index_count, NULL);
    return true;
}

static void index_remove(struct module *module)
{
    ULONG after = index_after(module->entry.DllBase);

    if (!after || by_address[after - 1] != module) return;
    memmove(by_address + after - 1, by_address + after, (index_count - after) * sizeof(*by_address));
    index_count--;
    build_tree(0, index_count, NULL);
}

// ---- records and lists ----

static void remove_dependencies(struct module *module);

void module_lists_init(void)
{
    for (int i = 0; i < HASH_BUCKETS; i++) buckets[i].Flink = buckets[i].Blink = &buckets[i];
    peb_self()->Ldr = &ldr_data;
    peb_self()->LoaderLock = &loader_lock;
}

static ULONG hash_name(const UNICODE_STRING *name)
{
    ULONG hash = 0;

    for (ULONG i = 0; i < name->Length / sizeof(WCHAR); i++) {
        WCHAR c = name->Buffer[i];
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        else if (c >= 0x80)
            c = RtlUpcaseUnicodeChar(c);
        hash = hash * 65599 + c;
    }
    return hash;
}

// The sections whose names mean something to us.
static void note_sections(struct module *module)
{
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(module->headers);

    for (unsigned i = 0; i < module->headers->FileHeader.NumberOfSections; i++, section++) {
        if (memcmp(section->Name, ".missing", 8) != 0) continue;
        module->missing_start = section->VirtualAddress;
        module->missing_end = section->VirtualAddress + section->Misc.VirtualSize;
    }
}

bool module_is_writable(const struct module *module, ULONG rva)
{
    const IMAGE_SECTION_HEADER *section = IMAGE_FIRST_SECTION(module->headers);

    for (unsigned i = 0; i < module->headers->FileHeader.NumberOfSections; i++, section++)
        if (rva - section->VirtualAddress < section->Misc.VirtualSize)
            return section->Characteristics & IMAGE_SCN_MEM_WRITE;
    return false;
}

static void set_names(struct module *module, WCHAR *buffer, const UNICODE_STRING *full_path)
{
    ULONG length = full_path->Length / sizeof(WCHAR), base = length;

    memcpy(buffer, full_path->Buffer, full_path->Length);
    buffer[length] = 0;
    while (base > 0 && buffer[base - 1] != '\\' && buffer[base - 1] != '/') base--;
    module->entry.FullDllName =
        (UNICODE_STRING){full_path->Length, full_path->Length + sizeof(WCHAR), buffer};
    module->entry.BaseDllName =
        (UNICODE_STRING){(length - base) * sizeof(WCHAR), (length - base + 1) * sizeof(WCHAR), buffer + base};
}

struct module *module_create(void *base, const UNICODE_STRING *full_path, ULONG flags)
{
    const IMAGE_NT_HEADERS32 *headers = (const IMAGE_NT_HEADERS32 *)RtlImageNtHeader(base);
    struct module *module;
    bool indexed;

    if (!headers) return NULL;
    module = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                             sizeof(*module) + full_path->Length + sizeof(WCHAR));
    if (!module) return NULL;
    module->headers = headers;
    module->entry.DllBase = base;
    module->entry.SizeOfImage = headers->OptionalHeader.SizeOfImage;
    module->entry.TimeDateStamp = headers->FileHeader.TimeDateStamp;
    module->entry.OriginalBase = headers->OptionalHeader.ImageBase;
    if (headers->OptionalHeader.AddressOfEntryPoint)
        module->entry.EntryPoint = rva_pointer(base, headers->OptionalHeader.AddressOfEntryPoint);
    module->tls_index = NO_TLS;
    module->entry.Flags = flags;
    module->entry.ReferenceCount = 1;
    module->entry.ObsoleteLoadCount = 6; // what Windows 8 and later leave there
    NtQuerySystemTime(&module->entry.LoadTime);
    set_names(module, (WCHAR *)(module + 1), full_path);
    module->entry.BaseNameHashValue = hash_name(&module->entry.BaseDllName);
    module->entry.DdagNode = &module->node;
    module->node.Modules.Flink = module->node.Modules.Blink = &module->entry.NodeModuleLink;
    module->entry.NodeModuleLink.Flink = module->entry.NodeModuleLink.Blink = &module->node.Modules;
    module->node.State = LdrModulesMapped;
    note_sections(module);

    RtlAcquireSRWLockExclusive(&module_list_lock);
    list_append(&ldr_data.InLoadOrderModuleList, &module->entry.InLoadOrderLinks);
    list_append(&ldr_data.InMemoryOrderModuleList, &module->entry.InMemoryOrderLinks);
    indexed = index_insert(module);
    list_append(&buckets[module->entry.BaseNameHashValue % HASH_BUCKETS], &module->entry.HashLinks);
    RtlReleaseSRWLockExclusive(&module_list_lock);
    if (indexed) return module;
    module_destroy(module);
    return NULL;
}

void module_link_initialized(struct module *module)
{
    RtlAcquireSRWLockExclusive(&module_list_lock);
    list_append(&ldr_data.InInitializationOrderModuleList, &module->entry.InInitializationOrderLinks);
    RtlReleaseSRWLockExclusive(&module_list_lock);
}

void module_destroy(struct module *module)
{
    RtlAcquireSRWLockExclusive(&module_list_lock);
    index_remove(module);
    list_remove(&module->entry.InLoadOrderLinks);
    list_remove(&module->entry.InMemoryOrderLinks);
    list_remove(&module->entry.InInitializationOrderLinks);
    list_remove(&module->entry.HashLinks);
    RtlReleaseSRWLockExclusive(&module_list_lock);
    remove_dependencies(module);
    RtlFreeHeap(process_heap(), 0, module);
}

static struct module *module_at(LIST_ENTRY *link)
{
    return module_of_entry(CONTAINING_RECORD(link, LDR_DATA_TABLE_ENTRY, InLoadOrderLinks));
}

struct module *module_from_address(const void *address)
{
    RtlAcquireSRWLockShared(&module_list_lock);
    ULONG after = index_after(address);
    struct module *module = after ? by_address[after - 1] : NULL;
    if (module && (ULONG_PTR)address - (ULONG_PTR)module->entry.DllBase >= module->entry.SizeOfImage)
        module = NULL;
    RtlReleaseSRWLockShared(&module_list_lock);
    return module;
}

struct module *module_from_base(const void *base)
{
    struct module *module = module_from_address(base);

    return module && module->entry.DllBase == base ? module : NULL;
}

struct module *module_from_base_name(const UNICODE_STRING *name)
{
    ULONG hash = hash_name(name);
    LIST_ENTRY *head = &buckets[hash % HASH_BUCKETS];

    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        struct module *module = module_of_entry(CONTAINING_RECORD(at, LDR_DATA_TABLE_ENTRY, HashLinks));
        if (module->entry.BaseNameHashValue == hash &&
            RtlEqualUnicodeString(&module->entry.BaseDllName, name, TRUE))
            return module;
    }
    return NULL;
}

struct module *module_from_full_name(const UNICODE_STRING *path)
{
    LIST_ENTRY *head = &ldr_data.InLoadOrderModuleList;

    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        struct module *module = module_at(at);
        if (RtlEqualUnicodeString(&module->entry.FullDllName, path, TRUE)) return module;
    }
    return NULL;
}

struct module *module_from_file(const FILE_ID_INFORMATION *file)
{
    LIST_ENTRY *head = &ldr_data.InLoadOrderModuleList;

    for (LIST_ENTRY *at = head->Flink; at != head; at = at->Flink) {
        struct module *module = module_at(at);
        if (memcmp(&module->file, file, sizeof(*file)) == 0) return module;
    }
    return NULL;
}

// ---- dependencies ----

static void ring_append(LDRP_CSLIST *list, SINGLE_LIST_ENTRY *link)
{
    link->Next = list->Tail ? list->Tail->Next : link;
    if (list->Tail) list->Tail->Next = link;
    list->Tail = link;
}

static void ring_remove(LDRP_CSLIST *list, SINGLE_LIST_ENTRY *link)
{
    SINGLE_LIST_ENTRY *before = list->Tail;

    while (before->Next != link) before = before->Next;
    before->Next = link->Next;
    if (list->Tail == link) list->Tail = before == link ? NULL : before;
}

LDRP_DEPENDENCY *next_dependency(const struct module *module, LDRP_DEPENDENCY *previous)
{
    SINGLE_LIST_ENTRY *tail = module->node.Dependencies.Tail;

    if (!tail || (previous && &previous->DependencyToLink == tail)) return NULL;
    return CONTAINING_RECORD(previous ? previous->DependencyToLink.Next : tail->Next, LDRP_DEPENDENCY,
                             DependencyToLink);
}

static void remove_dependency(LDRP_DEPENDENCY *dependency)
{
    ring_remove(&dependency->DependencyFrom->Dependencies, &dependency->DependencyToLink);
    ring_remove(&dependency->DependencyTo->IncomingDependencies, &dependency->DependencyFromLink);
    RtlFreeHeap(process_heap(), 0, dependency);
}

static void remove_dependencies(struct module *module)
{
    while (module->node.Dependencies.Tail)
        remove_dependency(
            CONTAINING_RECORD(module->node.Dependencies.Tail, LDRP_DEPENDENCY, DependencyToLink));
    // From modules of the same circle that are unloaded next.
    while (module->node.IncomingDependencies.Tail)
        remove_dependency(
            CONTAINING_RECORD(module->node.IncomingDependencies.Tail, LDRP_DEPENDENCY, DependencyFromLink));
}

bool module_add_dependency(struct module *module, struct module *other)
{
    LDRP_DEPENDENCY *dependency = NULL;

    // What never goes needs no edges; Windows records none to its own core either.
    if (module == other || other->node.LoadCount == PINNED) return true;
    while ((dependency = next_dependency(module, dependency)))
        if (dependency_module(dependency) == other) return true;
    dependency = RtlAllocateHeap(process_heap(), 0, sizeof(*dependency));
    if (!dependency) return false;
    dependency->DependencyFrom = &module->node;
    dependency->DependencyTo = &other->node;
    // At the end: the order of the import table is that of initialisation.
    ring_append(&module->node.Dependencies, &dependency->DependencyToLink);
    ring_append(&other->node.IncomingDependencies, &dependency->DependencyFromLink);
    return true;
}

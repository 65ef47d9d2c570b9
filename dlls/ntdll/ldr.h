// The image loader's own data and what its files share. Everything here is guarded by the loader lock unless
// a comment says otherwise; the public lists also by module_list_lock, so that exception dispatch can walk
// them while another thread runs a DllMain.
#ifndef LOWLAND_NTDLL_LDR_H
#define LOWLAND_NTDLL_LDR_H

#include "ntdll.h"
#include "guard.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NO_TLS        0xFFFF
#define HAS_TLS       0xFFFF      // LDR_DATA_TABLE_ENTRY.TlsIndex
#define PINNED        0xFFFFFFFFu // a load count that never falls
#define MAX_FULL_PATH 0x7FFF      // WCHARs

// One loaded image. The public record comes first: programs find it through PEB->Ldr.
struct module {
    LDR_DATA_TABLE_ENTRY entry;
    LDR_DDAG_NODE node;              // LoadCount: references taken by LdrLoadDll and LdrAddRefDll
    struct dependency *dependencies; // modules that this one's imports and forwarders reach
    const IMAGE_NT_HEADERS32 *headers;
    FILE_ID_INFORMATION file; // which file it is, whatever it is called; zero when unknown
    ULONG tls_index; // NO_TLS: none. entry.TlsIndex only says whether there is one, as Windows 10's does
    ULONG missing_start, missing_end; // RVAs of exports that are not implemented
    bool exports_sorted;              // known to be, so that a failed search is final
    bool initialized;                 // process attach succeeded: wants a detach
    bool marked;                      // by ldr_unload.c's search for what is still in use
};

extern RTL_CRITICAL_SECTION loader_lock;
extern RTL_SRWLOCK module_list_lock; // taken inside loader_lock, held only for list walks
extern struct module *main_module, *ntdll_module;
extern bool process_shutting_down;   // only one thread is left
extern NTSTATUS process_exit_status; // once RtlExitUserProcess was called

static inline struct module *module_of_entry(LDR_DATA_TABLE_ENTRY *entry)
{
    return (struct module *)entry;
}

static inline struct module *module_of_node(LDR_DDAG_NODE *node)
{
    return CONTAINING_RECORD(node, struct module, node);
}

// Steps through a module's dependencies in the order of its imports: NULL, then each, then NULL.
LDRP_DEPENDENCY *next_dependency(const struct module *module, LDRP_DEPENDENCY *previous);

static inline struct module *dependency_module(const LDRP_DEPENDENCY *dependency)
{
    return module_of_node(dependency->DependencyTo);
}

static inline void *rva_pointer(const void *base, ULONG rva)
{
    return (char *)base + rva;
}

// ---- ldr_module.c: the set of loaded modules ----

// Makes a record for an image mapped at base and links it into the lists. full_path is its DOS path.
// NULL without memory.
struct module *module_create(void *base, const UNICODE_STRING *full_path, ULONG flags);
// Unlinks and frees a record. The image stays mapped.
void module_destroy(struct module *module);
struct module *module_from_base(const void *base);
// Any thread, without the loader lock: the module whose image contains address.
struct module *module_from_address(const void *address);
struct module *module_from_base_name(const UNICODE_STRING *name);
// The module that was mapped from this file, under whatever name.
struct module *module_from_file(const FILE_ID_INFORMATION *file);
struct module *module_from_full_name(const UNICODE_STRING *path);
// Notes that module uses other, which then stays as long as module does. False without memory.
bool module_add_dependency(struct module *module, struct module *other);
// Whether the image's headers make the page at rva writable: then linking needs no change of protection.
bool module_is_writable(const struct module *module, ULONG rva);
// Prepares the lists and publishes them in the PEB. Once.
void module_lists_init(void);
void module_link_initialized(struct module *module);

// ---- ldr_path.c: where DLLs are looked for ----

// What one load asks for: the flags of LoadLibraryEx, or an explicit search path.
struct search {
    ULONG flags;              // LOAD_LIBRARY_SEARCH_*, LOAD_WITH_ALTERED_SEARCH_PATH
    PCWSTR path;              // semicolon-separated directories, or NULL for the default order
    UNICODE_STRING directory; // of the DLL that was loaded by its path, for the flags that look there
};

// The file name that LdrLoadDll would load for name: ".dll" appended unless it has a dot (a dot at the end
// only goes). Its buffer is on the process heap.
NTSTATUS dll_file_name(const UNICODE_STRING *name, UNICODE_STRING *file_name);
bool has_directory(const UNICODE_STRING *name);
// The absolute form of a path; its buffer is on the process heap. STATUS_DLL_NOT_FOUND when it is too long.
NTSTATUS full_path_of(const WCHAR *path, UNICODE_STRING *full_path);
// Finds the file of a DLL; full_path's buffer is on the process heap. STATUS_DLL_NOT_FOUND,
// STATUS_INVALID_PARAMETER (LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR for a relative name).
NTSTATUS search_dll(const struct search *search, const UNICODE_STRING *file_name, UNICODE_STRING *full_path);

// ---- ldr_apiset.c ----

// The DLL that implements an API set (api-ms-..., ext-ms-..., with or without .dll), else NULL.
const char *api_set_host(const UNICODE_STRING *name);

// Makes PEB->ApiSetMap. At start-up, once there is a heap. STATUS_NO_MEMORY.
NTSTATUS api_set_map_init(void);

// ---- ldr_load.c: from name to linked module ----

// Puts a module that is about to be unmapped into the table of unloaded ones; under the loader lock.
void record_unload(const struct module *module);

// Finds or maps a DLL and all that it imports, links them, and does not run any code of theirs.
NTSTATUS load_module(const struct search *search, const UNICODE_STRING *name, struct module **module);
// load_module for the 8-bit names of import tables and forwarders.
NTSTATUS load_module_by_ansi_name(const struct search *search, const char *name, size_t length,
                                  struct module **module);
// The loaded module that name means, or NULL. by_file: also looks which file a path leads to, for one that
// was loaded under another name.
struct module *find_loaded_module(const UNICODE_STRING *name, bool by_file);

// ---- ldr_export.c ----

// Looks up an export by name (hint: where to look first, -1 for none) or, with name NULL, by ordinal.
// Forwarders are followed, loading their DLLs for importer. What lies in .missing is found only if
// missing_too. STATUS_ENTRYPOINT_NOT_FOUND, STATUS_ORDINAL_NOT_FOUND, STATUS_DLL_NOT_FOUND (a forwarder's).
NTSTATUS find_export(struct module *module, const char *name, int hint, ULONG ordinal, bool missing_too,
                     struct module *importer, void **address);

// ---- ldr_import.c ----

// Loads what module imports and fills its import tables. Reports the first that fails with load_error.
NTSTATUS link_imports(struct module *module, const struct search *search);

// ---- ldr_init.c: running DllMain ----

// Runs the process-attach code of module and of what it depends on, dependencies first.
NTSTATUS initialize_module(struct module *module, void *reserved);
// Detaches an initialized module.
void detach_module(struct module *module, void *reserved);
void attach_thread(void);

// ---- ldr_unload.c ----

// Detaches and unmaps every module that nothing uses any more.
void collect_modules(void);
void notify_loaded(struct module *module);

// ---- ldr_tls.c: implicit TLS ----

// Registers a mapped image's TLS directory, giving every running thread its copy.
NTSTATUS tls_add_module(struct module *module);
void tls_remove_module(struct module *module);
// Gives the calling thread its copies. Frees them.
NTSTATUS tls_attach_thread(void);
void tls_detach_thread(void);
// Gives the calling thread its fiber-local data (fls.c).
NTSTATUS fls_attach_thread(void);
// Ends the calling thread's values: their callbacks run. Harmless a second time.
void fls_detach_thread(void);
void tls_run_callbacks(struct module *module, ULONG reason);

// ---- ldr_message.c ----

// Remembers why loading failed, for the line that the user sees when it ends the process. The first one wins
// until load_error_clear.
__attribute__((format(printf, 2, 3))) void load_error(NTSTATUS status, const char *format, ...);
void load_error_clear(void);
// Ends the process with the remembered reason, or status's own.
_Noreturn void load_error_fatal(NTSTATUS status);
// Prints one line on the host's standard error.
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

// ---- start_entry.S ----

// Calls entry(base, reason, reserved) and survives one that pops the wrong number of arguments.
BOOLEAN call_dll_entry(void *entry, void *base, ULONG reason, void *reserved);

#endif

// Activation contexts: what a program's manifest says about the DLLs it wants. Of a manifest only assemblies,
// their files and the run level are kept: that is what loading needs.
#ifndef LOWLAND_NTDLL_ACTCTX_H
#define LOWLAND_NTDLL_ACTCTX_H

#include "ntdll.h"
#include <stdbool.h>
#include <stddef.h>

// A file of an assembly: asked for by name, found in directory (with a backslash at the end).
struct assembly_file {
    struct assembly_file *next;
    UNICODE_STRING name, directory;
    WCHAR text[];
};

struct activation_context {
    LONG references;
    ULONG run_level; // ACTCTX_REQUESTED_RUN_LEVEL
    ULONG assemblies_n;
    UNICODE_STRING manifest_path, directory; // the directory where private assemblies are looked for
    struct assembly_file *files;
};

// Adds what the XML text of a manifest says. base: the directory of what it belongs to; files that the
// manifest lists itself lie there. STATUS_SXS_CANT_GEN_ACTCTX when it is no manifest.
NTSTATUS manifest_parse(struct activation_context *context, const char *text, size_t size,
                        const UNICODE_STRING *base);
// Adds the manifest in the resource name of the image at base (see LdrFindResource_U).
NTSTATUS manifest_from_resource(struct activation_context *context, void *base, ULONG_PTR name,
                                const UNICODE_STRING *directory);
// Adds the manifest in a file, which is XML or an image with one in its resources (name 0: XML only).
NTSTATUS manifest_from_file(struct activation_context *context, const WCHAR *path, ULONG_PTR name,
                            const UNICODE_STRING *directory);

// The full path that the active context gives for a DLL, on the process heap. False: it says nothing.
bool actctx_redirect(const UNICODE_STRING *file_name, UNICODE_STRING *full_path);

#endif

// Activation contexts: their life, the stack that each thread keeps of them, and what loading asks them.
#include "actctx.h"
#include "ldr.h"
#include "rtl.h"

enum { FRAME_ON_HEAP = 8 }; // RTL_ACTIVATION_CONTEXT_STACK_FRAME.Flags

// The program's own context, made when a DLL is first looked for that is not loaded.
static struct activation_context *process_context;
static bool process_context_made;

// ---- a context's memory ----

struct context_block {
    struct context_block *next;
    ULONG used, size;
    ULONGLONG bytes[];
};

void *context_alloc(struct activation_context *context, SIZE_T size)
{
    enum { BLOCK = 2000 };
    struct context_block *block = context->blocks;

    size = (size + 7) & ~(SIZE_T)7;
    if (!block || block->size - block->used < size) {
        SIZE_T room = size > BLOCK ? size : BLOCK;
        block = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*block) + room);
        if (!block) return NULL;
        block->size = room;
        block->next = context->blocks;
        context->blocks = block;
    }
    void *memory = (BYTE *)block->bytes + block->used;
    block->used += size;
    return memory;
}

bool context_copy(struct activation_context *context, UNICODE_STRING *to, const WCHAR *text, ULONG length)
{
    ULONG bytes = length * sizeof(WCHAR);
    WCHAR *copy = length <= 0x7FFE ? context_alloc(context, bytes + sizeof(WCHAR)) : NULL;

    if (!copy) return false;
    memcpy(copy, text, bytes);
    *to = (UNICODE_STRING){bytes, bytes + sizeof(WCHAR), copy};
    return true;
}

static struct activation_context *context_create(void)
{
    struct activation_context *context =
        RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(struct activation_context));

    if (!context) return NULL;
    context->references = 1;
    context->assemblies_end = &context->assemblies;
    context->settings_end = &context->settings;
    context->compatibility_end = &context->compatibility;
    return context;
}

static void context_release(struct activation_context *context)
{
    if (InterlockedDecrement(&context->references)) return;
    sections_free(context);
    while (context->blocks) {
        struct context_block *next = context->blocks->next;
        RtlFreeHeap(process_heap(), 0, context->blocks);
        context->blocks = next;
    }
    RtlFreeHeap(process_heap(), 0, context);
}

// ---- making one ----

static UNICODE_STRING directory_of(const UNICODE_STRING *path)
{
    ULONG length = path->Length / sizeof(WCHAR);

    while (length && path->Buffer[length - 1] != '\\') length--;
    return (UNICODE_STRING){length * sizeof(WCHAR), length * sizeof(WCHAR), path->Buffer};
}

static bool copy_string(struct activation_context *context, UNICODE_STRING *to, const UNICODE_STRING *from)
{
    return context_copy(context, to, from->Buffer, from->Length / sizeof(WCHAR));
}

static bool copy_directory(struct activation_context *context, UNICODE_STRING *to, const WCHAR *directory)
{
    WCHAR buffer[MAX_PATH + 2];
    ULONG bytes = RtlGetFullPathName_U(directory, MAX_PATH * sizeof(WCHAR), buffer, NULL);

    if (!bytes || bytes > MAX_PATH * sizeof(WCHAR)) return false;
    if (buffer[bytes / sizeof(WCHAR) - 1] != '\\') {
        buffer[bytes / sizeof(WCHAR)] = '\\';
        bytes += sizeof(WCHAR);
    }
    return context_copy(context, to, buffer, bytes / sizeof(WCHAR));
}

// Whether the caller's structure reaches to the end of a member.
#define HAS_MEMBER(wanted, member) ((wanted)->cbSize >= offsetof(ACTCTXW, member) + sizeof((wanted)->member))

static bool is_valid(const ACTCTXW *wanted)
{
    DWORD flags;

    if (!wanted || !HAS_MEMBER(wanted, lpSource)) return false;
    flags = wanted->dwFlags;
    return !(flags & ~0xFFu) &&
           (!(flags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID) ||
            (HAS_MEMBER(wanted, lpAssemblyDirectory) && wanted->lpAssemblyDirectory)) &&
           (!(flags & ACTCTX_FLAG_RESOURCE_NAME_VALID) ||
            (HAS_MEMBER(wanted, lpResourceName) && wanted->lpResourceName)) &&
           (!(flags & ACTCTX_FLAG_HMODULE_VALID) || HAS_MEMBER(wanted, hModule)) &&
           (wanted->lpSource || flags & ACTCTX_FLAG_HMODULE_VALID);
}

// The full path of the manifest, or of the image that it is in. A relative one is looked for in the assembly
// directory, if there is one.
static NTSTATUS find_source(struct activation_context *context, const ACTCTXW *wanted)
{
    bool placed = wanted->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID;
    WCHAR joined[2 * MAX_PATH], full[MAX_PATH + 1];
    const WCHAR *path = wanted->lpSource;
    ULONG bytes;

    if (placed && RtlDetermineDosPathNameType_U(path) == RtlPathTypeRelative) {
        UNICODE_STRING text = {0, sizeof(joined), joined}, source;
        RtlInitUnicodeString(&source, path);
        RtlCopyUnicodeString(&text, &context->directory);
        if (!NT_SUCCESS(RtlAppendUnicodeStringToString(&text, &source)) || text.Length == sizeof(joined))
            return STATUS_OBJECT_NAME_NOT_FOUND;
        joined[text.Length / sizeof(WCHAR)] = 0;
        path = joined;
    }
    bytes = RtlGetFullPathName_U(path, MAX_PATH * sizeof(WCHAR), full, NULL);
    if (!bytes || bytes > MAX_PATH * sizeof(WCHAR)) return STATUS_NO_SUCH_FILE;
    return context_copy(context, &context->manifest_path, full, bytes / sizeof(WCHAR)) ? STATUS_SUCCESS
                                                                                       : STATUS_NO_MEMORY;
}

static NTSTATUS context_fill(struct activation_context *context, const ACTCTXW *wanted)
{
    const UNICODE_STRING *image = &peb_self()->ProcessParameters->ImagePathName;
    UNICODE_STRING image_directory = directory_of(image), source_directory;
    bool placed = wanted->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID;
    bool from_module = wanted->dwFlags & ACTCTX_FLAG_HMODULE_VALID;
    ULONG_PTR name =
        wanted->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID ? (ULONG_PTR)wanted->lpResourceName : 0;
    struct module *module = from_module ? module_from_base((void *)wanted->hModule) : NULL;
    NTSTATUS status;

    if (from_module && !module) return STATUS_INVALID_PARAMETER;
    if (placed ? !copy_directory(context, &context->directory, wanted->lpAssemblyDirectory)
               : !copy_string(context, &context->directory, &image_directory))
        return STATUS_NO_MEMORY;
    if (wanted->lpSource && !from_module)
        status = find_source(context, wanted);
    else
        status = copy_string(context, &context->manifest_path, &module->entry.FullDllName) ? STATUS_SUCCESS
                                                                                           : STATUS_NO_MEMORY;
    if (!NT_SUCCESS(status)) return status;
    source_directory = directory_of(&context->manifest_path);
    context->search_directory = placed ? context->directory : source_directory;
    const struct manifest_place place = {.path = context->manifest_path};
    if (from_module) return manifest_from_resource(context, module->entry.DllBase, name, &place);
    return manifest_from_file(context, context->manifest_path.Buffer, name, &place);
}

// Makes a context as CreateActCtxW documents. STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY, what reading the
// manifest returns.
NTSTATUS NTAPI lowland_create_activation_context(const ACTCTXW *wanted, struct _ACTIVATION_CONTEXT **result)
{
    struct activation_context *context;
    NTSTATUS status;

    *result = NULL;
    if (!is_valid(wanted)) return STATUS_INVALID_PARAMETER;
    context = context_create();
    if (!context) return STATUS_NO_MEMORY;
    RtlEnterCriticalSection(&loader_lock);
    status = context_fill(context, wanted);
    RtlLeaveCriticalSection(&loader_lock);
    if (!NT_SUCCESS(status)) {
        context_release(context);
        return status;
    }
    *result = (struct _ACTIVATION_CONTEXT *)context;
    return STATUS_SUCCESS;
}

VOID NTAPI RtlAddRefActivationContext(struct _ACTIVATION_CONTEXT *context)
{
    if (context) InterlockedIncrement(&((struct activation_context *)context)->references);
}

VOID NTAPI RtlReleaseActivationContext(struct _ACTIVATION_CONTEXT *context)
{
    if (context) context_release((struct activation_context *)context);
}

NTSTATUS NTAPI RtlZombifyActivationContext(struct _ACTIVATION_CONTEXT *context)
{
    return context ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

// ---- each thread's stack ----

static ACTIVATION_CONTEXT_STACK *context_stack(TEB *teb)
{
    if (!teb->ActivationContextStackPointer) {
        teb->ActivationStack.FrameListCache.Flink = teb->ActivationStack.FrameListCache.Blink =
            &teb->ActivationStack.FrameListCache;
        teb->ActivationContextStackPointer = &teb->ActivationStack;
    }
    return teb->ActivationContextStackPointer;
}

// The cookie is the frame's address: what Windows gives out is as opaque.
NTSTATUS NTAPI RtlActivateActivationContextEx(ULONG flags, PTEB teb, struct _ACTIVATION_CONTEXT *context,
                                              ULONG_PTR *cookie)
{
    ACTIVATION_CONTEXT_STACK *stack = context_stack(teb);
    RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = RtlAllocateHeap(process_heap(), 0, sizeof(*frame));

    (void)flags;
    if (!frame) return STATUS_NO_MEMORY;
    frame->Previous = stack->ActiveFrame;
    frame->ActivationContext = context;
    frame->Flags = FRAME_ON_HEAP;
    RtlAddRefActivationContext(context);
    stack->ActiveFrame = frame;
    *cookie = (ULONG_PTR)frame;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlActivateActivationContext(ULONG flags, struct _ACTIVATION_CONTEXT *context,
                                            ULONG_PTR *cookie)
{
    if (flags) return STATUS_INVALID_PARAMETER;
    return RtlActivateActivationContextEx(0, teb_self(), context, cookie);
}

static RTL_ACTIVATION_CONTEXT_STACK_FRAME *pop_frame(ACTIVATION_CONTEXT_STACK *stack)
{
    RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = stack->ActiveFrame;

    stack->ActiveFrame = frame->Previous;
    RtlReleaseActivationContext(frame->ActivationContext);
    RtlFreeHeap(process_heap(), 0, frame);
    return stack->ActiveFrame;
}

// Frames above the cookie's are an error unless flags bit 0 (force early deactivation) is set: then they go
// too.
VOID NTAPI RtlDeactivateActivationContext(ULONG flags, ULONG_PTR cookie)
{
    ACTIVATION_CONTEXT_STACK *stack = context_stack(teb_self());
    RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = stack->ActiveFrame;

    while (frame && (ULONG_PTR)frame != cookie) frame = frame->Previous;
    if (!frame) RtlRaiseStatus(STATUS_SXS_INVALID_DEACTIVATION);
    if (frame != stack->ActiveFrame && !(flags & DEACTIVATE_ACTCTX_FLAG_FORCE_EARLY_DEACTIVATION))
        RtlRaiseStatus(STATUS_SXS_EARLY_DEACTIVATION);
    while (stack->ActiveFrame && (ULONG_PTR)stack->ActiveFrame != cookie) pop_frame(stack);
    if (stack->ActiveFrame) pop_frame(stack);
}

// A fiber's stack; it is the thread's that runs the fiber.
NTSTATUS NTAPI RtlAllocateActivationContextStack(PACTIVATION_CONTEXT_STACK *result)
{
    ACTIVATION_CONTEXT_STACK *stack;

    if (*result) return STATUS_SUCCESS;
    stack = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*stack));
    if (!stack) return STATUS_NO_MEMORY;
    stack->FrameListCache.Flink = stack->FrameListCache.Blink = &stack->FrameListCache;
    *result = stack;
    return STATUS_SUCCESS;
}

VOID NTAPI RtlFreeActivationContextStack(PACTIVATION_CONTEXT_STACK stack)
{
    if (!stack) return;
    while (stack->ActiveFrame) pop_frame(stack);
    RtlFreeHeap(process_heap(), 0, stack);
}

VOID NTAPI RtlFreeThreadActivationContextStack(void)
{
    TEB *teb = teb_self();
    ACTIVATION_CONTEXT_STACK *stack = teb->ActivationContextStackPointer;

    teb->ActivationContextStackPointer = NULL;
    if (stack == &teb->ActivationStack)
        while (stack->ActiveFrame) pop_frame(stack);
    else
        RtlFreeActivationContextStack(stack);
}

NTSTATUS NTAPI RtlGetActiveActivationContext(struct _ACTIVATION_CONTEXT **context)
{
    const RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = context_stack(teb_self())->ActiveFrame;

    *context = frame ? frame->ActivationContext : NULL;
    RtlAddRefActivationContext(*context);
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI RtlIsActivationContextActive(struct _ACTIVATION_CONTEXT *context)
{
    const RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = context_stack(teb_self())->ActiveFrame;

    while (frame && frame->ActivationContext != context) frame = frame->Previous;
    return frame != NULL;
}

// ---- what loading asks ----

struct activation_context *actctx_active(void)
{
    const RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = context_stack(teb_self())->ActiveFrame;

    return frame ? (struct activation_context *)frame->ActivationContext : NULL;
}

// The program's manifest: the resource of its image, else the file beside it.
static NTSTATUS fill_default(struct activation_context *context)
{
    static const WCHAR suffix[] = L".manifest";
    const UNICODE_STRING *image = &peb_self()->ProcessParameters->ImagePathName;
    UNICODE_STRING directory = directory_of(image), path;
    NTSTATUS status;

    context->lenient = true;
    if (!copy_string(context, &context->manifest_path, image) ||
        !copy_string(context, &context->directory, &directory))
        return STATUS_NO_MEMORY;
    context->search_directory = context->directory;
    struct manifest_place place = {.path = context->manifest_path};
    status = manifest_from_resource(context, peb_self()->ImageBaseAddress, 1, &place);
    if (NT_SUCCESS(status) || status == STATUS_SXS_CANT_GEN_ACTCTX) return status;
    WCHAR *text = context_alloc(context, image->Length + sizeof(suffix));
    if (!text) return STATUS_NO_MEMORY;
    memcpy(text, image->Buffer, image->Length);
    memcpy((char *)text + image->Length, suffix, sizeof(suffix));
    path = (UNICODE_STRING){image->Length + sizeof(suffix) - sizeof(WCHAR), image->Length + sizeof(suffix),
                            text};
    context->manifest_path = place.path = path;
    return manifest_from_file(context, text, 0, &place);
}

// Under the loader lock.
struct activation_context *actctx_default(void)
{
    if (process_context_made) return process_context;
    process_context_made = true;
    process_context = context_create();
    if (process_context && !NT_SUCCESS(fill_default(process_context))) {
        context_release(process_context);
        process_context = NULL;
    }
    return process_context;
}

// The file that a context has under a name, if it lies with an assembly of its own.
static const struct entity *find_file(const struct activation_context *context, const UNICODE_STRING *name)
{
    return context ? section_find(context, SECTION_DLL, name) : NULL;
}

bool actctx_redirect(const UNICODE_STRING *file_name, UNICODE_STRING *full_path)
{
    const struct activation_context *context = actctx_active();
    const struct entity *file = find_file(context, file_name);
    const UNICODE_STRING *directory;

    if (!file) file = find_file(context = actctx_default(), file_name);
    if (!file) return false;
    directory = file->assembly->directory.Length ? &file->assembly->directory : &context->search_directory;
    full_path->Length = directory->Length + file->key.Length;
    full_path->MaximumLength = full_path->Length + sizeof(WCHAR);
    full_path->Buffer = RtlAllocateHeap(process_heap(), 0, full_path->MaximumLength);
    if (!full_path->Buffer) return false;
    memcpy(full_path->Buffer, directory->Buffer, directory->Length);
    memcpy((char *)full_path->Buffer + directory->Length, file->key.Buffer, file->key.Length);
    full_path->Buffer[full_path->Length / sizeof(WCHAR)] = 0;
    return true;
}

// name with extension where it has none of its own; false for what no context can redirect: a path, or a name
// too long for one. buffer takes MAX_PATH units.
static bool isolated_name(UNICODE_STRING *result, const UNICODE_STRING *name, const UNICODE_STRING *extension,
                          WCHAR *buffer)
{
    bool dot = false;

    for (ULONG i = 0; i < name->Length / sizeof(WCHAR); i++) {
        WCHAR c = name->Buffer[i];
        if (c == '\\' || c == '/' || c == ':') return false;
        dot |= c == '.';
    }
    *result = (UNICODE_STRING){0, MAX_PATH * sizeof(WCHAR), buffer};
    return NT_SUCCESS(RtlAppendUnicodeStringToString(result, name)) &&
           (dot || !extension || NT_SUCCESS(RtlAppendUnicodeStringToString(result, extension)));
}

/**
 * The path that activation contexts give for a file's name, whether or not the file is there; extension is
 * added to a name without one. The result goes to fixed if it fits, else to dynamic, which is then to be
 * freed with RtlFreeUnicodeString; *chosen is the one taken. *prefix: units before the file's name; *needed:
 * bytes, with a NUL. STATUS_SXS_KEY_NOT_FOUND: they say nothing of it; STATUS_BUFFER_TOO_SMALL,
 * STATUS_NO_MEMORY, STATUS_INVALID_PARAMETER.
 */
NTSTATUS NTAPI RtlDosApplyFileIsolationRedirection_Ustr(ULONG flags, PCUNICODE_STRING name,
                                                        PCUNICODE_STRING extension, PUNICODE_STRING fixed,
                                                        PUNICODE_STRING dynamic, PUNICODE_STRING *chosen,
                                                        PULONG new_flags, PSIZE_T prefix, PSIZE_T needed)
{
    WCHAR buffer[MAX_PATH];
    UNICODE_STRING file, full;
    bool found, fits;

    if ((flags & ~1u) || !name || (fixed && dynamic && !chosen)) return STATUS_INVALID_PARAMETER;
    if (!isolated_name(&file, name, extension, buffer)) return STATUS_SXS_KEY_NOT_FOUND;
    RtlEnterCriticalSection(&loader_lock);
    found = actctx_redirect(&file, &full);
    RtlLeaveCriticalSection(&loader_lock);
    if (!found) return STATUS_SXS_KEY_NOT_FOUND;
    if (new_flags) *new_flags = 0;
    if (needed) *needed = full.MaximumLength;
    if (prefix) *prefix = (full.Length - file.Length) / sizeof(WCHAR);
    fits = fixed && fixed->MaximumLength >= full.MaximumLength;
    if (fits) RtlCopyUnicodeString(fixed, &full);
    if (!fits && dynamic)
        *dynamic = full;
    else
        RtlFreeHeap(process_heap(), 0, full.Buffer);
    if (chosen) *chosen = fits ? fixed : dynamic;
    return fits || dynamic ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

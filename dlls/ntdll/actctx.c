// Activation contexts: their life, the stack that each thread keeps of them, and what loading asks them.
#include "actctx.h"
#include "ldr.h"
#include "rtl.h"

enum { FRAME_ON_HEAP = 8 }; // RTL_ACTIVATION_CONTEXT_STACK_FRAME.Flags

// The program's own context, made when a DLL is first looked for that is not loaded.
static struct activation_context *process_context;
static bool process_context_made;

static UNICODE_STRING directory_of(const UNICODE_STRING *path)
{
    ULONG length = path->Length / sizeof(WCHAR);

    while (length && path->Buffer[length - 1] != '\\') length--;
    return (UNICODE_STRING){length * sizeof(WCHAR), length * sizeof(WCHAR), path->Buffer};
}

static struct activation_context *context_create(const UNICODE_STRING *manifest,
                                                 const UNICODE_STRING *directory)
{
    struct activation_context *context =
        RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY,
                        sizeof(*context) + manifest->Length + directory->Length + 2 * sizeof(WCHAR));
    WCHAR *text = (WCHAR *)(context + 1);

    if (!context) return NULL;
    context->references = 1;
    context->manifest_path = (UNICODE_STRING){manifest->Length, manifest->Length + sizeof(WCHAR), text};
    memcpy(text, manifest->Buffer, manifest->Length);
    text += manifest->Length / sizeof(WCHAR) + 1;
    context->directory = (UNICODE_STRING){directory->Length, directory->Length + sizeof(WCHAR), text};
    memcpy(text, directory->Buffer, directory->Length);
    return context;
}

static void context_release(struct activation_context *context)
{
    if (InterlockedDecrement(&context->references)) return;
    while (context->files) {
        struct assembly_file *next = context->files->next;
        RtlFreeHeap(process_heap(), 0, context->files);
        context->files = next;
    }
    RtlFreeHeap(process_heap(), 0, context);
}

// Where the manifest is, as ACTCTX says it: a file, a file's resource or a module's resource.
static NTSTATUS context_fill(struct activation_context *context, const ACTCTXW *wanted)
{
    ULONG_PTR name =
        wanted->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID ? (ULONG_PTR)wanted->lpResourceName : 0;

    if (wanted->dwFlags & ACTCTX_FLAG_HMODULE_VALID)
        return manifest_from_resource(context, (void *)wanted->hModule, name, &context->directory);
    return manifest_from_file(context, context->manifest_path.Buffer, name, &context->directory);
}

// Makes a context as CreateActCtxW documents. STATUS_INVALID_PARAMETER, STATUS_NO_MEMORY, what reading the
// manifest returns.
NTSTATUS NTAPI lowland_create_activation_context(const ACTCTXW *wanted, struct _ACTIVATION_CONTEXT **result)
{
    struct activation_context *context;
    UNICODE_STRING path, directory;
    WCHAR buffer[MAX_PATH + 1];
    NTSTATUS status;
    ULONG bytes;

    *result = NULL;
    if (!wanted || wanted->cbSize < sizeof(*wanted) || (wanted->dwFlags & ~0xFFu))
        return STATUS_INVALID_PARAMETER;
    if (wanted->dwFlags & ACTCTX_FLAG_HMODULE_VALID) {
        struct module *module = module_from_base((void *)wanted->hModule);
        if (!module || !(wanted->dwFlags & ACTCTX_FLAG_RESOURCE_NAME_VALID)) return STATUS_INVALID_PARAMETER;
        path = module->entry.FullDllName;
    } else {
        if (!wanted->lpSource) return STATUS_INVALID_PARAMETER;
        bytes = RtlGetFullPathName_U(wanted->lpSource, MAX_PATH * sizeof(WCHAR), buffer, NULL);
        if (!bytes || bytes > MAX_PATH * sizeof(WCHAR)) return STATUS_NO_SUCH_FILE;
        path = (UNICODE_STRING){bytes, sizeof(buffer), buffer};
    }
    directory = directory_of(&path);
    if (wanted->dwFlags & ACTCTX_FLAG_ASSEMBLY_DIRECTORY_VALID) {
        if (!wanted->lpAssemblyDirectory) return STATUS_INVALID_PARAMETER;
        RtlInitUnicodeString(&directory, wanted->lpAssemblyDirectory);
    }
    context = context_create(&path, &directory);
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

// Under the loader lock.
static struct activation_context *default_context(void)
{
    const UNICODE_STRING *image = &peb_self()->ProcessParameters->ImagePathName;
    UNICODE_STRING directory = directory_of(image);

    if (process_context_made) return process_context;
    process_context_made = true;
    process_context = context_create(image, &directory);
    if (process_context &&
        !NT_SUCCESS(manifest_from_resource(process_context, peb_self()->ImageBaseAddress, 1, &directory))) {
        context_release(process_context);
        process_context = NULL;
    }
    return process_context;
}

static const struct assembly_file *find_file(const struct activation_context *context,
                                             const UNICODE_STRING *name)
{
    if (!context) return NULL;
    for (const struct assembly_file *file = context->files; file; file = file->next)
        if (RtlEqualUnicodeString(&file->name, name, TRUE)) return file;
    return NULL;
}

bool actctx_redirect(const UNICODE_STRING *file_name, UNICODE_STRING *full_path)
{
    const RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = context_stack(teb_self())->ActiveFrame;
    const struct assembly_file *file = NULL;

    if (frame) file = find_file((struct activation_context *)frame->ActivationContext, file_name);
    if (!file) file = find_file(default_context(), file_name);
    if (!file) return false;
    full_path->Length = file->directory.Length + file->name.Length;
    full_path->MaximumLength = full_path->Length + sizeof(WCHAR);
    full_path->Buffer = RtlAllocateHeap(process_heap(), 0, full_path->MaximumLength);
    if (!full_path->Buffer) return false;
    memcpy(full_path->Buffer, file->directory.Buffer, file->directory.Length);
    memcpy((char *)full_path->Buffer + file->directory.Length, file->name.Buffer, file->name.Length);
    full_path->Buffer[full_path->Length / sizeof(WCHAR)] = 0;
    return true;
}

// ---- queries ----

// Which context a query is about: an explicit one, the active one (flag 4) or a module's, for which the
// program's stands.
static struct activation_context *queried_context(ULONG flags, struct _ACTIVATION_CONTEXT *explicit_context)
{
    const RTL_ACTIVATION_CONTEXT_STACK_FRAME *frame = context_stack(teb_self())->ActiveFrame;
    struct activation_context *context = (struct activation_context *)explicit_context;

    if (flags & QUERY_ACTCTX_FLAG_USE_ACTIVE_ACTCTX)
        context = frame ? (struct activation_context *)frame->ActivationContext : NULL;
    else if (flags & (QUERY_ACTCTX_FLAG_ACTCTX_IS_HMODULE | QUERY_ACTCTX_FLAG_ACTCTX_IS_ADDRESS))
        context = NULL;
    if (!context) {
        RtlEnterCriticalSection(&loader_lock);
        context = default_context();
        RtlLeaveCriticalSection(&loader_lock);
    }
    return context;
}

static NTSTATUS query_detailed(const struct activation_context *context, void *buffer, SIZE_T size,
                               SIZE_T *needed)
{
    ACTIVATION_CONTEXT_DETAILED_INFORMATION *info = buffer;
    const UNICODE_STRING *manifest = &context->manifest_path, *directory = &context->directory;
    WCHAR *text = (WCHAR *)(info + 1);

    *needed = sizeof(*info) + manifest->Length + directory->Length + 2 * sizeof(WCHAR);
    if (size < *needed) return STATUS_BUFFER_TOO_SMALL;
    memset(info, 0, *needed);
    info->ulFormatVersion = 1;
    info->ulAssemblyCount = context->assemblies_n;
    info->ulRootManifestPathType = info->ulAppDirPathType = ACTIVATION_CONTEXT_PATH_TYPE_WIN32_FILE;
    info->ulRootConfigurationPathType = ACTIVATION_CONTEXT_PATH_TYPE_NONE;
    info->ulRootManifestPathChars = manifest->Length / sizeof(WCHAR);
    info->ulAppDirPathChars = directory->Length / sizeof(WCHAR);
    info->lpRootManifestPath = text;
    memcpy(text, manifest->Buffer, manifest->Length);
    text += info->ulRootManifestPathChars + 1;
    info->lpAppDirPath = text;
    memcpy(text, directory->Buffer, directory->Length);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlQueryInformationActivationContext(ULONG flags, struct _ACTIVATION_CONTEXT *which,
                                                    const ULONG *subinstance, ULONG class, PVOID buffer,
                                                    SIZE_T size, SIZE_T *needed_result)
{
    struct activation_context *context = queried_context(flags, which);
    NTSTATUS status = STATUS_INVALID_INFO_CLASS;
    SIZE_T needed = 0;

    (void)subinstance;
    if (!buffer && size) return STATUS_INVALID_PARAMETER;
    switch (class) {
    case ActivationContextBasicInformation: {
        ACTIVATION_CONTEXT_BASIC_INFORMATION *info = buffer;
        needed = sizeof(*info);
        if (size < needed) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        info->hActCtx = context == process_context ? NULL : (HANDLE)context;
        info->dwFlags = 0;
        if (info->hActCtx && !(flags & QUERY_ACTCTX_FLAG_NO_ADDREF))
            RtlAddRefActivationContext((void *)context);
        status = STATUS_SUCCESS;
        break;
    }
    case ActivationContextDetailedInformation:
        if (!context) {
            needed = sizeof(ACTIVATION_CONTEXT_DETAILED_INFORMATION);
            status = size < needed ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
            if (NT_SUCCESS(status)) memset(buffer, 0, needed);
        } else {
            status = query_detailed(context, buffer, size, &needed);
        }
        break;
    case RunlevelInformationInActivationContext: {
        ACTIVATION_CONTEXT_RUN_LEVEL_INFORMATION *info = buffer;
        needed = sizeof(*info);
        if (size < needed) {
            status = STATUS_BUFFER_TOO_SMALL;
            break;
        }
        memset(info, 0, sizeof(*info));
        if (context) info->RunLevel = context->run_level;
        status = STATUS_SUCCESS;
        break;
    }
    }
    if (needed_result) *needed_result = needed;
    return status;
}

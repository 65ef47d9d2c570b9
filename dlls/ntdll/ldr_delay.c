// Delay-loaded imports: what the stubs of programs linked for it call on the first use of a function.
#include "ldr.h"
#include "rtl.h"

#define DELAY_ERROR(error) (0xC06D0000u | (error)) // as Microsoft's own helper raises

struct delayed {
    void *base;
    const IMAGE_DELAYLOAD_DESCRIPTOR *descriptor;
    PIMAGE_THUNK_DATA slot;
    const char *dll_name;
    ULONG index;
    IMAGE_THUNK_DATA import;
};

static const char *import_name(const struct delayed *delayed)
{
    if (IMAGE_SNAP_BY_ORDINAL32(delayed->import.u1.Ordinal)) return NULL;
    return (const char *)((const IMAGE_IMPORT_BY_NAME *)rva_pointer(delayed->base,
                                                                    delayed->import.u1.AddressOfData))
        ->Name;
}

static NTSTATUS resolve(const struct delayed *delayed, void **module_base, void **address)
{
    void **handle = rva_pointer(delayed->base, delayed->descriptor->ModuleHandleRVA);
    const char *name = import_name(delayed);
    WCHAR buffer[MAX_PATH];
    UNICODE_STRING wide = {0, sizeof(buffer), buffer};
    NTSTATUS status = STATUS_SUCCESS;
    ANSI_STRING ansi;
    ULONG bytes = 0;

    *module_base = *handle;
    if (!*module_base) {
        RtlMultiByteToUnicodeN(buffer, sizeof(buffer), &bytes, delayed->dll_name, strlen(delayed->dll_name));
        wide.Length = bytes;
        status = LdrLoadDll(NULL, NULL, &wide, module_base);
        if (!NT_SUCCESS(status)) return status;
        // Another thread may have been faster: one reference is enough.
        if (InterlockedCompareExchangePointer(handle, *module_base, NULL)) LdrUnloadDll(*module_base);
    }
    if (name) RtlInitAnsiString(&ansi, name);
    return LdrGetProcedureAddress(*module_base, name ? &ansi : NULL,
                                  name ? 0 : IMAGE_ORDINAL32(delayed->import.u1.Ordinal), address);
}

static void *fail(const struct delayed *delayed, NTSTATUS status, void *module_base,
                  PDELAYLOAD_FAILURE_DLL_CALLBACK dll_hook, PDELAYLOAD_FAILURE_SYSTEM_ROUTINE system_hook)
{
    const char *name = import_name(delayed);
    DELAYLOAD_INFO info = {
        .Size = sizeof(info),
        .DelayloadDescriptor = delayed->descriptor,
        .ThunkAddress = delayed->slot,
        .TargetDllName = delayed->dll_name,
        .TargetApiDescriptor.ImportDescribedByName = name != NULL,
        .TargetModuleBase = module_base,
        .LastError = RtlNtStatusToDosError(status),
    };
    void *address = NULL;

    if (name)
        info.TargetApiDescriptor.Description.Name = name;
    else
        info.TargetApiDescriptor.Description.Ordinal = IMAGE_ORDINAL32(delayed->import.u1.Ordinal);
    if (dll_hook) address = dll_hook(DELAYLOAD_GPA_FAILURE, &info);
    if (address) return address;
    if (system_hook)
        return system_hook(delayed->dll_name,
                           name ? name : (const char *)IMAGE_ORDINAL32(delayed->import.u1.Ordinal));
    EXCEPTION_RECORD record = {
        .ExceptionCode = DELAY_ERROR(module_base ? ERROR_PROC_NOT_FOUND : ERROR_MOD_NOT_FOUND),
        .NumberParameters = 1,
        .ExceptionInformation = {(ULONG_PTR)&info},
    };
    RtlRaiseException(&record);
    return info.ThunkAddress ? (void *)info.ThunkAddress->u1.Function : NULL;
}

static void write_slot(PIMAGE_THUNK_DATA slot, void *address)
{
    PVOID page = slot;
    SIZE_T size = sizeof(*slot);
    ULONG protection, ignored;

    if (!NT_SUCCESS(NtProtectVirtualMemory(NtCurrentProcess(), &page, &size, PAGE_READWRITE, &protection)))
        return;
    slot->u1.Function = (DWORD)(ULONG_PTR)address;
    if (protection != PAGE_READWRITE && protection != PAGE_WRITECOPY)
        NtProtectVirtualMemory(NtCurrentProcess(), &page, &size, protection, &ignored);
}

PVOID NTAPI LdrResolveDelayLoadedAPI(PVOID base, const IMAGE_DELAYLOAD_DESCRIPTOR *descriptor,
                                     PDELAYLOAD_FAILURE_DLL_CALLBACK dll_hook,
                                     PDELAYLOAD_FAILURE_SYSTEM_ROUTINE system_hook, PIMAGE_THUNK_DATA slot,
                                     ULONG flags)
{
    const IMAGE_THUNK_DATA *slots = rva_pointer(base, descriptor->ImportAddressTableRVA);
    const IMAGE_THUNK_DATA *names = rva_pointer(base, descriptor->ImportNameTableRVA);
    struct delayed delayed = {
        .base = base,
        .descriptor = descriptor,
        .slot = slot,
        .dll_name = rva_pointer(base, descriptor->DllNameRVA),
        .index = slot - slots,
    };
    void *module_base = NULL, *address = NULL;
    NTSTATUS status;

    (void)flags;
    delayed.import = names[delayed.index];
    status = resolve(&delayed, &module_base, &address);
    if (!NT_SUCCESS(status)) address = fail(&delayed, status, module_base, dll_hook, system_hook);
    if (address) write_slot(slot, address);
    return address;
}

// The modules that were unloaded last, for debuggers and crash reports to name code that is gone.
#include "ldr.h"
#include "rtl.h"
#include "nt/rtl_loader.h"

static RTL_UNLOAD_EVENT_TRACE trace[RTL_UNLOAD_EVENT_TRACE_NUMBER];
static RTL_UNLOAD_EVENT_TRACE *trace_address = trace; // what a debugger reads
static ULONG element_size = sizeof(trace[0]), element_count = RTL_UNLOAD_EVENT_TRACE_NUMBER;
static ULONG sequence;

void record_unload(const struct module *module)
{
    RTL_UNLOAD_EVENT_TRACE *record = &trace[sequence % RTL_UNLOAD_EVENT_TRACE_NUMBER];
    const UNICODE_STRING *name = &module->entry.BaseDllName;
    ULONG length = name->Length / sizeof(WCHAR);

    if (length > ARRAYSIZE(record->ImageName) - 1) length = ARRAYSIZE(record->ImageName) - 1;
    *record = (RTL_UNLOAD_EVENT_TRACE){
        .BaseAddress = module->entry.DllBase,
        .SizeOfImage = module->entry.SizeOfImage,
        .Sequence = sequence++,
        .TimeDateStamp = module->headers->FileHeader.TimeDateStamp,
        .CheckSum = module->headers->OptionalHeader.CheckSum,
    };
    memcpy(record->ImageName, name->Buffer, length * sizeof(WCHAR));
}

/** The table itself, used round and round; an unused record has no base. */
PRTL_UNLOAD_EVENT_TRACE NTAPI RtlGetUnloadEventTrace(void)
{
    return trace;
}

/** Where a debugger finds the size of a record, their number, and the table's address. */
void NTAPI RtlGetUnloadEventTraceEx(PULONG *size, PULONG *count, PVOID *table)
{
    *size = &element_size;
    *count = &element_count;
    *table = &trace_address;
}

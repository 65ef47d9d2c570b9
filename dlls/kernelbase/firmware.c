// The tables of the machine's firmware, and which kind of firmware it is.
#include "base.h"

// Asks for a table or their list. Returns the size, 0 for an error; nothing is written where the buffer is
// too small.
static UINT query_tables(DWORD provider, ULONG action, DWORD id, void *buffer, DWORD size)
{
    enum { HEAD = FIELD_OFFSET(SYSTEM_FIRMWARE_TABLE_INFORMATION, TableBuffer) };
    if (size > 0x7fffffff - HEAD) return (UINT)fail_with(ERROR_INVALID_PARAMETER);
    AUTO_FREE SYSTEM_FIRMWARE_TABLE_INFORMATION *table = heap_alloc(HEAD + size);
    if (!table) return 0;
    table->ProviderSignature = provider;
    table->Action = action;
    table->TableID = id;
    table->TableBufferLength = size;
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemFirmwareTableInformation,
                                               table, HEAD + size, NULL);
    set_error_from_status(status);
    if (status == STATUS_BUFFER_TOO_SMALL) return table->TableBufferLength;
    if (!NT_SUCCESS(status)) return 0;
    if (buffer) memcpy(buffer, table->TableBuffer, table->TableBufferLength);
    return table->TableBufferLength;
}

HOTPATCH UINT WINAPI EnumSystemFirmwareTables(DWORD provider, void *buffer, DWORD size)
{
    return query_tables(provider, SYSTEM_FIRMWARE_TABLE_ENUMERATE, 0, buffer, size);
}

HOTPATCH UINT WINAPI GetSystemFirmwareTable(DWORD provider, DWORD id, void *buffer, DWORD size)
{
    return query_tables(provider, SYSTEM_FIRMWARE_TABLE_GET, id, buffer, size);
}

HOTPATCH BOOL WINAPI GetFirmwareType(FIRMWARE_TYPE *type)
{
    SYSTEM_BOOT_ENVIRONMENT_INFORMATION info;
    NTSTATUS status = NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)SystemBootEnvironmentInformation,
                                               &info, sizeof(info), NULL);
    if (!bool_from_status(status)) return FALSE;
    *type = (FIRMWARE_TYPE)info.FirmwareType;
    return TRUE;
}

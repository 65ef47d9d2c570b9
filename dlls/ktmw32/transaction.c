// Transactions as programs know them, over ntdll's. What a transaction can change here is the registry.
#include "nt/nt.h"
#include "ntdll.h"
#include <ktmw32.h>
#include <stddef.h>

enum { TICKS_PER_MS = 10000 };

// Properties with room for any description.
union properties {
    TRANSACTION_PROPERTIES_INFORMATION information;
    BYTE
        room[sizeof(TRANSACTION_PROPERTIES_INFORMATION) + MAX_TRANSACTION_DESCRIPTION_LENGTH * sizeof(WCHAR)];
};

static BOOL answer(NTSTATUS status)
{
    if (NT_SUCCESS(status)) return TRUE;
    SetLastError(RtlNtStatusToDosError(status));
    return FALSE;
}

static HANDLE answer_handle(NTSTATUS status, HANDLE handle)
{
    return answer(status) ? handle : INVALID_HANDLE_VALUE;
}

// After how long a transaction is given up; 0 and INFINITE: never.
static LARGE_INTEGER timeout_of(DWORD ms)
{
    LARGE_INTEGER timeout = {.QuadPart = ms == INFINITE ? 0 : -(LONGLONG)ms * TICKS_PER_MS};
    return timeout;
}

static NTSTATUS check_description(const WCHAR *text, UNICODE_STRING *description)
{
    RtlInitUnicodeString(description, text);
    return description->Length > MAX_TRANSACTION_DESCRIPTION_LENGTH * sizeof(WCHAR) ? STATUS_INVALID_PARAMETER
                                                                                    : STATUS_SUCCESS;
}

/** Begins a transaction (Microsoft's documentation of CreateTransaction). timeout in ms. Returns
    INVALID_HANDLE_VALUE and sets the last error when there is none. Any thread. */
HOTPATCH HANDLE WINAPI CreateTransaction(LPSECURITY_ATTRIBUTES security, LPGUID unit_of_work, DWORD options,
                                         DWORD isolation_level, DWORD isolation_flags, DWORD timeout,
                                         LPWSTR description)
{
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING text;
    LARGE_INTEGER due = timeout_of(timeout);
    HANDLE handle = NULL;
    InitializeObjectAttributes(&attributes, NULL, security && security->bInheritHandle ? OBJ_INHERIT : 0,
                               NULL, security ? security->lpSecurityDescriptor : NULL);
    NTSTATUS status = check_description(description, &text);
    if (!status)
        status = NtCreateTransaction(&handle, TRANSACTION_ALL_ACCESS, &attributes, unit_of_work, NULL,
                                     options, isolation_level, isolation_flags, due.QuadPart ? &due : NULL,
                                     description ? &text : NULL);
    return answer_handle(status, handle);
}

/** Opens a transaction of this process by its id. INVALID_HANDLE_VALUE, ERROR_TRANSACTION_NOT_FOUND. */
HOTPATCH HANDLE WINAPI OpenTransaction(DWORD access, LPGUID id)
{
    HANDLE handle = NULL;
    NTSTATUS status = NtOpenTransaction(&handle, access, NULL, id, NULL);
    return answer_handle(status, handle);
}

HOTPATCH BOOL WINAPI CommitTransaction(HANDLE transaction)
{
    return answer(NtCommitTransaction(transaction, TRUE));
}

HOTPATCH BOOL WINAPI CommitTransactionAsync(HANDLE transaction)
{
    return answer(NtCommitTransaction(transaction, FALSE));
}

HOTPATCH BOOL WINAPI RollbackTransaction(HANDLE transaction)
{
    return answer(NtRollbackTransaction(transaction, TRUE));
}

HOTPATCH BOOL WINAPI RollbackTransactionAsync(HANDLE transaction)
{
    return answer(NtRollbackTransaction(transaction, FALSE));
}

HOTPATCH BOOL WINAPI GetTransactionId(HANDLE transaction, LPGUID id)
{
    TRANSACTION_BASIC_INFORMATION information;
    if (!id) return answer(STATUS_INVALID_PARAMETER);
    NTSTATUS status = NtQueryInformationTransaction(transaction, TransactionBasicInformation, &information,
                                                    sizeof(information), NULL);
    if (NT_SUCCESS(status)) *id = information.TransactionId;
    return answer(status);
}

static NTSTATUS query(HANDLE transaction, union properties *properties)
{
    return NtQueryInformationTransaction(transaction, TransactionPropertiesInformation, properties,
                                         sizeof(*properties), NULL);
}

static DWORD ms_of(LARGE_INTEGER timeout)
{
    return timeout.QuadPart ? (DWORD)(-timeout.QuadPart / TICKS_PER_MS) : 0;
}

/** What is known of a transaction; each pointer may be NULL. The description's room is in characters with the
    terminator: ERROR_MORE_DATA when it is too small. */
HOTPATCH BOOL WINAPI GetTransactionInformation(HANDLE transaction, PDWORD outcome, PDWORD isolation_level,
                                               PDWORD isolation_flags, PDWORD timeout, DWORD room,
                                               LPWSTR description)
{
    union properties properties;
    NTSTATUS status = query(transaction, &properties);
    if (!NT_SUCCESS(status)) return answer(status);
    const TRANSACTION_PROPERTIES_INFORMATION *information = &properties.information;
    if (outcome) *outcome = information->Outcome;
    if (isolation_level) *isolation_level = information->IsolationLevel;
    if (isolation_flags) *isolation_flags = information->IsolationFlags;
    if (timeout) *timeout = ms_of(information->Timeout);
    if (!description) return TRUE;
    const DWORD length = information->DescriptionLength / sizeof(WCHAR);
    if (room <= length) {
        SetLastError(ERROR_MORE_DATA);
        return FALSE;
    }
    memcpy(description, information->Description, length * sizeof(WCHAR));
    description[length] = 0;
    return TRUE;
}

HOTPATCH BOOL WINAPI SetTransactionInformation(HANDLE transaction, DWORD isolation_level,
                                               DWORD isolation_flags, DWORD timeout, LPWSTR description)
{
    union properties properties = {.information = {.IsolationLevel = isolation_level,
                                                   .IsolationFlags = isolation_flags,
                                                   .Timeout = timeout_of(timeout)}};
    UNICODE_STRING text;
    NTSTATUS status = check_description(description, &text);
    if (!NT_SUCCESS(status)) return answer(status);
    properties.information.DescriptionLength = text.Length;
    memcpy(properties.information.Description, text.Buffer, text.Length);
    return answer(NtSetInformationTransaction(
        transaction, TransactionPropertiesInformation, &properties,
        (ULONG)offsetof(TRANSACTION_PROPERTIES_INFORMATION, Description) + text.Length));
}

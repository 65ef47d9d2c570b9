// Whether a handle is the calling process or thread; strings hidden from plain sight.
#include "rtl.h"
#include "nt/rtl_identity.h"

BOOLEAN NTAPI RtlIsCurrentProcess(HANDLE process)
{
    PROCESS_BASIC_INFORMATION information;

    if (process == NtCurrentProcess()) return TRUE;
    if (!NT_SUCCESS(NtQueryInformationProcess(process, ProcessBasicInformation, &information,
                                              sizeof(information), NULL)))
        return FALSE;
    return (HANDLE)information.UniqueProcessId == teb_self()->ClientId.UniqueProcess;
}

BOOLEAN NTAPI RtlIsCurrentThread(HANDLE thread)
{
    THREAD_BASIC_INFORMATION information;

    if (thread == NtCurrentThread()) return TRUE;
    if (!NT_SUCCESS(NtQueryInformationThread(thread, ThreadBasicInformation, &information,
                                             sizeof(information), NULL)))
        return FALSE;
    return information.ClientId.UniqueThread == teb_self()->ClientId.UniqueThread &&
           information.ClientId.UniqueProcess == teb_self()->ClientId.UniqueProcess;
}

/** Hides a string, each byte by the one before it. *seed 0: a new one is chosen. */
void NTAPI RtlRunEncodeUnicodeString(PUCHAR seed, PUNICODE_STRING string)
{
    BYTE *bytes = (BYTE *)string->Buffer;

    while (!*seed) *seed = (UCHAR)(interrupt_time() >> 8 | 1);
    if (string->Length) bytes[0] ^= *seed | 0x43;
    for (ULONG i = 1; i < string->Length; i++) bytes[i] ^= bytes[i - 1] ^ *seed;
}

void NTAPI RtlRunDecodeUnicodeString(UCHAR seed, PUNICODE_STRING string)
{
    BYTE *bytes = (BYTE *)string->Buffer;

    for (ULONG i = string->Length; i-- > 1;) bytes[i] ^= bytes[i - 1] ^ seed;
    if (string->Length) bytes[0] ^= seed | 0x43;
}

// What a 32-bit program is told of the 64-bit system around it: the machine is x64, and all processes are
// i386 ones.
#include "nt/rtl_object.h"
#include "rtl.h"

/** The machine that a process runs on behalf of, 0 for a native one, and the system's own. */
NTSTATUS NTAPI RtlWow64GetProcessMachines(HANDLE process, USHORT *machine, USHORT *native)
{
    ULONG_PTR peb = 0;
    NTSTATUS status = NtQueryInformationProcess(process, ProcessWow64Information, &peb, sizeof(peb), NULL);

    if (!NT_SUCCESS(status)) return status;
    *machine = peb ? IMAGE_FILE_MACHINE_I386 : IMAGE_FILE_MACHINE_UNKNOWN;
    if (native) *native = IMAGE_FILE_MACHINE_AMD64;
    return STATUS_SUCCESS;
}

/** Whether programs for a machine that is not the system's own run here. */
NTSTATUS NTAPI RtlWow64IsWowGuestMachineSupported(USHORT machine, BOOLEAN *supported)
{
    *supported = machine == IMAGE_FILE_MACHINE_I386;
    return STATUS_SUCCESS;
}

USHORT NTAPI RtlWow64GetCurrentMachine(void)
{
    return IMAGE_FILE_MACHINE_I386;
}

// The prefix has one system folder, of 32-bit DLLs, and SysWOW64 is another name of it: every setting means
// the same, and none is kept.
NTSTATUS NTAPI RtlWow64EnableFsRedirectionEx(ULONG disable, ULONG *before)
{
    (void)disable;
    *before = 0; // redirected
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlWow64EnableFsRedirection(BOOLEAN enable)
{
    ULONG before;

    return RtlWow64EnableFsRedirectionEx(!enable, &before);
}

NTSTATUS NTAPI RtlGetNativeSystemInformation(SYSTEM_INFORMATION_CLASS class, PVOID buffer, ULONG length,
                                             PULONG result_length)
{
    return NtWow64GetNativeSystemInformation(class, buffer, length, result_length);
}

// What packaged applications know of themselves. Programs here are never in a package: the calls say that,
// each with its documented error, and policies are those of an ordinary desktop program.
#include "base.h"

#ifndef APPMODEL_ERROR_NO_APPLICATION
#define APPMODEL_ERROR_NO_APPLICATION 15703L
#endif

static LONG no_package(const UINT32 *length, const void *buffer, LONG error)
{
    return !length || (*length && !buffer) ? ERROR_INVALID_PARAMETER : error;
}

HOTPATCH LONG WINAPI GetCurrentPackageFullName(UINT32 *length, WCHAR *name)
{
    return no_package(length, name, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetCurrentPackageFamilyName(UINT32 *length, WCHAR *name)
{
    return no_package(length, name, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetCurrentPackagePath(UINT32 *length, WCHAR *path)
{
    return no_package(length, path, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetCurrentPackageId(UINT32 *length, BYTE *buffer)
{
    return no_package(length, buffer, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetCurrentPackageInfo(UINT32 flags, UINT32 *length, BYTE *buffer, UINT32 *count)
{
    (void)flags, (void)count;
    return no_package(length, buffer, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetCurrentApplicationUserModelId(UINT32 *length, WCHAR *id)
{
    return no_package(length, id, APPMODEL_ERROR_NO_APPLICATION);
}

// ---- another process's; programs that are in one exist nowhere ----

static LONG no_package_of(HANDLE process, const UINT32 *length, const void *buffer, LONG error)
{
    PROCESS_BASIC_INFORMATION basic;
    LONG result = no_package(length, buffer, error);
    if (result == ERROR_INVALID_PARAMETER) return result;
    NTSTATUS status =
        NtQueryInformationProcess(process, ProcessBasicInformation, &basic, sizeof(basic), NULL);
    return NT_SUCCESS(status) ? result : (LONG)RtlNtStatusToDosError(status);
}

HOTPATCH LONG WINAPI GetPackageFullName(HANDLE process, UINT32 *length, WCHAR *name)
{
    return no_package_of(process, length, name, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetPackageFamilyName(HANDLE process, UINT32 *length, WCHAR *name)
{
    return no_package_of(process, length, name, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetPackageId(HANDLE process, UINT32 *length, BYTE *buffer)
{
    return no_package_of(process, length, buffer, APPMODEL_ERROR_NO_PACKAGE);
}

HOTPATCH LONG WINAPI GetApplicationUserModelId(HANDLE process, UINT32 *length, WCHAR *id)
{
    return no_package_of(process, length, id, APPMODEL_ERROR_NO_APPLICATION);
}

// None is installed.
HOTPATCH LONG WINAPI GetPackagesByPackageFamily(const WCHAR *family, UINT32 *count, WCHAR **names,
                                                UINT32 *length, WCHAR *buffer)
{
    if (!family || !count || !length || (*count && !names) || (*length && !buffer))
        return ERROR_INVALID_PARAMETER;
    *count = *length = 0;
    return ERROR_SUCCESS;
}

HOTPATCH LONG WINAPI GetPackagePathByFullName(const WCHAR *name, UINT32 *length, WCHAR *path)
{
    return name ? no_package(length, path, ERROR_NOT_FOUND) : ERROR_INVALID_PARAMETER;
}

// ---- policies: of a token, which may be one of the pseudo-handles ----

// The numbers of appmodel.h's enumerations for programs that are in no package.
enum {
    CLR_COMPAT_OTHER = 0,
    CREATE_FILE_ACCESS_FULL = 0,
    CODEC_LOADING_ALL = 0,
    TERMINATION_EXIT_PROCESS = 0,
    DIAGNOSTIC_SHOW_UI = 1,
    THREAD_INITIALIZATION_NONE = 0,
    WINDOWING_CLASSIC_DESKTOP = 2,
};

static LONG policy(HANDLE token, LONG *value, LONG desktop)
{
    (void)token; // all are alike
    if (!value) return ERROR_INVALID_PARAMETER;
    *value = desktop;
    return ERROR_SUCCESS;
}

HOTPATCH LONG WINAPI AppPolicyGetClrCompat(HANDLE token, LONG *value)
{
    return policy(token, value, CLR_COMPAT_OTHER);
}

HOTPATCH LONG WINAPI AppPolicyGetCreateFileAccess(HANDLE token, LONG *value)
{
    return policy(token, value, CREATE_FILE_ACCESS_FULL);
}

HOTPATCH LONG WINAPI AppPolicyGetMediaFoundationCodecLoading(HANDLE token, LONG *value)
{
    return policy(token, value, CODEC_LOADING_ALL);
}

HOTPATCH LONG WINAPI AppPolicyGetProcessTerminationMethod(HANDLE token, LONG *value)
{
    return policy(token, value, TERMINATION_EXIT_PROCESS);
}

HOTPATCH LONG WINAPI AppPolicyGetShowDeveloperDiagnostic(HANDLE token, LONG *value)
{
    return policy(token, value, DIAGNOSTIC_SHOW_UI);
}

HOTPATCH LONG WINAPI AppPolicyGetThreadInitializationType(HANDLE token, LONG *value)
{
    return policy(token, value, THREAD_INITIALIZATION_NONE);
}

HOTPATCH LONG WINAPI AppPolicyGetWindowingModel(HANDLE token, LONG *value)
{
    return policy(token, value, WINDOWING_CLASSIC_DESKTOP);
}

// Looks for a DLL in the package's graph: a program without a package has none.
HOTPATCH HMODULE WINAPI LoadPackagedLibrary(const WCHAR *name, DWORD reserved)
{
    (void)name, (void)reserved;
    SetLastError(APPMODEL_ERROR_NO_PACKAGE);
    return NULL;
}

// The computer's names, and small things of the machine.
#include "base.h"

// The host's name; the environment has it from the host (COMPUTERNAME), as Windows' has.
static DWORD computer_name(WCHAR *buffer, DWORD size)
{
    DWORD length = GetEnvironmentVariableW(L"COMPUTERNAME", buffer, size);
    if (!length) length = copy_wide_result(buffer, size, L"LOCALHOST", 9);
    return length;
}

// *size counts the NUL when it is too small, and not when the name was written.
HOTPATCH BOOL WINAPI GetComputerNameExW(COMPUTER_NAME_FORMAT kind, WCHAR *buffer, DWORD *size)
{
    WCHAR name[256];
    if (kind >= ComputerNameMax || !size) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD length = computer_name(name, ARRAY_LENGTH(name));
    switch (kind) {
    case ComputerNameNetBIOS:
    case ComputerNamePhysicalNetBIOS:
        if (length > MAX_COMPUTERNAME_LENGTH) length = MAX_COMPUTERNAME_LENGTH;
        for (DWORD i = 0; i < length; i++) name[i] = RtlUpcaseUnicodeChar(name[i]);
        break;
    case ComputerNameDnsDomain:
    case ComputerNamePhysicalDnsDomain: length = 0; break; // in no domain
    default: break;
    }
    name[length] = 0;
    if (!buffer || *size <= length) {
        *size = length + 1;
        return fail_with(ERROR_MORE_DATA);
    }
    memcpy(buffer, name, (length + 1) * sizeof(WCHAR));
    *size = length;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetComputerNameExA(COMPUTER_NAME_FORMAT kind, char *buffer, DWORD *size)
{
    WCHAR wide[256];
    DWORD length = ARRAY_LENGTH(wide);
    if (!GetComputerNameExW(kind, wide, &length)) return FALSE;
    DWORD written = ansi_from_wide(buffer, buffer ? *size : 0, wide, length);
    bool fits = buffer && written < *size;
    *size = written;
    return fits ? TRUE : fail_with(ERROR_MORE_DATA);
}

HOTPATCH BOOL WINAPI GetComputerNameW(WCHAR *buffer, DWORD *size)
{
    if (GetComputerNameExW(ComputerNameNetBIOS, buffer, size)) return TRUE;
    if (GetLastError() == ERROR_MORE_DATA) SetLastError(ERROR_BUFFER_OVERFLOW);
    return FALSE;
}

HOTPATCH BOOL WINAPI GetComputerNameA(char *buffer, DWORD *size)
{
    if (GetComputerNameExA(ComputerNameNetBIOS, buffer, size)) return TRUE;
    if (GetLastError() == ERROR_MORE_DATA) SetLastError(ERROR_BUFFER_OVERFLOW);
    return FALSE;
}

// ---- new names: the registry has them for the next start of the machine, which keeps the host's ----

#define COMPUTER_NAME_KEY L"SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName"
#define TCPIP_KEY         L"SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters"

static BOOL store_name(const WCHAR *path, const WCHAR *value, const WCHAR *name)
{
    HKEY key;
    LSTATUS error = RegCreateKeyExW(HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return fail_with((DWORD)error);
    DWORD size = (DWORD)((wide_length(name) + 1) * sizeof(WCHAR));
    error = RegSetValueExW(key, value, 0, REG_SZ, (const BYTE *)name, size);
    RegCloseKey(key);
    return error ? fail_with((DWORD)error) : TRUE;
}

// Letters, digits and hyphens, but not digits alone; in a domain's name dots, too.
static bool is_host_name(const WCHAR *name, SIZE_T most, bool dots)
{
    SIZE_T length = wide_length(name), digits = 0;
    if (length > most || (!length && !dots)) return false;
    for (SIZE_T i = 0; i < length; i++) {
        bool digit = name[i] >= '0' && name[i] <= '9', high = name[i] >= 0x80;
        bool letter = (name[i] | 0x20) >= 'a' && (name[i] | 0x20) <= 'z';
        if (!digit && !letter && !high && name[i] != '-' && !(dots && name[i] == '.')) return false;
        digits += digit;
    }
    return !length || digits < length;
}

HOTPATCH BOOL WINAPI SetComputerNameExW(COMPUTER_NAME_FORMAT kind, const WCHAR *name)
{
    WCHAR short_name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD size = ARRAY_LENGTH(short_name);
    switch (kind) {
    case ComputerNamePhysicalDnsDomain:
        if (!name || !is_host_name(name, 255, true)) return fail_with(ERROR_INVALID_PARAMETER);
        return store_name(TCPIP_KEY, L"NV Domain", name);
    case ComputerNamePhysicalNetBIOS:
        if (!name || !is_host_name(name, MAX_COMPUTERNAME_LENGTH, false))
            return fail_with(ERROR_INVALID_PARAMETER);
        break;
    case ComputerNamePhysicalDnsHostname:
        if (!name || !is_host_name(name, 63, false)) return fail_with(ERROR_INVALID_PARAMETER);
        if (!store_name(TCPIP_KEY, L"NV Hostname", name)) return FALSE;
        break;
    default: return fail_with(ERROR_INVALID_PARAMETER);
    }
    return DnsHostnameToComputerNameW(name, short_name, &size) &&
           store_name(COMPUTER_NAME_KEY, L"ComputerName", short_name);
}

HOTPATCH BOOL WINAPI SetComputerNameExA(COMPUTER_NAME_FORMAT kind, const char *name)
{
    AUTO_FREE WCHAR *wide = wide_from_ansi(name);
    return !conversion_failed(name, wide) && SetComputerNameExW(kind, wide);
}

HOTPATCH BOOL WINAPI SetComputerNameW(const WCHAR *name)
{
    return SetComputerNameExW(ComputerNamePhysicalNetBIOS, name);
}

HOTPATCH BOOL WINAPI SetComputerNameA(const char *name)
{
    return SetComputerNameExA(ComputerNamePhysicalNetBIOS, name);
}

// The name that a machine of that name in the DNS has besides: its beginning, in capitals. *size as in
// GetComputerNameExW.
HOTPATCH BOOL WINAPI DnsHostnameToComputerNameW(const WCHAR *host, WCHAR *name, DWORD *size)
{
    DWORD length = 0;
    if (!host || !size) return fail_with(ERROR_INVALID_PARAMETER);
    while (length < MAX_COMPUTERNAME_LENGTH && host[length] && host[length] != '.') length++;
    if (!name || *size <= length) {
        *size = length + 1;
        return fail_with(ERROR_MORE_DATA);
    }
    for (DWORD i = 0; i < length; i++) name[i] = RtlUpcaseUnicodeChar(host[i]);
    name[length] = 0;
    *size = length;
    return TRUE;
}

HOTPATCH BOOL WINAPI DnsHostnameToComputerNameA(const char *host, char *name, DWORD *size)
{
    WCHAR wide_name[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD length = ARRAY_LENGTH(wide_name);
    AUTO_FREE WCHAR *wide = wide_from_ansi(host);
    if (!size || conversion_failed(host, wide)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!DnsHostnameToComputerNameW(wide, wide_name, &length)) return FALSE;
    DWORD written = ansi_from_wide(name, name ? *size : 0, wide_name, length);
    bool fits = name && written < *size;
    *size = written;
    return fits ? TRUE : fail_with(ERROR_MORE_DATA);
}

// The terminal's bell; the tone is the terminal's.
HOTPATCH BOOL WINAPI Beep(DWORD frequency, DWORD milliseconds)
{
    HANDLE console = CreateFileW(L"CONOUT$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                 NULL, OPEN_EXISTING, 0, NULL);
    DWORD written;
    if (frequency < 37 || frequency > 32767) return fail_with(ERROR_INVALID_PARAMETER);
    if (console != INVALID_HANDLE_VALUE) {
        WriteConsoleW(console, L"\a", 1, &written, NULL);
        NtClose(console);
    }
    Sleep(milliseconds);
    return TRUE;
}

// The kind of a program by its headers.
HOTPATCH BOOL WINAPI GetBinaryTypeW(const WCHAR *path, DWORD *type)
{
    IMAGE_DOS_HEADER dos;
    IMAGE_NT_HEADERS32 headers;
    DWORD read;
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return FALSE;
    AUTO_CLOSE HANDLE close_file = file;
    if (!ReadFile(file, &dos, sizeof(dos), &read, NULL)) return FALSE;
    if (read < sizeof(dos) || dos.e_magic != IMAGE_DOS_SIGNATURE) return fail_with(ERROR_BAD_EXE_FORMAT);
    if (SetFilePointer(file, dos.e_lfanew, NULL, FILE_BEGIN) == INVALID_SET_FILE_POINTER ||
        !ReadFile(file, &headers, sizeof(headers), &read, NULL) || read < sizeof(headers.Signature)) {
        *type = SCS_DOS_BINARY;
        return TRUE;
    }
    if ((headers.Signature & 0xFFFF) == IMAGE_OS2_SIGNATURE) {
        *type = SCS_WOW_BINARY;
        return TRUE;
    }
    if (headers.Signature != IMAGE_NT_SIGNATURE) {
        *type = SCS_DOS_BINARY;
        return TRUE;
    }
    if (headers.FileHeader.Characteristics & IMAGE_FILE_DLL) return fail_with(ERROR_BAD_EXE_FORMAT);
    *type = headers.FileHeader.Machine == IMAGE_FILE_MACHINE_AMD64 ? SCS_64BIT_BINARY : SCS_32BIT_BINARY;
    return TRUE;
}

HOTPATCH BOOL WINAPI GetBinaryTypeA(const char *path, DWORD *type)
{
    AUTO_FREE WCHAR *wide = wide_from_file_ansi(path);
    return wide && GetBinaryTypeW(wide, type);
}

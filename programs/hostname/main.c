// hostname.exe.
#include "../shared/console_text.h"

int wmain(int count, WCHAR **words)
{
    WCHAR name[256];
    DWORD size = ARRAYSIZE(name);
    (void)words;
    if (count > 1) {
        complain(L"hostname: no name can be set here.\r\n");
        return 1;
    }
    if (!GetComputerNameExW(ComputerNameDnsHostname, name, &size)) {
        complain(L"hostname: %s\r\n", error_text(GetLastError()));
        return 1;
    }
    print(L"%s\r\n", name);
    return 0;
}

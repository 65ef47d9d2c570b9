// chcp.com: shows and sets the console's code page.
#include "../shared/console_text.h"
#include <wchar.h>

int wmain(int count, WCHAR **words)
{
    WCHAR *end = NULL;
    if (count < 2) {
        print(L"Active code page: %u\r\n", GetConsoleOutputCP() ? GetConsoleOutputCP() : GetOEMCP());
        return 0;
    }
    unsigned long page = wcstoul(words[1], &end, 10);
    if (count > 2 || end == words[1] || *end) {
        complain(L"Parameter format not correct - %s\r\n", words[count > 2 ? 2 : 1]);
        return 1;
    }
    if (!IsValidCodePage(page) || !SetConsoleCP(page) || !SetConsoleOutputCP(page)) {
        complain(L"Invalid code page\r\n");
        return 1;
    }
    print(L"Active code page: %lu\r\n", page);
    return 0;
}

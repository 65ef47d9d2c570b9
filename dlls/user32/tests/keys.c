// Keys of the US layout, and what is told of the window station and the desktop.
// link: -luser32 -ladvapi32
#include <windows.h>
#include "tests/check.h"

static void check_map(UINT code, UINT type, UINT wanted)
{
    UINT got = MapVirtualKeyW(code, type);
    CHECK(got == wanted, "MapVirtualKey(%x, %u) is %x, not %x", code, type, got, wanted);
}

static void test_map(void)
{
    check_map('A', MAPVK_VK_TO_VSC, 0x1E);
    check_map(VK_RETURN, MAPVK_VK_TO_VSC, 0x1C);
    check_map(VK_SHIFT, MAPVK_VK_TO_VSC, 0x2A);
    check_map(VK_RSHIFT, MAPVK_VK_TO_VSC, 0x36);
    check_map(VK_RCONTROL, MAPVK_VK_TO_VSC, 0x1D);
    check_map(VK_RCONTROL, MAPVK_VK_TO_VSC_EX, 0xE01D);
    check_map(VK_NUMPAD7, MAPVK_VK_TO_VSC, 0x47);
    check_map(VK_HOME, MAPVK_VK_TO_VSC, 0x47);
    check_map(VK_LWIN, MAPVK_VK_TO_VSC_EX, 0xE05B);
    check_map(0xFF, MAPVK_VK_TO_VSC, 0);
    check_map(0x1E, MAPVK_VSC_TO_VK, 'A');
    check_map(0x36, MAPVK_VSC_TO_VK, VK_SHIFT);
    check_map(0x36, MAPVK_VSC_TO_VK_EX, VK_RSHIFT);
    check_map(0x38, MAPVK_VSC_TO_VK, VK_MENU);
    check_map(0xE038, MAPVK_VSC_TO_VK_EX, VK_RMENU);
    check_map(0x53, MAPVK_VSC_TO_VK, VK_DELETE);
    check_map('q', MAPVK_VK_TO_CHAR, 0);
    check_map('Q', MAPVK_VK_TO_CHAR, 'Q');
    check_map(VK_OEM_2, MAPVK_VK_TO_CHAR, '/');
    check_map(VK_NUMPAD5, MAPVK_VK_TO_CHAR, '5');
    check_map(VK_F1, MAPVK_VK_TO_CHAR, 0);
    CHECK_EQUAL(MapVirtualKeyExA('Z', MAPVK_VK_TO_VSC, GetKeyboardLayout(0)), 0x2C);
}

static void test_scan(void)
{
    CHECK_EQUAL(VkKeyScanW('a'), 'A');
    CHECK_EQUAL(VkKeyScanA('A'), 0x100 | 'A');
    CHECK_EQUAL(VkKeyScanW('!'), 0x100 | '1');
    CHECK_EQUAL(VkKeyScanW('*'), 0x100 | '8');
    CHECK_EQUAL(VkKeyScanW('\\'), VK_OEM_5);
    CHECK_EQUAL(VkKeyScanW('\r'), VK_RETURN);
    CHECK_EQUAL(VkKeyScanW('\n'), 0x200 | 'J');
    CHECK_EQUAL(VkKeyScanW(3), 0x200 | 'C');
    CHECK_EQUAL(VkKeyScanW(0x20AC), (SHORT)-1);
}

static void test_names(void)
{
    char text[32];
    WCHAR wide[4];
    CHECK_EQUAL(GetKeyNameTextA(0x001E0000, text, sizeof(text)), 1);
    CHECK(!strcmp(text, "A"), "%s", text);
    CHECK_EQUAL(GetKeyNameTextA(0x01470000, text, sizeof(text)), 4);
    CHECK(!strcmp(text, "Home"), "%s", text);
    CHECK_EQUAL(GetKeyNameTextA(0x00470000, text, sizeof(text)), 5);
    CHECK_EQUAL(GetKeyNameTextA(0x00360000, text, sizeof(text)), 11);
    CHECK_EQUAL(GetKeyNameTextA(0x02360000, text, sizeof(text)), 5);
    CHECK_EQUAL(GetKeyNameTextW(0x000E0000, wide, 4), 3);
    CHECK(!wcscmp(wide, L"Bac"), "%ls", wide);
    CHECK_EQUAL(GetKeyNameTextA(0x007F0000, text, sizeof(text)), 0);
}

static void test_objects(void)
{
    HANDLE station = GetProcessWindowStation(), desktop = GetThreadDesktop(GetCurrentThreadId());
    WCHAR text[32];
    char narrow[32];
    DWORD needed = 0;
    USEROBJECTFLAGS flags;
    BYTE sid[SECURITY_MAX_SID_SIZE];
    CHECK(GetUserObjectInformationW(station, UOI_NAME, text, sizeof(text), &needed));
    CHECK(!wcscmp(text, L"WinSta0"), "%ls", text);
    CHECK_EQUAL(needed, sizeof(L"WinSta0"));
    CHECK(!GetUserObjectInformationW(station, UOI_NAME, text, 4, &needed));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(needed, sizeof(L"WinSta0"));
    CHECK(GetUserObjectInformationA(desktop, UOI_NAME, narrow, sizeof(narrow), &needed));
    CHECK(!strcmp(narrow, "Default"), "%s", narrow);
    CHECK_EQUAL(needed, sizeof("Default"));
    CHECK(GetUserObjectInformationW(desktop, UOI_TYPE, text, sizeof(text), NULL));
    CHECK(!wcscmp(text, L"Desktop"), "%ls", text);
    CHECK(GetUserObjectInformationA(station, UOI_TYPE, narrow, sizeof(narrow), NULL));
    CHECK(!strcmp(narrow, "WindowStation"), "%s", narrow);
    CHECK(GetUserObjectInformationW(station, UOI_FLAGS, &flags, sizeof(flags), &needed));
    CHECK_EQUAL(needed, sizeof(flags));
    CHECK_EQUAL(flags.dwFlags & WSF_VISIBLE, WSF_VISIBLE);
    CHECK(!flags.fInherit);
    CHECK(GetUserObjectInformationW(desktop, UOI_USER_SID, sid, sizeof(sid), &needed));
    CHECK(IsValidSid(sid) && GetLengthSid(sid) == needed);
    CHECK(!GetUserObjectInformationW(NULL, UOI_NAME, text, sizeof(text), &needed));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, "an event's name");
    CHECK(!GetUserObjectInformationW(event, UOI_NAME, text, sizeof(text), &needed));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CloseHandle(event);
    CHECK(!GetUserObjectInformationW(station, 99, text, sizeof(text), &needed));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    test_map();
    test_scan();
    test_names();
    test_objects();
    return check_summary();
}

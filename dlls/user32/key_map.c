// Virtual keys, scan codes, characters and names of keys: what the US layout makes of each other.
#include "user.h"
#include "us_layout.h"

#define US_LAYOUT ((HKL)0x04090409) // layout and language: English (United States)

enum { EXTENDED = 0xE000, PAUSE_PREFIX = 0xE100, PREFIX = 0xFF00 };
enum { SHIFTED = 0x100, CONTROLLED = 0x200 }; // in VkKeyScan's answer

static const struct us_key *key_by_scan(UINT scan)
{
    for (size_t i = 0; i < ARRAY_LENGTH(us_keys); i++)
        if (us_keys[i].scan == scan) return &us_keys[i];
    return NULL;
}

static const struct us_key *key_by_code(UINT code)
{
    for (size_t i = 0; i < ARRAY_LENGTH(us_keys); i++)
        if (us_keys[i].code == code) return &us_keys[i];
    return NULL;
}

// Of keys that a keyboard has twice, the one that stands for both, and back.
static const struct {
    BYTE either, left, right;
} pairs[] = {
    {VK_SHIFT, VK_LSHIFT, VK_RSHIFT}, {VK_CONTROL, VK_LCONTROL, VK_RCONTROL}, {VK_MENU, VK_LMENU, VK_RMENU}};

static UINT left_of_pair(UINT code)
{
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (code == pairs[i].either) return pairs[i].left;
    return code;
}

static UINT either_of_pair(UINT code)
{
    for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++)
        if (code == pairs[i].left || code == pairs[i].right) return pairs[i].either;
    return code;
}

// The scan code of a virtual key, those of the number pad with Num Lock included.
static UINT scan_of(UINT code)
{
    static const BYTE number_pad[] = {0x52, 0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49};
    if (code >= VK_NUMPAD0 && code <= VK_NUMPAD9) return number_pad[code - VK_NUMPAD0];
    if (code == VK_DECIMAL) return 0x53;
    const struct us_key *key = key_by_code(left_of_pair(code));
    return key ? key->scan : 0;
}

// The character that a key gives without shift; letters in upper case.
static UINT character_of(UINT code)
{
    if (code >= VK_NUMPAD0 && code <= VK_NUMPAD9) return '0' + code - VK_NUMPAD0;
    if (code == VK_DECIMAL) return '.';
    if (code >= 'A' && code <= 'Z') return code;
    const struct us_key *key = key_by_code(code);
    return key ? (BYTE)key->plain : 0;
}

static UINT map_key(UINT code, UINT type)
{
    const struct us_key *key;
    UINT scan;
    switch (type) {
    case MAPVK_VK_TO_VSC: scan = scan_of(code); return (scan & PREFIX) == PAUSE_PREFIX ? 0 : scan & 0xFF;
    case MAPVK_VSC_TO_VK: return (key = key_by_scan(code)) ? either_of_pair(key->code) : 0;
    case MAPVK_VK_TO_CHAR: return character_of(code);
    case MAPVK_VSC_TO_VK_EX: return (key = key_by_scan(code)) ? key->code : 0;
    case MAPVK_VK_TO_VSC_EX: return scan_of(code);
    }
    SetLastError(ERROR_INVALID_PARAMETER);
    return 0;
}

HOTPATCH UINT WINAPI MapVirtualKeyW(UINT code, UINT type)
{
    return map_key(code, type);
}

HOTPATCH UINT WINAPI MapVirtualKeyA(UINT code, UINT type)
{
    return map_key(code, type);
}

HOTPATCH UINT WINAPI MapVirtualKeyExW(UINT code, UINT type, HKL layout)
{
    (void)layout;
    return map_key(code, type);
}

HOTPATCH UINT WINAPI MapVirtualKeyExA(UINT code, UINT type, HKL layout)
{
    (void)layout;
    return map_key(code, type);
}

// Control characters without a key of their own are those of Ctrl and another.
static SHORT scan_control(UINT unit)
{
    if (unit == 0) return CONTROLLED | SHIFTED | '2';
    if (unit == 0x7F) return CONTROLLED | VK_BACK;
    if (unit == 0x1E) return CONTROLLED | SHIFTED | '6';
    if (unit == 0x1F) return CONTROLLED | SHIFTED | VK_OEM_MINUS;
    if (unit == 0x1C) return CONTROLLED | VK_OEM_5;
    if (unit == 0x1D) return CONTROLLED | VK_OEM_6;
    return (SHORT)(CONTROLLED | (unit + 'A' - 1));
}

HOTPATCH SHORT WINAPI VkKeyScanW(WCHAR unit)
{
    for (size_t i = 0; unit && i < ARRAY_LENGTH(us_keys); i++) {
        const struct us_key *key = &us_keys[i];
        // The number pad's signs come after the keys above it; Ctrl-C is no key of its own.
        if (key->code == VK_MULTIPLY || key->code == VK_CANCEL) continue;
        if (unit == (BYTE)key->plain) return key->code;
        if (unit == (BYTE)key->shifted) return SHIFTED | key->code;
    }
    return unit < ' ' || unit == 0x7F ? scan_control(unit) : -1;
}

HOTPATCH SHORT WINAPI VkKeyScanA(CHAR unit)
{
    WCHAR wide;
    return MultiByteToWideChar(CP_ACP, 0, &unit, 1, &wide, 1) == 1 ? VkKeyScanW(wide) : -1;
}

HOTPATCH SHORT WINAPI VkKeyScanExW(WCHAR unit, HKL layout)
{
    (void)layout;
    return VkKeyScanW(unit);
}

HOTPATCH SHORT WINAPI VkKeyScanExA(CHAR unit, HKL layout)
{
    (void)layout;
    return VkKeyScanA(unit);
}

// The name for the lParam of a key message: bits 16 to 23 are the scan code, 24 says extended, 25 that left
// and right don't matter. All names are ASCII.
static int key_name(LONG message, char name[32])
{
    UINT scan = (UINT)message >> 16 & 0xFF;
    if (message & 1 << 24) scan |= EXTENDED;
    const struct us_key *key = key_by_scan(scan);
    if (key && message & 1 << 25) key = key_by_code(left_of_pair(either_of_pair(key->code)));
    if (!key) return 0;
    if (key->name) return lstrlenA(lstrcpynA(name, key->name, 32));
    name[0] = key->code >= 'A' && key->code <= 'Z' ? (char)key->code : key->plain;
    name[1] = 0;
    return 1;
}

HOTPATCH int WINAPI GetKeyNameTextA(LONG message, LPSTR text, int size)
{
    char name[32];
    if (!text || size <= 0 || !key_name(message, name)) return 0;
    return lstrlenA(lstrcpynA(text, name, size));
}

HOTPATCH int WINAPI GetKeyNameTextW(LONG message, LPWSTR text, int size)
{
    char name[32];
    int length = key_name(message, name);
    if (!text || size <= 0 || !length) return 0;
    if (length > size - 1) length = size - 1;
    for (int i = 0; i < length; i++) text[i] = (WCHAR)name[i];
    text[length] = 0;
    return length;
}

HOTPATCH HKL WINAPI GetKeyboardLayout(DWORD thread)
{
    (void)thread; // all threads have the only one
    return US_LAYOUT;
}

HOTPATCH int WINAPI GetKeyboardLayoutList(int size, HKL *list)
{
    if (size > 0 && list) list[0] = US_LAYOUT;
    return 1;
}

HOTPATCH BOOL WINAPI GetKeyboardLayoutNameW(LPWSTR name)
{
    lstrcpyW(name, L"00000409");
    return TRUE;
}

HOTPATCH BOOL WINAPI GetKeyboardLayoutNameA(LPSTR name)
{
    lstrcpyA(name, "00000409");
    return TRUE;
}

// label.exe: the names of volumes.
#include "../shared/console_text.h"
#include <wchar.h>

enum { LABEL_MAX = 32 };

static int fail(void)
{
    complain(L"%s\r\n", error_text(GetLastError()));
    return 1;
}

// What the volume is called now, and the answer to what it shall be called.
static bool ask_label(const WCHAR *root, WCHAR *label)
{
    WCHAR old[MAX_PATH] = L"", answer[8];
    DWORD serial = 0;
    if (!GetVolumeInformationW(root, old, ARRAYSIZE(old), &serial, NULL, NULL, NULL, 0)) return false;
    if (*old)
        print(L"Volume in drive %c is %s\r\n", root[0], old);
    else
        print(L"Volume in drive %c has no label\r\n", root[0]);
    print(L"Volume Serial Number is %04X-%04X\r\nVolume label (%d characters, ENTER for none)? ",
          HIWORD(serial), LOWORD(serial), LABEL_MAX);
    if (!read_answer(label, LABEL_MAX + 1)) *label = 0;
    if (*label || !*old) return true;
    print(L"\r\nDelete current volume label (Y/N)? ");
    if (read_answer(answer, ARRAYSIZE(answer)) && towlower(answer[0]) != 'y') wcscpy(label, old);
    return true;
}

int wmain(int count, WCHAR **words)
{
    WCHAR root[MAX_PATH], label[LABEL_MAX + 1] = L"";
    if (count > 1 && wcscmp(words[1], L"/?") == 0) {
        print(L"LABEL [drive:][label]\r\n\r\n  Without a label it is asked for.\r\n");
        return 0;
    }
    if (!GetCurrentDirectoryW(ARRAYSIZE(root), root) || root[1] != ':') return fail();
    bool given = false;
    for (int i = 1; i < count; i++) {
        const WCHAR *word = words[i];
        if (i == 1 && word[0] && word[1] == ':') {
            root[0] = towupper(word[0]);
            word += 2;
        }
        if (!*word) continue;
        if (wcslen(label) + wcslen(word) + given > LABEL_MAX) {
            complain(L"Invalid characters in volume label\r\n");
            return 1;
        }
        if (given) wcscat(label, L" ");
        wcscat(label, word);
        given = true;
    }
    wcscpy(root + 2, L"\\");
    if (!given && !ask_label(root, label)) return fail();
    return SetVolumeLabelW(root, *label ? label : NULL) ? 0 : fail();
}

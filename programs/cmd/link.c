// MKLINK.
#include "builtin.h"
#include "find.h"
#include "output.h"
#include "switches.h"

#define ALLOW_UNPRIVILEGED 2 // SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE

int command_mklink(const WCHAR *arguments)
{
    struct words words;
    if (!words_take(&words, arguments, L"dhj")) return 1;
    if (words.count != 2) {
        complain(MESSAGE_SYNTAX);
        return 1;
    }
    WCHAR *link = strip_quotes(words.names[0]), *target = strip_quotes(words.names[1]);
    const WCHAR *what = words.on['h'] ? L"Hardlink" : words.on['j'] ? L"Junction" : L"symbolic link";
    BOOL made;
    if (words.on['h'])
        made = CreateHardLinkW(link, target, NULL);
    else if (words.on['j'])
        made = CreateSymbolicLinkW(link, absolute(target), SYMBOLIC_LINK_FLAG_DIRECTORY | ALLOW_UNPRIVILEGED);
    else
        made = CreateSymbolicLinkW(link, target,
                                   (words.on['d'] ? SYMBOLIC_LINK_FLAG_DIRECTORY : 0) | ALLOW_UNPRIVILEGED);
    if (!made) {
        complain_error(GetLastError());
        return 1;
    }
    print(L"%s created for %s <<===>> %s\r\n", what, link, target);
    return 0;
}

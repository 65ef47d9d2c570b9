// Command lines into arguments, and whether the user may administrate.
#include "nt/nt.h"
#include <stdbool.h>

// Copies one argument and returns what follows it. Backslashes before a quote escape it, two by two; two
// quotes inside quotes are one (Microsoft's documentation of CommandLineToArgvW).
static const WCHAR *take_argument(const WCHAR *from, WCHAR **to)
{
    bool quoted = false;
    for (;; from++) {
        int slashes = 0;
        while (*from == '\\') slashes++, from++;
        if (*from == '"') {
            for (int i = 0; i < slashes / 2; i++) *(*to)++ = '\\';
            if (slashes & 1) {
                *(*to)++ = '"';
            } else if (quoted && from[1] == '"') {
                *(*to)++ = *from++;
                quoted = false;
            } else {
                quoted = !quoted;
            }
            continue;
        }
        for (int i = 0; i < slashes; i++) *(*to)++ = '\\';
        if (!*from || (!quoted && (*from == ' ' || *from == '\t'))) break;
        *(*to)++ = *from;
    }
    *(*to)++ = 0;
    return from;
}

// The program's name: up to the closing quote or the first blank, backslashes mean nothing.
static const WCHAR *take_program(const WCHAR *from, WCHAR **to)
{
    bool quoted = *from == '"';
    if (quoted) from++;
    while (*from && (quoted ? *from != '"' : *from != ' ' && *from != '\t')) *(*to)++ = *from++;
    if (*from) from++;
    *(*to)++ = 0;
    return from;
}

static const WCHAR *skip_blanks(const WCHAR *text)
{
    while (*text == ' ' || *text == '\t') text++;
    return text;
}

HOTPATCH LPWSTR *WINAPI CommandLineToArgvW(LPCWSTR line, int *count)
{
    if (!count) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    WCHAR self[MAX_PATH];
    if (!*line) {
        GetModuleFileNameW(NULL, self, MAX_PATH);
        line = self;
    }
    // At most one argument for two characters, and their text no longer than the line.
    SIZE_T length = (SIZE_T)lstrlenW(line), most = length / 2 + 2;
    WCHAR **arguments = LocalAlloc(0, (most + 1) * sizeof(*arguments) + (length + most + 1) * sizeof(WCHAR));
    if (!arguments) return NULL;
    WCHAR *text = (WCHAR *)(arguments + most + 1);
    *count = 0;
    arguments[(*count)++] = text;
    line = take_program(line, &text);
    for (line = skip_blanks(line); *line; line = skip_blanks(line)) {
        arguments[(*count)++] = text;
        line = take_argument(line, &text);
    }
    arguments[*count] = NULL;
    return arguments;
}

HOTPATCH BOOL WINAPI IsUserAnAdmin(void)
{
    SID_IDENTIFIER_AUTHORITY authority = {SECURITY_NT_AUTHORITY};
    BYTE buffer[SECURITY_MAX_SID_SIZE];
    BOOL member = FALSE;
    SID *administrators = (SID *)buffer;
    InitializeSid(administrators, &authority, 2);
    administrators->SubAuthority[0] = SECURITY_BUILTIN_DOMAIN_RID;
    administrators->SubAuthority[1] = DOMAIN_ALIAS_RID_ADMINS;
    return CheckTokenMembership(NULL, administrators, &member) && member;
}

// Asking before files are replaced.
#include "overwrite.h"
#include "ask.h"
#include "shell.h"
#include "variables.h"

enum overwrite overwrite_mode(bool yes, bool no)
{
    const WCHAR *preset = variable_get(L"COPYCMD", 7);
    if (yes) return OVERWRITE_ALWAYS;
    if (no) return OVERWRITE_ASK;
    if (preset && same_text(preset, L"/y")) return OVERWRITE_ALWAYS;
    if (preset && same_text(preset, L"/-y")) return OVERWRITE_ASK;
    return shell.interactive && !shell.batch ? OVERWRITE_ASK : OVERWRITE_ALWAYS;
}

bool overwrite_allowed(const WCHAR *path, enum overwrite *mode)
{
    if (*mode == OVERWRITE_ALWAYS) return true;
    enum answer answer = ask(L"Overwrite %s? (Yes/No/All): ", path);
    if (answer == ANSWER_ALL) *mode = OVERWRITE_ALWAYS;
    return answer != ANSWER_NO;
}

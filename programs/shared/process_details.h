// More about a process than the list of processes has, for tasklist, taskkill and their filters. Texts are
// the caller's to free; what can't be known is "N/A".
#ifndef PROGRAMS_PROCESS_DETAILS_H
#define PROGRAMS_PROCESS_DETAILS_H
#include "console_text.h"

// What all that is listed is doing; a window that doesn't answer is not looked for.
#define PROCESS_STATUS L"Running"

WCHAR *process_user(DWORD id);     // DOMAIN\NAME
DWORD process_seconds(DWORD id);   // of processor time
WCHAR *process_title(DWORD id);    // of its first visible window
WCHAR *process_services(DWORD id); // with commas between them
WCHAR *process_modules(DWORD id);  // the same

// Whether a list with commas has an entry that a pattern names, which may end with an asterisk.
bool list_has(const WCHAR *list, const WCHAR *pattern);
// Whether a text is that of a pattern, which may end with an asterisk.
bool text_named(const WCHAR *text, size_t length, const WCHAR *pattern);

#endif

// The processes there are, for tasklist and taskkill.
#ifndef PROGRAMS_PROCESS_LIST_H
#define PROGRAMS_PROCESS_LIST_H
#include "console_text.h"

struct process {
    DWORD id, parent, session;
    WCHAR name[MAX_PATH];
    ULONGLONG kilobytes; // of memory
};

// All of them; the caller frees the array. NULL: there is no list.
struct process *list_processes(size_t *count);

// A filter of /FI: "IMAGENAME eq a*", "PID gt 100", "CPUTIME ge 00:00:10", "WINDOWTITLE eq ..." and so on.
struct filter {
    enum {
        FILTER_ID,
        FILTER_MEMORY,
        FILTER_SESSION,
        FILTER_TIME,
        FILTER_NAME, // from here on texts, which are equal or not
        FILTER_STATUS,
        FILTER_USER,
        FILTER_TITLE,
        FILTER_SERVICES,
        FILTER_MODULES,
    } field;
    enum {
        COMPARE_EQUAL,
        COMPARE_UNEQUAL,
        COMPARE_GREATER,
        COMPARE_LESS,
        COMPARE_AT_LEAST,
        COMPARE_AT_MOST
    } compare;
    WCHAR *text;
    unsigned long number;
};
bool filter_parse(const WCHAR *text, struct filter *filter);
bool filter_passes(const struct filter *filter, const struct process *process);
// Whether a name is that of a pattern, which may end with an asterisk.
bool process_named(const struct process *process, const WCHAR *pattern);

#endif

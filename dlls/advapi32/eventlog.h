// Event logs: a file for each log in the documented format of .evt files, a head and records of UTF-16 in the
// order in which they came. Processes take turns by a named mutex; a record counts once the head says so.
#ifndef LOWLAND_ADVAPI32_EVENTLOG_H
#define LOWLAND_ADVAPI32_EVENTLOG_H

#include "base.h"

enum { EVENTLOG_NAME_MAX = 255, EVENTLOG_SIGNATURE = 0x654C664C };

// The head of a file (ELF_LOGFILE_HEADER).
struct eventlog_head {
    DWORD size, signature, major, minor;
    DWORD start, end;   // offsets of the oldest record and behind the newest
    DWORD next, oldest; // numbers of records; oldest 0: there are none
    DWORD max_size, flags, retention, end_size;
};

// A log as it is read: its records one behind the other, all checked.
struct eventlog_image {
    BYTE *bytes; // on the process heap
    DWORD size;
    DWORD oldest, count;
};

// What stands behind a handle.
struct eventlog {
    struct eventlog *next;
    LONG references;
    bool backup;                         // a file that was opened by its name: path
    WCHAR source[EVENTLOG_NAME_MAX + 1]; // as it was opened
    WCHAR log[EVENTLOG_NAME_MAX + 1];
    WCHAR path[MAX_PATH];
    bool placed;    // it has been read from
    DWORD position; // number of the record that a reader forwards has read last
};

// ---- handles (eventlog_handle.c) ----

// With a reference; NULL with ERROR_INVALID_HANDLE.
struct eventlog *eventlog_resolve(HANDLE handle);
void eventlog_release(struct eventlog *log);
static inline void eventlog_release_variable(struct eventlog **log)
{
    if (*log) eventlog_release(*log);
}
#define AUTO_EVENTLOG __attribute__((cleanup(eventlog_release_variable)))

// ---- files (eventlog_file.c) ----

// All records of a file. A log that has no file yet is empty. ERROR_EVENTLOG_FILE_CORRUPT.
DWORD eventlog_load(const struct eventlog *log, struct eventlog_image *image);
static inline void eventlog_image_free(struct eventlog_image *image)
{
    heap_free(image->bytes);
}
#define AUTO_IMAGE __attribute__((cleanup(eventlog_image_free)))

// Puts a record behind the others, whose number it sets. The oldest go when the log is full.
DWORD eventlog_append(const struct eventlog *log, EVENTLOGRECORD *record);
// Takes all records; numbers go on.
DWORD eventlog_empty(const struct eventlog *log);
// A copy of the whole file. ERROR_ALREADY_EXISTS.
DWORD eventlog_copy(const struct eventlog *log, const WCHAR *target);

#endif

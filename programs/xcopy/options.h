// What xcopy's switches say.
#ifndef XCOPY_OPTIONS_H
#define XCOPY_OPTIONS_H
#include "../shared/console_text.h"

struct options {
    const WCHAR *source, *target;
    bool deep, empty;                  // /S, /E
    bool into_directory;               // /I: what isn't there is a directory
    bool quiet, full_names, list_only; // /Q, /F, /L
    bool hidden, keep, over_read_only; // /H, /K, /R
    bool always, ask_each, go_on;      // /Y (/-Y takes it back), /P, /C
    bool only_existing, only_tree;     // /U, /T
    bool archived, clear_archive;      // /A and /M
    bool newer, dated;                 // /D, /D:date
    FILETIME date;
    WCHAR **excluded; // texts of /EXCLUDE's files
    size_t excluded_count, excluded_capacity;
};

enum exit_status {
    STATUS_DONE = 0,
    STATUS_BAD_START = 4,
    STATUS_WRITE_ERROR = 5,
};

// Takes the command line apart. False after a complaint.
bool options_take(struct options *options, int count, WCHAR **words);

#endif

// What robocopy says, on standard output and in the log, and its counts.
#ifndef ROBOCOPY_REPORT_H
#define ROBOCOPY_REPORT_H
#include "options.h"

struct counts {
    ULONGLONG total, copied, skipped, mismatched, failed, extra;
};

struct totals {
    struct counts directories, files, bytes;
};

// Opens the log that the options name. False after a line about why not.
bool report_open(const struct options *options);
void report_close(void);

// A format of wprintf's kind to wherever the report goes.
void report(const WCHAR *format, ...);
// The same with the time before and the error's text behind it.
void report_error(DWORD error, const WCHAR *what, const WCHAR *path);

void report_head(const struct options *options);
void report_summary(const struct options *options, const struct totals *totals);

// A file's or directory's line: CLASS as Windows pads it, e.g. "    New File  ".
void report_file(const struct options *options, const WCHAR *class, const WIN32_FIND_DATAW *data,
                 const WCHAR *path);
void report_directory(const struct options *options, const WCHAR *class, long count, const WCHAR *path);
// The line's end, once a file was copied or passed over.
void report_file_end(const struct options *options, bool copied);

#endif

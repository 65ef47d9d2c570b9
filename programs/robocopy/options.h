// What robocopy's command line says.
#ifndef ROBOCOPY_OPTIONS_H
#define ROBOCOPY_OPTIONS_H
#include "../shared/console_text.h"

struct names {
    const WCHAR **names;
    size_t count, capacity;
};

struct options {
    WCHAR *source, *target; // full paths
    struct names files, excluded_files, excluded_directories;
    // Which directories and files
    bool subdirectories, empty, purge, move_files, move_all, create_only, no_junctions;
    long levels; // 0: all
    bool archive, reset_archive;
    DWORD include_attributes, exclude_attributes;
    bool exclude_changed, exclude_newer, exclude_older, exclude_extra, exclude_lonely, include_same,
        include_tweaked;
    ULONGLONG size_min, size_max; // of files
    FILETIME written_min, written_max;
    bool coarse_times; // two seconds are the same time
    // How
    bool list_only, copy_data, copy_attributes, copy_times, copy_security, copy_owner, directory_attributes,
        directory_times;
    DWORD add_attributes, remove_attributes;
    unsigned long retries, wait; // seconds
    // What is said
    bool no_progress, no_files, no_directories, no_head, no_summary, no_class, no_size, full_paths, bytes,
        time_stamps, verbose, report_extra, tee, quit;
    WCHAR *log;
    bool log_append, log_wide;
    WCHAR *shown; // the switches as the head shows them
};

// The options of a command line. False after a line about what is wrong with it.
bool options_read(struct options *options, int count, WCHAR **words);

#endif

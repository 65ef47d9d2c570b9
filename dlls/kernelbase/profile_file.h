// Profile files (.ini): their text, its sections and entries. Shared by reading and writing.
#ifndef LOWLAND_KERNELBASE_PROFILE_FILE_H
#define LOWLAND_KERNELBASE_PROFILE_FILE_H

#include "format_argument.h"

// A file's text and how it was encoded: ANSI, or UTF-16 when the file begins with a byte-order mark.
struct profile {
    WCHAR *text; // NULL: nothing was loaded
    SIZE_T length;
    bool wide;
};

// Held while a file is read (shared) or replaced by this process.
extern RTL_SRWLOCK profile_lock;

// A part of the text.
struct span {
    SIZE_T start, end;
};

// Reads a file. Names without a directory lie in the Windows directory. False with the last error set.
bool profile_load(struct profile *profile, const WCHAR *name);
void profile_free(struct profile *profile);
#define AUTO_PROFILE __attribute__((cleanup(profile_free)))

// Opens a file for a change and reads it, made empty if there is none; INVALID_HANDLE_VALUE with the last
// error set. It can't be opened for writing while others don't allow that.
HANDLE profile_open(struct profile *profile, const WCHAR *name);
// Replaces the opened file's text, in the encoding that it had.
bool profile_save(HANDLE file, const struct text *text, bool wide);

// The line that begins at *at, without the blanks around it; *at moves to the next one. False at the end.
bool profile_next_line(const struct profile *profile, SIZE_T *at, struct span *line);
// "[name]": the name's place.
bool profile_section_name(const struct profile *profile, struct span line, struct span *name);
// "key=value": both places. False for empty lines and comments; *equals tells whether there is a '='.
bool profile_split(const struct profile *profile, struct span line, struct span *key, struct span *value,
                   bool *equals);
// Where a section's lines begin and end; false when there is none.
bool profile_find_section(const struct profile *profile, const WCHAR *section, struct span *body);
// Whether a name is text, in any case, without the blanks around both.
bool profile_equals(const struct profile *profile, struct span span, const WCHAR *text);

#endif

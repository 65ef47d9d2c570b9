// Windows' file attributes and times, from and to what the host keeps.
#ifndef LOWLAND_FILE_ATTRIBUTES_H
#define LOWLAND_FILE_ATTRIBUTES_H

#include "file.h"
#include <sys/stat.h>

// What one host query says about a file, in Windows' terms.
struct file_facts {
    uint32_t attributes;                         // FILE_ATTRIBUTE_*
    uint32_t reparse_tag;                        // 0: none
    int64_t created, accessed, written, changed; // 100 ns since 1601
    uint64_t size, allocated, id, device;
    uint32_t links;
    uint32_t mode, owner, group; // the host's
};

// Facts of directory/name; a symlink to a directory is a reparse point, one to a file is followed. flags: 0,
// or AT_EMPTY_PATH for the open file `directory`, or AT_SYMLINK_NOFOLLOW to describe any symlink itself. 0 or
// an errno.
int file_facts_at(struct file_facts *facts, int directory, const char *name, int flags);
int file_facts_of(struct file_facts *facts, const struct file *file);

// Sets attributes of an open file: FILE_ATTRIBUTE_READONLY becomes the write permissions, the others go to an
// extended attribute where the file system has them. 0 or an errno.
int file_set_attributes(const struct file *file, uint32_t attributes);

// Sets those of the times that are not 0 or negative. 0 or an errno.
int file_set_times(const struct file *file, int64_t created, int64_t accessed, int64_t written);

// Keeps value under an extended attribute's name and marks a regular file, whose mode is given, as having
// some. 0 or an errno.
int file_keep(const char *path, mode_t mode, const char *name, const void *value, size_t size);

// The mode bits and the extended attribute of a file that is created with these attributes.
mode_t file_mode_for(uint32_t attributes);
void file_attributes_created(int fd, uint32_t attributes, bool directory);

// A 32-bit volume serial number for a host device, stable while the system runs.
uint32_t volume_serial(uint64_t device);

static inline int64_t time_from_host(int64_t seconds, uint32_t nanoseconds)
{
    return (seconds + 11644473600) * 10000000 + nanoseconds / 100;
}

#endif

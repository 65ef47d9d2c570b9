// Alternate data streams: what "file:name" means. Each is a host file of its own in the prefix; the file that
// it belongs to names the directory of its streams in an extended attribute.
#ifndef LOWLAND_FILE_STREAM_H
#define LOWLAND_FILE_STREAM_H

#include "path.h"
#include <stdint.h>
#include <sys/stat.h>

// Makes *path, a name of stream `name` of the file open as owner (O_PATH will do), that of the stream's own
// file, which need not exist. create: the owner may be given its first stream. STATUS_OBJECT_NAME_NOT_FOUND;
// STATUS_OBJECT_NAME_INVALID: the owner's file system keeps no extended attributes; others from the host. Any
// thread.
NTSTATUS stream_locate(struct path *path, int owner, const char *name, bool create);

// Opens the owner of the stream that path names, O_PATH, without regard to case unless exact; its descriptor
// in *owner.
NTSTATUS stream_open_owner(struct path *path, bool exact, int *owner);

// Calls visit for each stream of the file open as owner until it returns false.
void stream_for_each(int owner, bool (*visit)(const char *name, const struct stat *st, void *context),
                     void *context);

// Removes all streams of a file that st describes, before it goes or is overwritten. Costs nothing for a
// regular file without.
void streams_remove(int directory, const char *name, const struct stat *st);

// After a name of the file open as fd (O_PATH will do) went or was replaced: removes its streams when that
// was its last. Closes fd.
void streams_forget(int fd);

#endif

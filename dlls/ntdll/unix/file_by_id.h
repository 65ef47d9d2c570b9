// Files by their number (FILE_OPEN_BY_FILE_ID).
#ifndef LOWLAND_FILE_BY_ID_H
#define LOWLAND_FILE_BY_ID_H

#include "file.h"

// Makes *path that of the file with the number that attributes have for a name, on the volume of their root
// handle. The host opens nothing by number: found are the root itself, what lies in it, and what lies beside
// it. *root is retained. STATUS_INVALID_PARAMETER when it is none of those, and for numbers that aren't.
NTSTATUS file_parse_id(const OBJECT_ATTRIBUTES32 *attributes, struct path *path, struct file **root);

#endif

// What the headers of a process's program say, as NT tells it.
#ifndef LOWLAND_PROCESS_IMAGE_H
#define LOWLAND_PROCESS_IMAGE_H

#include "guest_types.h"
#include "loader/image.h"
#include "process_object.h"

void process_image_describe(SECTION_IMAGE_INFORMATION32 *out, const struct image_info *info);

// Of this or another process, whatever it has done to its memory: from the program's file.
// STATUS_PROCESS_IS_TERMINATING, and what opening the file and reading its headers return.
NTSTATUS process_image_query(struct process_object *process, SECTION_IMAGE_INFORMATION32 *out);

#endif

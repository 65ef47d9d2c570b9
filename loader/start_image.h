// Opening and mapping the images that a process starts with.
#ifndef LOWLAND_START_IMAGE_H
#define LOWLAND_START_IMAGE_H

#include "loader/image.h"

struct start_image {
    const char *path; // host path, for messages
    int fd;           // -1 once mapped
    struct image_info info;
    gptr base;
};

// Opens and parses. Ends Lowland with FAIL_PROGRAM or FAIL_IMAGE and the reason.
void start_image_open(struct start_image *image, const char *path);
// The same without ending: the NTSTATUS that CreateProcess reports, the reason in *error.
NTSTATUS start_image_try(struct start_image *image, const char *path, struct image_error *error);
void start_image_map(struct start_image *image);

#endif

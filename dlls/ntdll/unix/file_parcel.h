// Files that another process gets too: what is said of them, and how they are made again there.
#ifndef LOWLAND_FILE_PARCEL_H
#define LOWLAND_FILE_PARCEL_H

#include "file.h"
#include "object_parcel.h"

// As object_parcel_export and object_parcel_import, for files of any kind.
NTSTATUS file_parcel_export(struct file *file, struct object_parcel *parcel,
                            int descriptors[PARCEL_DESCRIPTORS]);
NTSTATUS file_parcel_import(const struct object_parcel *parcel, const int descriptors[PARCEL_DESCRIPTORS],
                            struct object **object);

#endif

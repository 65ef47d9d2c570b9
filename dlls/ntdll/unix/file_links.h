// The names that a file has.
#ifndef LOWLAND_FILE_LINKS_H
#define LOWLAND_FILE_LINKS_H

#include "file_information.h"

// FileHardLinkInformation or FileHardLinkFullIdInformation: the name that the file was opened by, and its
// others in the same directory. The host can't say where else it has one. STATUS_BUFFER_OVERFLOW with those
// that fit.
NTSTATUS file_links(const struct file_query *query, uint32_t class, const struct file_facts *facts);

#endif

// Answers of NtQueryInformationFile and its relatives: what several files of them share.
#ifndef LOWLAND_FILE_INFORMATION_H
#define LOWLAND_FILE_INFORMATION_H

#include "file_attributes.h"

// A query on its way.
struct file_query {
    struct file *file;    // NULL: by name
    ACCESS_MASK32 access; // of the handle
    gptr buffer;
    uint32_t length;
    uint32_t *information;
};

// Whether a call (ntdll_call_...) knows a class and the length suffices for it, which Windows checks before
// it looks at the handle. STATUS_INVALID_INFO_CLASS, STATUS_INFO_LENGTH_MISMATCH.
NTSTATUS file_check_class(uint32_t call, uint32_t class, uint32_t length);

// Gives a structure of fixed size as the answer. STATUS_INFO_LENGTH_MISMATCH, STATUS_ACCESS_VIOLATION.
NTSTATUS file_answer(const struct file_query *query, const void *data, uint32_t size);

// Gives a FILE_NAME_INFORMATION at offset: as much of the name as fits. Also STATUS_BUFFER_OVERFLOW.
NTSTATUS file_answer_name(const struct file_query *query, uint32_t offset, const uint16_t *name,
                          size_t units);

// FileStatInformation or FileStatLxInformation.
NTSTATUS file_answer_stat(const struct file_query *query, uint32_t class, const struct file_facts *facts,
                          ACCESS_MASK32 effective);

FILE_BASIC_INFORMATION32 file_basic(const struct file_facts *facts);
FILE_NETWORK_OPEN_INFORMATION32 file_network_open(const struct file_facts *facts);

// The rights that an open of the file may have: all but writing data where the host forbids it. file NULL:
// not known.
ACCESS_MASK32 file_effective_access(const struct file *file, const struct file_facts *facts);

#endif

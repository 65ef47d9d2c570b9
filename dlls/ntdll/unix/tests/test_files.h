// Calling the file calls without a guest: memory below 4 GB, a prefix of the test's own, names in ASCII.
#ifndef LOWLAND_TEST_FILES_H
#define LOWLAND_TEST_FILES_H

#include "test_threads.h"
#include "dlls/ntdll/unix/file.h"
#include "guest_constants.h"
#include "ntdll_host.h"

// Group set-up: test_threads_setup, a temporary prefix, the low memory. Tear-down removes the prefix.
int test_files_setup(void **state);
int test_files_teardown(void **state);

// The host path of C:\ in the test's prefix.
extern char test_drive[];

// Maps the low memory, where test_files_setup doesn't.
bool test_low_init(void);
// n bytes of low memory, zeroed, good until the next test_low_reset.
gptr test_low(size_t n);
void test_low_reset(void);

// OBJECT_ATTRIBUTES for a name (UTF-8 source text, ASCII only), without regard to case.
OBJECT_ATTRIBUTES32 test_name(const char *name, HANDLE32 root);
OBJECT_ATTRIBUTES32 test_name16(const uint16_t *name, size_t units, HANDLE32 root);

// NtCreateFile of a synchronous file, sharing everything.
NTSTATUS test_create(HANDLE32 *handle, const char *name, uint32_t access, uint32_t disposition,
                     uint32_t options);
NTSTATUS test_create_shared(HANDLE32 *handle, const char *name, uint32_t access, uint32_t sharing);

// Reads and writes at the file's position, or at an offset. *n: bytes.
NTSTATUS test_write(HANDLE32 handle, const void *data, uint32_t length, const int64_t *offset, uint32_t *n);
NTSTATUS test_read(HANDLE32 handle, void *data, uint32_t length, const int64_t *offset, uint32_t *n);

// Queries and sets information of fixed size.
NTSTATUS test_query(HANDLE32 handle, void *info, uint32_t size, uint32_t class);
NTSTATUS test_set(HANDLE32 handle, const void *info, uint32_t size, uint32_t class);
NTSTATUS test_rename(HANDLE32 handle, const char *name, bool replace);

// Makes a file of the host in C:, with content.
void test_host_file(const char *name, const char *content);
bool test_host_exists(const char *name);

#define assert_status(call, status) assert_int_equal((uint32_t)(call), (uint32_t)(status))

#endif

// Pipes: not served yet; every attempt to make or open one is refused.
#include "pipe.h"
#include "ntdll_host.h"

const struct file_device pipe_device = {.type = FILE_DEVICE_NAMED_PIPE};
const struct file_device pipe_root_device = {.type = FILE_DEVICE_NAMED_PIPE};

NTSTATUS pipe_open(const struct path *path, struct file *root, uint32_t access, uint32_t options,
                   struct file **file)
{
    (void)path, (void)root, (void)access, (void)options, (void)file;
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

NTSTATUS NtCreateNamedPipeFile(HANDLE32 *pipe, uint32_t access, const OBJECT_ATTRIBUTES32 *attributes,
                               IO_STATUS_BLOCK32 *io, uint32_t sharing, uint32_t disposition,
                               uint32_t options, uint32_t type, uint32_t read_mode, uint32_t completion_mode,
                               uint32_t max_instances, uint32_t in_quota, uint32_t out_quota,
                               const LARGE_INTEGER32 *timeout)
{
    (void)pipe, (void)access, (void)attributes, (void)io, (void)sharing, (void)disposition, (void)options,
        (void)type, (void)read_mode, (void)completion_mode, (void)max_instances, (void)in_quota,
        (void)out_quota, (void)timeout;
    return STATUS_NOT_SUPPORTED;
}

// SECTION_IMAGE_INFORMATION of sections and processes.
#include "process_image.h"
#include "file_host_path.h"
#include "guest_constants.h"
#include "loader/start_image.h"
#include "process_info.h"
#include <string.h>
#include <unistd.h>

void process_image_describe(SECTION_IMAGE_INFORMATION32 *out, const struct image_info *info)
{
    *out = (SECTION_IMAGE_INFORMATION32){
        .TransferAddress = info->image_base + info->entry,
        .MaximumStackSize = info->stack_reserve,
        .CommittedStackSize = info->stack_commit,
        .SubSystemType = info->subsystem,
        .SubSystemMinorVersion = info->subsystem_minor,
        .SubSystemMajorVersion = info->subsystem_major,
        .MajorOperatingSystemVersion = info->os_major,
        .MinorOperatingSystemVersion = info->os_minor,
        .ImageCharacteristics = info->characteristics,
        .DllCharacteristics = info->dll_characteristics,
        .Machine = info->machine,
        .ImageContainsCode = info->contains_code,
        .LoaderFlags = info->loader_flags,
        .ImageFileSize = info->file_size,
        .CheckSum = info->checksum,
    };
}

NTSTATUS process_image_query(struct process_object *process, SECTION_IMAGE_INFORMATION32 *out)
{
    enum { PREFIX = 4 };
    uint16_t own[PROGRAM_NAME_MAX], nt[PREFIX + PROGRAM_NAME_MAX] = {'\\', '?', '?', '\\'};
    const uint16_t *name;
    char host[PATH_MAX];
    uint32_t length;
    struct start_image image;
    struct image_error error;
    NTSTATUS status = process_program(process, own, &name, &length);
    if (!NT_SUCCESS(status)) return status;
    memcpy(nt + PREFIX, name, length * sizeof *name);
    status = file_host_path(nt, PREFIX + length, host);
    if (NT_SUCCESS(status)) status = start_image_try(&image, host, &error);
    if (!NT_SUCCESS(status)) return status;
    close(image.fd);
    process_image_describe(out, &image.info);
    return STATUS_SUCCESS;
}

// Fuzzes image_parse: whatever the bytes are, it reads nothing beyond them, and what it accepts can be mapped
// without another look at the headers. Build: clang -fsanitize=fuzzer,address,undefined (make fuzz).
#include "loader/image.h"
#include <stdlib.h>

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) abort();                                                                           \
    } while (0)

static void check_accepted(const struct image_info *info, uint64_t file_size)
{
    uint64_t image_end = ((uint64_t)info->image_size + 0xfff) & ~0xfffull, end = 0;
    CHECK(info->image_size && image_end <= 0xffff0000);
    CHECK(!(info->image_base & 0xffff));
    CHECK(info->headers_size && info->headers_size <= image_end);
    CHECK(info->sections_n <= IMAGE_SECTIONS_MAX);
    for (uint32_t i = 0; i < info->sections_n; i++) {
        const struct image_section *section = &info->sections[i];
        uint64_t pages = ((uint64_t)section->virtual_size + 0xfff) & ~0xfffull;
        CHECK(section->virtual_size);
        CHECK(section->rva >= end);
        if (!info->flat) CHECK(!(section->rva & 0xfff) && section->rva >= 0x1000);
        if (!info->flat && !i) CHECK(info->headers_size <= section->rva);
        end = (uint64_t)section->rva + (info->flat ? section->virtual_size : pages);
        CHECK(end <= image_end);
        CHECK(section->file_size <= pages);
        CHECK((uint64_t)section->file_offset + section->file_size <= file_size);
        CHECK(section->name[8] == 0);
    }
}

static void run(const uint8_t *data, size_t size, uint64_t file_size)
{
    struct image_info info;
    struct image_error error = {0};
    int result = image_parse(data, size, file_size, &info, &error);
    CHECK(result == 0 || result == -1);
    if (result)
        CHECK(error.reason && !NT_SUCCESS(error.status));
    else
        check_accepted(&info, file_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    run(data, size, size);
    run(data, size, (uint64_t)size + 0x100000); // only the start of the file is at hand
    run(data, size, 0x123456789ull);
    return 0;
}

// Parsing and mapping of images that are put together here, byte by byte.
#include "guest_constants.h"
#include "guest_faults.h"
#include "loader/image.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define SCN_CODE   0x60000020u // execute, read
#define SCN_DATA   0xc0000040u // read, write
#define SCN_CONST  0x40000040u // read
#define SCN_SHARED 0xd0000040u

struct sample {
    uint8_t bytes[0x10000];
    uint32_t size, pe;
};

static void put16(struct sample *sample, uint32_t at, uint16_t value)
{
    memcpy(sample->bytes + at, &value, 2);
}

static void put32(struct sample *sample, uint32_t at, uint32_t value)
{
    memcpy(sample->bytes + at, &value, 4);
}

enum {
    MACHINE = 4,
    SECTIONS = 6,
    OPTIONAL_SIZE = 20,
    CHARACTERISTICS = 22,
    MAGIC = 24,
    BASE = 52,
    ALIGNMENT = 56,
    FILE_ALIGNMENT = 60,
    IMAGE_SIZE = 80,
    HEADERS_SIZE = 84,
    DIRECTORIES = 116,
    RELOC = 120 + 40
};

// An image without sections, its PE header at offset pe.
static struct sample *sample_new(uint32_t pe, uint32_t alignment, uint32_t file_alignment,
                                 uint32_t image_size)
{
    struct sample *sample = calloc(1, sizeof *sample);
    sample->pe = pe;
    memcpy(sample->bytes, "MZ", 2);
    put32(sample, 0x3c, pe);
    memcpy(sample->bytes + pe, "PE", 2);
    put16(sample, pe + MACHINE, 0x14c);
    put16(sample, pe + OPTIONAL_SIZE, 224);
    put16(sample, pe + CHARACTERISTICS, 0x102);
    put16(sample, pe + MAGIC, 0x10b);
    put32(sample, pe + 40, 0x1000); // entry
    put32(sample, pe + BASE, 0x10000000);
    put32(sample, pe + ALIGNMENT, alignment);
    put32(sample, pe + FILE_ALIGNMENT, file_alignment);
    put32(sample, pe + IMAGE_SIZE, image_size);
    put32(sample, pe + HEADERS_SIZE, 0x400);
    put32(sample, pe + DIRECTORIES, 16);
    sample->size = 0x400;
    return sample;
}

static void add_section(struct sample *sample, uint32_t rva, uint32_t virtual_size, uint32_t raw,
                        uint32_t raw_size, uint32_t characteristics)
{
    uint16_t n;
    memcpy(&n, sample->bytes + sample->pe + SECTIONS, 2);
    uint16_t optional;
    memcpy(&optional, sample->bytes + sample->pe + OPTIONAL_SIZE, 2);
    uint32_t at = sample->pe + 24 + optional + 40u * n;
    memcpy(sample->bytes + at, ".s", 2);
    put32(sample, at + 8, virtual_size);
    put32(sample, at + 12, rva);
    put32(sample, at + 16, raw_size);
    put32(sample, at + 20, raw);
    put32(sample, at + 36, characteristics);
    put16(sample, sample->pe + SECTIONS, n + 1);
    if (raw_size && raw + raw_size > sample->size) sample->size = raw + raw_size;
}

static int parse(const struct sample *sample, struct image_info *info, struct image_error *error)
{
    // In memory of exactly this size, for the sanitizer's sake.
    uint8_t *exact = malloc(sample->size);
    memcpy(exact, sample->bytes, sample->size);
    int result = image_parse(exact, sample->size, sample->size, info, error);
    free(exact);
    return result;
}

static int sample_file(const struct sample *sample)
{
    char name[] = "/tmp/lowland-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(write(fd, sample->bytes, sample->size), (ssize_t)sample->size);
    return fd;
}

static gptr map(const struct sample *sample, gptr at, NTSTATUS expected)
{
    struct image_info info;
    struct image_error error;
    int fd = sample_file(sample);
    assert_int_equal(image_read(fd, &info, &error), 0);
    assert_int_equal(image_map(fd, &info, "/x/sample.exe", &at), expected);
    close(fd);
    return at;
}

static uint32_t value_at(gptr address)
{
    uint32_t value = 0xdeadbeef;
    assert_true(guest_read32(&value, address));
    return value;
}

static void check_region(gptr address, uint32_t protect, uint32_t size)
{
    MEMORY_BASIC_INFORMATION32 info;
    assert_int_equal(vm_query(address, &info), STATUS_SUCCESS);
    assert_int_equal(info.Protect, protect);
    assert_int_equal(info.RegionSize, size);
    assert_int_equal(info.AllocationProtect, PAGE_EXECUTE_WRITECOPY);
    assert_int_equal(info.Type, MEM_IMAGE);
}

static void reasons(void **state)
{
    guest_faults_install(state);
    struct image_info info;
    struct image_error error;
    struct sample *good = sample_new(0x80, 0x1000, 0x200, 0x3000), *bad = malloc(sizeof *bad);
    add_section(good, 0x1000, 0x800, 0x400, 0x800, SCN_CODE);
    assert_int_equal(parse(good, &info, &error), 0);
    assert_int_equal(info.sections_n, 1);
    assert_int_equal(info.entry, 0x1000);
    assert_true(info.contains_code);
    const struct {
        uint32_t at, size, value;
        NTSTATUS status;
        uint32_t offset;
    } cases[] = {
        {0, 2, 0, STATUS_INVALID_IMAGE_NOT_MZ, 0},
        {0x3c, 4, 0x98760000, STATUS_INVALID_IMAGE_PROTECT, 0x3c},
        {0x80, 4, 'N' | 'E' << 8, STATUS_INVALID_IMAGE_NE_FORMAT, 0x80},
        {0x80, 4, 'L' | 'E' << 8, STATUS_INVALID_IMAGE_LE_FORMAT, 0x80},
        {0x80, 4, 0xdeadbeef, STATUS_INVALID_IMAGE_PROTECT, 0x80},
        {0x80 + MACHINE, 2, 0x8664, STATUS_INVALID_IMAGE_WIN_64, 0x84},
        {0x80 + MACHINE, 2, 0x1c4, STATUS_INVALID_IMAGE_FORMAT, 0x84},
        {0x80 + MAGIC, 2, 0xdead, STATUS_INVALID_IMAGE_FORMAT, 0x84},
        {0x80 + BASE, 4, 0x10001000, STATUS_INVALID_IMAGE_FORMAT, 0x80 + BASE},
        {0x80 + ALIGNMENT, 4, 0x3000, STATUS_INVALID_IMAGE_FORMAT, 0x80 + ALIGNMENT},
        {0x80 + FILE_ALIGNMENT, 4, 0x2000, STATUS_INVALID_IMAGE_FORMAT, 0x80 + FILE_ALIGNMENT},
        {0x80 + IMAGE_SIZE, 4, 0, STATUS_INVALID_IMAGE_FORMAT, 0x80 + IMAGE_SIZE},
        {0x80 + IMAGE_SIZE, 4, 0x1000, STATUS_INVALID_IMAGE_FORMAT, 0x178},
        {0x80 + HEADERS_SIZE, 4, 0, STATUS_INVALID_IMAGE_FORMAT, 0x80 + HEADERS_SIZE},
        {0x80 + SECTIONS, 2, 97, STATUS_INVALID_IMAGE_FORMAT, 0x86},
        {0x178 + 16, 4, 0x1000, STATUS_INVALID_IMAGE_FORMAT, 0x178}, // raw data outside the file
        {0x178 + 12, 4, 0x1800, STATUS_INVALID_IMAGE_FORMAT, 0x178}, // no page
        {0x178 + 12, 4, 0, STATUS_INVALID_IMAGE_FORMAT, 0x178},      // over the headers
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        *bad = *good;
        memcpy(bad->bytes + cases[i].at, &cases[i].value, cases[i].size);
        assert_int_equal(parse(bad, &info, &error), -1);
        assert_int_equal(error.status, cases[i].status);
        assert_int_equal(error.offset, cases[i].offset);
        assert_non_null(error.reason);
    }
    // Cut off anywhere, it is refused or complete.
    for (uint32_t size = 0; size < good->size; size++) {
        *bad = *good;
        bad->size = size;
        assert_int_equal(parse(bad, &info, &error), -1);
    }
    free(good);
    free(bad);
}

static void mapped_and_copied(void **state)
{
    guest_faults_install(state);
    // Page-congruent code, data that isn't, and zeroes.
    struct sample *sample = sample_new(0x80, 0x1000, 0x200, 0x7000);
    add_section(sample, 0x1000, 0x2000, 0x1000, 0x2000, SCN_CODE);
    add_section(sample, 0x3000, 0x2800, 0x3200, 0x600, SCN_DATA);
    add_section(sample, 0x6000, 0x10, 0, 0, SCN_CONST);
    put32(sample, 0x1000, 0x11111111);
    put32(sample, 0x2ffc, 0x22222222);
    put32(sample, 0x3200, 0x33333333);
    put32(sample, 0x3800, 0x77777777); // behind the data's end
    sample->size = 0x3900;
    put32(sample, 0x500, 0x44444444); // behind the headers' end
    gptr base = map(sample, 0, STATUS_SUCCESS);
    assert_int_equal(base, 0x10000000);
    check_region(base, PAGE_READONLY, 0x1000);
    check_region(base + 0x1000, PAGE_EXECUTE_READ, 0x2000);
    check_region(base + 0x3000, PAGE_WRITECOPY, 0x3000);
    check_region(base + 0x6000, PAGE_READONLY, 0x1000);
    assert_int_equal(value_at(base + 0x1000), 0x11111111);
    assert_int_equal(value_at(base + 0x2ffc), 0x22222222);
    assert_int_equal(value_at(base + 0x3000), 0x33333333);
    assert_int_equal(value_at(base + 0x3600), 0);
    assert_int_equal(value_at(base + 0x5000), 0);
    assert_int_equal(value_at(base + 0x6000), 0);
    assert_int_equal(value_at(base + 0x500), 0);
    check_region(base + 0x3000, PAGE_WRITECOPY, 0x3000); // reading copies nothing

    assert_false(guest_write32(base + 0x1000, 1));
    assert_true(guest_write32(base + 0x3004, 1));
    assert_true(guest_write32(base + 0x5004, 1));
    check_region(base + 0x3000, PAGE_READWRITE, 0x1000);
    check_region(base + 0x4000, PAGE_WRITECOPY, 0x1000);
    check_region(base + 0x5000, PAGE_READWRITE, 0x1000);

    gptr at = base + 0x1000;
    uint32_t size = 0x1000, old;
    assert_int_equal(vm_protect(&at, &size, PAGE_EXECUTE_READWRITE, &old), STATUS_SUCCESS);
    assert_int_equal(old, PAGE_EXECUTE_READ);
    check_region(base + 0x1000, PAGE_EXECUTE_WRITECOPY, 0x1000);
    assert_true(guest_write32(base + 0x1000, 0x90909090));
    check_region(base + 0x1000, PAGE_EXECUTE_READWRITE, 0x1000);
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_COMMIT, PAGE_READONLY), STATUS_ALREADY_COMMITTED);
    assert_int_equal(vm_free(&at, &size, MEM_DECOMMIT), STATUS_UNABLE_TO_DELETE_SECTION);

    // The same again has no place at its base, and no relocations to need.
    gptr second = map(sample, 0, STATUS_IMAGE_NOT_AT_BASE);
    assert_int_not_equal(second, base);
    assert_int_equal(value_at(second + 0x1000), 0x11111111);
    assert_int_equal(value_at(second + 0x80 + BASE), second);
    check_region(second + 0x1000, PAGE_EXECUTE_READ, 0x2000);
    check_region(second + 0x3000, PAGE_WRITECOPY, 0x3000); // relocating doesn't count as writing
    assert_true(guest_write32(second + 0x5000, 1));
    check_region(second + 0x3000, PAGE_WRITECOPY, 0x2000);
    check_region(second + 0x5000, PAGE_READWRITE, 0x1000);
    assert_int_equal(vm_unmap(second), STATUS_SUCCESS);
    put16(sample, 0x80 + CHARACTERISTICS, 0x103); // relocations stripped
    map(sample, 0, STATUS_CONFLICTING_ADDRESSES);
    assert_int_equal(vm_unmap(base + 0x2345), STATUS_SUCCESS);
    MEMORY_BASIC_INFORMATION32 info;
    assert_int_equal(vm_query(base, &info), STATUS_SUCCESS);
    assert_int_equal(info.State, MEM_FREE);
    free(sample);
}

static void relocated(void **state)
{
    guest_faults_install(state);
    struct sample *sample = sample_new(0x80, 0x1000, 0x1000, 0x3000);
    put32(sample, 0x80 + HEADERS_SIZE, 0x1000);
    add_section(sample, 0x1000, 0x1000, 0x1000, 0x1000, SCN_CODE);
    add_section(sample, 0x2000, 0x1000, 0x2000, 0x1000, SCN_CONST);
    put32(sample, 0x1000, 0x10001234);
    put32(sample, 0x1ffe, 0x10005678); // over the page's end
    put16(sample, 0x1010, 0x1000);     // HIGH
    put16(sample, 0x1020, 0x4321);     // LOW
    put16(sample, 0x1030, 0x1001);     // HIGHADJ of 10008765h
    put32(sample, 0x2000, 0x1000);
    put32(sample, 0x2004, 8 + 8 * 2);
    const uint16_t entries[] = {0x3000, 0x3ffe, 0x1010, 0x2020, 0x4030, 0x8765, 0x0000, 0x0000};
    memcpy(sample->bytes + 0x2008, entries, sizeof entries);
    put32(sample, 0x80 + RELOC, 0x2000);
    put32(sample, 0x80 + RELOC + 4, 24);
    gptr base = map(sample, 0x23450000, STATUS_IMAGE_NOT_AT_BASE);
    assert_int_equal(base, 0x23450000);
    assert_int_equal(value_at(base + 0x1000), 0x23451234);
    assert_int_equal(value_at(base + 0x1ffe), 0x23455678);
    assert_int_equal(value_at(base + 0x1010) & 0xffff, 0x2345);
    assert_int_equal(value_at(base + 0x1020) & 0xffff, 0x4321);
    assert_int_equal(value_at(base + 0x1030) & 0xffff, 0x2346);
    check_region(base + 0x1000, PAGE_EXECUTE_READ, 0x1000);
    assert_false(guest_write32(base + 0x1000, 0));
    assert_int_equal(vm_unmap(base), STATUS_SUCCESS);

    put16(sample, 0x200a, 0x3ffd); // reaches out of the image
    put32(sample, 0x2000, 0x2000);
    map(sample, 0x23450000, STATUS_INVALID_IMAGE_FORMAT);
    put32(sample, 0x2000, 0xfffff000);
    map(sample, 0x23450000, STATUS_INVALID_IMAGE_FORMAT);
    put32(sample, 0x2000, 0x1000);
    put32(sample, 0x2004, 0x1000); // a block larger than the table
    map(sample, 0x23450000, STATUS_INVALID_IMAGE_FORMAT);
    gptr again = map(sample, 0, STATUS_SUCCESS); // at its base nobody looks
    assert_int_equal(vm_unmap(again), STATUS_SUCCESS);
    free(sample);
}

static void odd_layouts(void **state)
{
    guest_faults_install(state);
    // A flat image: one piece, all of it writable code.
    struct sample *sample = sample_new(0x40, 0x200, 0x200, 0x1800);
    add_section(sample, 0x400, 0x800, 0x400, 0x800, SCN_CODE);
    put32(sample, 0x400, 0x12345678);
    gptr base = map(sample, 0, STATUS_SUCCESS);
    check_region(base, PAGE_EXECUTE_WRITECOPY, 0x2000);
    assert_int_equal(value_at(base + 0x400), 0x12345678);
    assert_true(guest_write32(base + 0x1100, 1));
    assert_int_equal(vm_unmap(base), STATUS_SUCCESS);
    free(sample);

    // As UPack has it: the PE header in the MZ header, an odd optional header, a raw pointer that means
    // sector 0.
    sample = sample_new(0x10, 0x1000, 0x200, 0x4000);
    put32(sample, 0x3c, 0x10);
    put16(sample, 0x10 + OPTIONAL_SIZE, 0x148);
    put32(sample, 0x10 + HEADERS_SIZE, 0x200);
    add_section(sample, 0x1000, 0x2000, 0x10, 0x1f0, 0xe0000060);
    add_section(sample, 0x3000, 0, 0x200, 0x100, 0xe0000060); // virtual size 0
    put32(sample, 0x10 + 40 + 224, 0x55aa55aa);
    sample->size = 0x300;
    base = map(sample, 0, STATUS_SUCCESS);
    assert_int_equal(value_at(base + 0x1000) & 0xffff, 'M' | 'Z' << 8);
    check_region(base + 0x1000, PAGE_EXECUTE_WRITECOPY, 0x3000);
    assert_int_equal(vm_unmap(base), STATUS_SUCCESS);
    free(sample);

    // Raw size larger than virtual size and headers said to be larger than their room.
    sample = sample_new(0x80, 0x1000, 0x200, 0x3000);
    put32(sample, 0x80 + HEADERS_SIZE, 0x2000);
    add_section(sample, 0x1000, 0x10, 0x400, 0x1400, SCN_DATA);
    add_section(sample, 0x2000, 0x10, 0x1800, 0x200, SCN_DATA);
    put32(sample, 0x13fc, 0xabcdabcd);
    base = map(sample, 0, STATUS_SUCCESS);
    assert_int_equal(value_at(base + 0x1ffc), 0xabcdabcd); // all of the page comes from the file
    check_region(base + 0x1000, PAGE_WRITECOPY, 0x2000);
    assert_int_equal(vm_unmap(base), STATUS_SUCCESS);
    free(sample);
}

static void shared_section(void **state)
{
    guest_faults_install(state);
    struct sample *sample = sample_new(0x80, 0x1000, 0x200, 0x3000);
    struct image_info info;
    struct image_error error;
    struct image_source source;
    add_section(sample, 0x1000, 0x1800, 0x400, 0x200, SCN_SHARED);
    int fd = sample_file(sample);
    assert_int_equal(image_read(fd, &info, &error), 0);
    assert_int_equal(image_source_open(fd, &info, &source), STATUS_SUCCESS);
    gptr a, b;
    const struct image_place anywhere = {0};
    assert_int_equal(image_map_source(&source, &info, NULL, NULL, &anywhere, &a), STATUS_SUCCESS);
    assert_int_equal(image_map_source(&source, &info, NULL, NULL, &anywhere, &b), STATUS_IMAGE_NOT_AT_BASE);
    check_region(a + 0x1000, PAGE_READWRITE, 0x2000);
    assert_true(guest_write32(a + 0x1000, 1));
    assert_true(guest_write32(a + 0x2700, 2));
    assert_int_equal(value_at(b + 0x1000), 1);
    assert_int_equal(value_at(b + 0x2700), 2);
    check_region(a + 0x1000, PAGE_READWRITE, 0x2000);
    vm_unmap(a);
    vm_unmap(b);
    image_source_close(&source);
    close(fd);
    free(sample);
}

static void truncated_under_us(void **state)
{
    guest_faults_install(state);
    struct sample *sample = sample_new(0x80, 0x1000, 0x1000, 0x3000);
    put32(sample, 0x80 + HEADERS_SIZE, 0x1000);
    add_section(sample, 0x1000, 0x2000, 0x1000, 0x2000, SCN_CODE);
    struct image_info info;
    struct image_error error;
    int fd = sample_file(sample);
    uint32_t value;
    gptr base = 0;
    assert_int_equal(image_read(fd, &info, &error), 0);
    assert_int_equal(image_map(fd, &info, NULL, &base), STATUS_SUCCESS);
    assert_int_equal(ftruncate(fd, 0x1000), 0);
    assert_true(guest_read32(&value, base));
    assert_false(guest_read32(&value, base + 0x1000));
    assert_int_equal(guest_faults_last, VM_FAULT_IN_PAGE);
    assert_int_equal(vm_unmap(base), STATUS_SUCCESS);
    // Shorter than its headers say when it is mapped: refused, not half mapped.
    put32(sample, 0x80 + FILE_ALIGNMENT, 0x200);
    base = 0;
    assert_int_equal(ftruncate(fd, 0x800), 0);
    info.sections[0].file_offset = 0x200;
    assert_int_equal(image_map(fd, &info, NULL, &base), STATUS_IN_PAGE_ERROR);
    close(fd);
    free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons),        cmocka_unit_test(mapped_and_copied),
        cmocka_unit_test(relocated),      cmocka_unit_test(odd_layouts),
        cmocka_unit_test(shared_section), cmocka_unit_test(truncated_under_us),
    };
    if (!address_space_init()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Reads a DLL that was linked with a generated export table as the Windows loader would: argv[1] is the DLL
// made of exports.c and good.exports with kernel32's import library.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>

static uint8_t file[1 << 20];
static size_t file_size;

static uint32_t get32(uint32_t offset)
{
    uint32_t value;
    assert_true(offset + 4 <= file_size);
    memcpy(&value, file + offset, 4);
    return value;
}

static uint32_t get16(uint32_t offset)
{
    return get32(offset) & 0xFFFF;
}

// Sections lie in the file as in memory: the DLL is linked with equal alignments.
static uint32_t pe(void)
{
    return get32(0x3C);
}

static uint32_t directory(void)
{
    return get32(pe() + 24 + 96);
}

static uint32_t directory_size(void)
{
    return get32(pe() + 24 + 100);
}

static const char *text(uint32_t rva)
{
    assert_true(rva < file_size && memchr(file + rva, 0, file_size - rva));
    return (const char *)file + rva;
}

// The address of an export by binary search, as a loader finds it; 0: not there.
static uint32_t find(const char *name)
{
    uint32_t table = directory(), low = 0, high = get32(table + 24);
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = strcmp(name, text(get32(get32(table + 32) + 4 * middle)));
        if (order == 0) return get32(get32(table + 28) + 4 * get16(get32(table + 36) + 2 * middle));
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

static uint32_t find_ordinal(uint32_t ordinal)
{
    uint32_t table = directory();
    assert_true(ordinal - get32(table + 16) < get32(table + 20));
    return get32(get32(table + 28) + 4 * (ordinal - get32(table + 16)));
}

static uint32_t section(const char *name, uint32_t *size)
{
    uint32_t header = pe() + 24 + get16(pe() + 20);
    for (uint32_t i = 0; i < get16(pe() + 6); i++, header += 40) {
        if (strncmp((const char *)file + header, name, 8) != 0) continue;
        assert_int_equal(get32(header + 12), get32(header + 20));
        *size = get32(header + 8);
        return get32(header + 12);
    }
    fail_msg("no section %s", name);
    return *size = 0;
}

static void names_are_sorted(void **state)
{
    (void)state;
    uint32_t table = directory();
    assert_string_equal(text(get32(table + 12)), "sample.dll");
    for (uint32_t i = 1; i < get32(table + 24); i++) {
        assert_true(
            strcmp(text(get32(get32(table + 32) + 4 * i - 4)), text(get32(get32(table + 32) + 4 * i))) < 0);
    }
}

static void names_are_found(void **state)
{
    (void)state;
    assert_int_not_equal(find("Plain"), 0);
    assert_int_equal(find("Plain"), find("zebra"));
    assert_int_not_equal(find("_underscored"), 0);
    assert_int_not_equal(find("Standard"), 0);
    assert_int_not_equal(find("?mangled@@YAHXZ"), 0);
    assert_int_equal(get32(find("number")), 42);
    assert_int_equal(find("byOrdinal"), 0);
    assert_int_equal(find("Eight"), 0);
}

static void ordinals_are_kept(void **state)
{
    (void)state;
    assert_int_equal(find_ordinal(40), find("Fast"));
    assert_int_equal(find_ordinal(7), find("Seven"));
    assert_int_equal(find_ordinal(5), find("Plain"));
    assert_int_not_equal(find_ordinal(30), 0);
    assert_int_not_equal(find_ordinal(30), find("Plain"));
}

static void forwarders_lie_in_the_directory(void **state)
{
    (void)state;
    uint32_t rva = find("HeapAlloc");
    assert_in_range(rva, directory(), directory() + directory_size() - 1);
    assert_string_equal(text(rva), "ntdll.RtlAllocateHeap");
    assert_true(find("Plain") < directory() || find("Plain") >= directory() + directory_size());
}

static void missing_exports_lie_in_their_section(void **state)
{
    (void)state;
    uint32_t size, start = section(".missing", &size), image_base = get32(pe() + 24 + 28);
    uint32_t rva = find("CreateFileW");
    assert_in_range(rva, start, start + size - 1);
    assert_int_equal(file[rva], 0x68); // push its record
    uint32_t record = get32(rva + 1) - image_base;
    assert_string_equal(text(get32(record) - image_base), "sample.dll");
    assert_string_equal(text(get32(record + 4) - image_base), "CreateFileW");
    assert_int_equal(file[rva + 5], 0xE8); // call the handler
    assert_int_equal(rva + 10 + get32(rva + 6), find("__lowland_missing_export"));
    assert_true(find("Plain") < start || find("Plain") >= start + size);
}

int main(int argc, char **argv)
{
    FILE *dll = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (!dll) return 2;
    file_size = fread(file, 1, sizeof file, dll);
    fclose(dll);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_sorted),
        cmocka_unit_test(names_are_found),
        cmocka_unit_test(ordinals_are_kept),
        cmocka_unit_test(forwarders_lie_in_the_directory),
        cmocka_unit_test(missing_exports_lie_in_their_section),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// Names: UTF-16 and host bytes, 8.3 names, masks, NT paths, the directory cache, errno.
#include "test_files.h"
#include "dlls/ntdll/unix/host_name.h"
#include "dlls/ntdll/unix/name_cache.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "dlls/ntdll/unix/wildcard.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t widen(uint16_t *out, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) out[i] = (uint8_t)text[i];
    return n;
}

// Every string of bytes has a name that leads back to it.
static void bytes_survive(void **state)
{
    (void)state;
    srandom(1);
    for (int round = 0; round < 200000; round++) {
        char host[40], back[160];
        uint16_t name[40];
        size_t n = 1 + random() % 12;
        static const uint8_t likely[] = {0xED, 0xA0, 0x80, 0xB2, 0xEF, 0x9E, 0x9F,
                                         0xC3, 0xF0, 0x90, ':',  'a',  0x01};
        for (size_t i = 0; i < n; i++) {
            uint8_t c = random() % 3 ? likely[random() % sizeof likely] : 1 + random() % 255;
            host[i] = c == '/' ? '_' : c;
        }
        size_t units = host_name_to_utf16(name, 40, host, n);
        assert_true(units <= n);
        for (size_t i = 0; i < units; i++)
            assert_null(name[i] < 128 ? strchr("\"*:<>?\\|\1\2", name[i]) : NULL);
        ssize_t bytes = host_name_from_utf16(back, sizeof back, name, units);
        assert_int_equal(bytes, n);
        assert_memory_equal(back, host, n);
    }
}

// Every name that holds none of the escapes survives on the host.
static void names_survive(void **state)
{
    (void)state;
    srandom(2);
    for (int round = 0; round < 200000; round++) {
        uint16_t name[16], back[64];
        char host[64];
        size_t n = 1 + random() % 12;
        for (size_t i = 0; i < n; i++) {
            uint16_t c = random() % 2 ? 0xD800 + random() % 0x800 : 1 + random() % 0xFFFE;
            name[i] =
                (c & 0xFF00) == 0xF700 || (c & 0xFF00) == 0xF000 || c < 32 || strchr("\"*:<>?\\|", c & 0x7F)
                    ? 'x'
                    : c;
        }
        ssize_t bytes = host_name_from_utf16(host, sizeof host, name, n);
        assert_true(bytes > 0);
        assert_int_equal(host_name_to_utf16(back, 64, host, bytes), n);
        assert_memory_equal(back, name, n * 2);
    }
    char small[4];
    uint16_t name[4] = {'a', 'b', 'c', 'd'};
    assert_int_equal(host_name_from_utf16(small, 4, name, 4), -1);
    assert_int_equal(host_name_from_utf16(small, 4, name, 3), 3);
    name[1] = 0;
    assert_int_equal(host_name_from_utf16(small, 4, name, 3), -1);
}

static void short_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool is_short;
    } cases[] = {
        {"README.TXT", true}, {"readme", true},       {"a.b", true},        {".", true},
        {"..", true},         {"12345678.123", true}, {"123456789", false}, {"a.html", false},
        {"a b", false},       {".profile", false},    {"a.b.c", false},     {"a+b", false},
        {"trailing.", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t name[32], generated[SHORT_NAME_MAX], again[SHORT_NAME_MAX];
        size_t n = widen(name, cases[i].name), length = short_name_generate(generated, name, n);
        assert_int_equal(length == 0, cases[i].is_short);
        if (length == 0) continue;
        assert_true(length <= SHORT_NAME_MAX);
        assert_int_equal(short_name_generate(again, generated, length), 0); // it is one itself
        assert_int_equal(short_name_generate(again, name, n), length);
        assert_memory_equal(generated, again, length * 2);
    }
}

static void masks(void **state)
{
    (void)state;
    static const struct {
        const char *mask, *name;
        bool matches;
    } cases[] = {
        {"*", "anything", true},
        {"", "anything", true},
        {"a*c", "abc", true},
        {"a*c", "ac", true},
        {"a*c", "acd", false},
        {"*.TXT", "x.txt", true},
        {"*.txt", "x.txt.bak", false},
        {"*.*", "x", false},
        {"?", "a", true},
        {"?", "", false},
        {"??", "a", false},
        {"a?c", "abc", true},
        {">", "", true},
        {">>>", "a", true},
        {">>.x", "a.x", true},
        {">.x", "ab.x", false},
        {"<.x", "a.b.x", true},
        {"<", "a", true},
        {"<", "a.b", false},
        {"<.b", "a.b", true},
        {"a\"", "a", true},
        {"a\"b", "a.b", true},
        {"a\"", "ab", false},
        {"*a*b*c*", "xxaxxbxxcxx", true},
        {"*a*b*c*", "xxaxxcxxbxx", false},
        {"*********b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t mask[64], name[64];
        size_t m = widen(mask, cases[i].mask), n = widen(name, cases[i].name);
        if (wildcard_match(mask, m, name, n) != cases[i].matches)
            fail_msg("%s on %s", cases[i].mask, cases[i].name);
    }
}

static void nt_paths(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        NTSTATUS status;
        enum path_kind kind;
        const char *host;
        bool directory;
    } cases[] = {
        {"\\??\\C:\\a\\b.txt", 0, PATH_FILE, "c/a/b.txt", false},
        {"\\DosDevices\\z:\\a\\", 0, PATH_FILE, "z/a", true},
        {"\\??\\C:\\", 0, PATH_FILE, "c", true},
        {"\\??\\C:", 0, PATH_VOLUME, "c", false},
        {"\\??\\C:a", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a\\\\b", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a\\..\\b", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a:b", 0, PATH_FILE, "c/a", false}, // the stream is told beside it
        {"\\??\\C:\\a:b:c", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a:", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a:b\\c", STATUS_OBJECT_NAME_INVALID, 0, NULL, false},
        {"\\??\\C:\\a::$DATA", 0, PATH_FILE, "c/a", false},
        {"\\Device\\HarddiskVolume3\\x", 0, PATH_FILE, "c/x", false},
        {"\\Device\\HarddiskVolume99\\x", STATUS_OBJECT_NAME_NOT_FOUND, 0, NULL, false},
        {"\\SystemRoot\\system32", 0, PATH_FILE, "c/windows/system32", false},
        {"\\??\\unix\\home/x", 0, PATH_FILE, "/home/x", false},
        {"\\??\\pipe\\Some\\Name", 0, PATH_PIPE, "SOME\\NAME", false},
        {"\\Device\\NamedPipe\\", 0, PATH_PIPE_DEVICE, "", true},
        {"\\??\\nul", 0, PATH_NULL, "", false},
        {"\\??\\CONIN$", 0, PATH_CONSOLE_INPUT, "", false},
        {"\\??\\UNC\\server\\share", STATUS_BAD_NETWORK_PATH, 0, NULL, false},
        {"\\??\\COM1", 0, PATH_SERIAL, "1", false},
        {"\\??\\com256", 0, PATH_SERIAL, "256", false},
        {"\\??\\COM0", STATUS_OBJECT_NAME_NOT_FOUND, 0, NULL, false},
        {"\\Nothing\\x", STATUS_OBJECT_PATH_NOT_FOUND, 0, NULL, false},
        {"relative", STATUS_OBJECT_PATH_SYNTAX_BAD, 0, NULL, false},
        {"", STATUS_OBJECT_PATH_SYNTAX_BAD, 0, NULL, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint16_t name[128];
        struct path path;
        NTSTATUS status = path_parse(&path, name, widen(name, cases[i].name), -1);
        if (status != cases[i].status) fail_msg("%s: %x", cases[i].name, status);
        if (status != 0) continue;
        assert_int_equal(path.kind, cases[i].kind);
        assert_int_equal(path.directory, cases[i].directory);
        if (cases[i].host) assert_string_equal(path.host, cases[i].host);
    }
}

// A remembered directory is right whatever happens to it.
static void cache(void **state)
{
    (void)state;
    char directory[5000], path[5200], found[NAME_MAX + 1];
    bool exists[64] = {false};
    snprintf(directory, sizeof directory, "%s/cache", test_drive);
    assert_int_equal(mkdir(directory, 0777), 0);
    srandom(3);
    for (int round = 0; round < 5000; round++) {
        int i = random() % 64;
        snprintf(path, sizeof path, "%s/File%02d", directory, i);
        switch (random() % 3) {
        case 0:
            close(open(path, O_CREAT | O_WRONLY, 0666));
            exists[i] = true;
            break;
        case 1:
            unlink(path);
            exists[i] = false;
            break;
        default: {
            int to = random() % 64;
            char target[5200];
            snprintf(target, sizeof target, "%s/File%02d", directory, to);
            if (exists[i] && i != to && rename(path, target) == 0) exists[i] = false, exists[to] = true;
        }
        }
        int k = random() % 64;
        char text[16];
        uint16_t name[16];
        snprintf(text, sizeof text, "FILE%02d", k);
        size_t n = widen(name, text);
        assert_int_equal(name_cache_find(AT_FDCWD, directory, name, n, found),
                         exists[k] ? NAME_FOUND : NAME_MISSING);
        if (exists[k]) {
            snprintf(text, sizeof text, "File%02d", k);
            assert_string_equal(found, text);
        }
    }
    // By its short name.
    snprintf(path, sizeof path, "%s/A long name.html", directory);
    close(open(path, O_CREAT | O_WRONLY, 0666));
    uint16_t name[32], generated[SHORT_NAME_MAX];
    size_t n = short_name_generate(generated, name, widen(name, "A long name.html"));
    assert_int_equal(name_cache_find(AT_FDCWD, directory, generated, n, found), NAME_FOUND);
    assert_string_equal(found, "A long name.html");
    assert_int_equal(name_cache_find(AT_FDCWD, path, name, 1, found), NAME_NO_DIRECTORY);
}

static void errors(void **state)
{
    (void)state;
    assert_int_equal(status_from_errno(0), STATUS_SUCCESS);
    for (int error = 1; error < 134; error++) assert_true((uint32_t)status_from_errno(error) != 0);
    assert_int_equal(status_from_errno(ENOSPC), STATUS_DISK_FULL);
    assert_int_equal(status_from_errno(99999), STATUS_UNSUCCESSFUL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_survive), cmocka_unit_test(names_survive), cmocka_unit_test(short_names),
        cmocka_unit_test(masks),         cmocka_unit_test(nt_paths),      cmocka_unit_test(cache),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, test_files_setup, test_files_teardown);
}

// Streams: text mode, positions, buffering, ungetc, append, temporary files, low-level handles.
#include "check.h"
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wchar.h>

static const char name[] = "streams.tmp";

static void write_raw(const char *bytes, size_t size)
{
    FILE *f = fopen(name, "wb");
    fwrite(bytes, 1, size, f);
    fclose(f);
}

static void check_raw(const char *bytes, size_t size)
{
    char got[256];
    FILE *f = fopen(name, "rb");
    size_t n = fread(got, 1, sizeof(got), f);

    fclose(f);
    CHECK(n == size && !memcmp(got, bytes, n), "the file has %u bytes, not %u", (unsigned)n, (unsigned)size);
}

static void test_text_mode(void)
{
    FILE *f = fopen(name, "w");
    char line[32];

    fputs("one\ntwo\r\nthree", f);
    CHECK_EQUAL(ftell(f), 16);
    fclose(f);
    check_raw("one\r\ntwo\r\r\nthree", 16);

    write_raw("a\r\nb\nc\rd\r\n\x1a"
              "behind",
              17);
    f = fopen(name, "r");
    CHECK(fgets(line, sizeof(line), f) && !strcmp(line, "a\n"), "first line");
    CHECK_EQUAL(ftell(f), 9); // not 3: ftell takes every line end behind for CR LF, and this file mixes them
    CHECK(fgets(line, sizeof(line), f) && !strcmp(line, "b\n"), "second line");
    CHECK(fgets(line, sizeof(line), f) && !strcmp(line, "c\rd\n"), "third line");
    CHECK(!fgets(line, sizeof(line), f) && feof(f), "Ctrl-Z ends it");
    fclose(f);

    f = fopen(name, "ab");
    fseek(f, 0, SEEK_SET);
    fputs("end", f);
    fclose(f);
    f = fopen(name, "rb");
    fseek(f, -3, SEEK_END);
    CHECK(fread(line, 1, 3, f) == 3 && !memcmp(line, "end", 3), "append goes to the end");
    CHECK_EQUAL(fgetc(f), EOF);
    fclose(f);
}

static void test_positions(void)
{
    FILE *f = fopen(name, "wb+");
    fpos_t position;
    char buffer[16];

    CHECK_EQUAL(fwrite("0123456789", 1, 10, f), 10);
    CHECK_EQUAL(ftell(f), 10);
    CHECK_EQUAL(fseek(f, 3, SEEK_SET), 0);
    CHECK_EQUAL(fgetc(f), '3');
    CHECK_EQUAL(ungetc('x', f), 'x');
    CHECK_EQUAL(ftell(f), 3);
    CHECK_EQUAL(fgetc(f), 'x');
    CHECK_EQUAL(fgetpos(f, &position), 0);
    CHECK_EQUAL(fread(buffer, 1, 16, f), 6);
    CHECK(feof(f), "at the end");
    CHECK_EQUAL(fsetpos(f, &position), 0);
    CHECK(!feof(f), "not at the end");
    CHECK_EQUAL(fgetc(f), '4');
    CHECK_EQUAL(fseek(f, -1, SEEK_SET), -1);
    rewind(f);
    CHECK_EQUAL(fputc('A', f), 'A');
    CHECK_EQUAL(fseek(f, 0, SEEK_CUR), 0);
    CHECK_EQUAL(fgetc(f), '1');
    fclose(f);
    check_raw("A123456789", 10);
}

static void test_buffers(void)
{
    FILE *f = fopen(name, "wb");
    char buffer[512];

    CHECK_EQUAL(setvbuf(f, buffer, _IOFBF, sizeof(buffer)), 0);
    fputs("abc", f);
    CHECK_EQUAL(_filelength(_fileno(f)), 0);
    CHECK_EQUAL(fflush(f), 0);
    CHECK_EQUAL(_filelength(_fileno(f)), 3);
    CHECK_EQUAL(setvbuf(f, NULL, _IONBF, 0), 0);
    fputc('d', f);
    CHECK_EQUAL(_filelength(_fileno(f)), 4);
    fclose(f);
    f = tmpfile();
    CHECK(f != NULL, "tmpfile");
    if (f) {
        fputs("gone", f);
        rewind(f);
        CHECK_EQUAL(fgetc(f), 'g');
        fclose(f);
    }
}

static void test_handles(void)
{
    int fd = _open(name, _O_CREAT | _O_TRUNC | _O_RDWR | _O_TEXT, _S_IREAD | _S_IWRITE), copy;
    struct _stat state;
    char buffer[16];

    CHECK(fd > 2, "_open gave %d", fd);
    CHECK_EQUAL(_write(fd, "a\nb", 3), 3);
    CHECK_EQUAL(_tell(fd), 4);
    CHECK_EQUAL(_lseek(fd, 0, SEEK_SET), 0);
    CHECK_EQUAL(_read(fd, buffer, 16), 3);
    CHECK(!memcmp(buffer, "a\nb", 3), "translated");
    CHECK(_eof(fd), "at the end");
    CHECK_EQUAL(_setmode(fd, _O_BINARY), _O_TEXT);
    copy = _dup(fd);
    CHECK(copy > fd, "_dup");
    CHECK_EQUAL(_close(fd), 0);
    CHECK_EQUAL(_chsize(copy, 2), 0);
    CHECK_EQUAL(_filelength(copy), 2);
    CHECK_EQUAL(_close(copy), 0);
    errno = 0;
    CHECK_EQUAL(_close(copy), -1);
    CHECK_EQUAL(errno, EBADF);
    CHECK_EQUAL(_stat(name, &state), 0);
    CHECK_EQUAL(state.st_size, 2);
    CHECK_EQUAL(state.st_mode, 0100666);
    CHECK_EQUAL(_open("no such file", _O_RDONLY), -1);
    CHECK_EQUAL(errno, ENOENT);
    CHECK_EQUAL(_open(name, _O_CREAT | _O_EXCL | _O_RDWR, _S_IWRITE), -1);
    CHECK_EQUAL(errno, EEXIST);
}

static void test_wide_streams(void)
{
    FILE *f = _wfopen(L"streams.tmp", L"w, ccs=UTF-8");
    wchar_t line[16];

    fputws(L"\x20AC\n", f);
    fclose(f);
    check_raw("\xEF\xBB\xBF\xE2\x82\xAC\r\n", 8);
    f = _wfopen(L"streams.tmp", L"r, ccs=UTF-8");
    CHECK(fgetws(line, 16, f) && !wcscmp(line, L"\x20AC\n"), "read back");
    fclose(f);
}

int main(void)
{
    test_text_mode();
    test_positions();
    test_buffers();
    test_handles();
    test_wide_streams();
    CHECK_EQUAL(remove(name), 0);
    return check_summary();
}

// Streams on files, and tables of interfaces.
// link: -lshlwapi -luuid
#define COBJMACROS
#include <windows.h>
#include <shlwapi.h>
#include "tests/check.h"
#include <stddef.h>
#include <string.h>
#include <wchar.h>

static void test_stream(void)
{
    WCHAR name[MAX_PATH];
    IStream *stream = (IStream *)1, *other;
    ISequentialStream *sequential;
    LARGE_INTEGER start = {.QuadPart = 0};
    ULARGE_INTEGER position, n, written;
    STATSTG information;
    char buffer[20] = "";
    ULONG done = 0;

    GetTempPathW(MAX_PATH, name);
    PathAppendW(name, L"lowland_stream.txt");
    DeleteFileW(name);
    CHECK_EQUAL(SHCreateStreamOnFileW(name, STGM_READ, &stream), HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
    CHECK(!stream, "none");
    CHECK_EQUAL(SHCreateStreamOnFileW(name, STGM_READ | STGM_TRANSACTED, &stream), E_INVALIDARG);
    CHECK_EQUAL(SHCreateStreamOnFileW(name, STGM_READWRITE | STGM_CREATE, &stream), S_OK);
    CHECK_EQUAL(stream->lpVtbl->Write(stream, "Hello, World", 12, &done), S_OK);
    CHECK_EQUAL(done, 12);
    CHECK_EQUAL(IStream_Seek(stream, start, STREAM_SEEK_SET, &position), S_OK);
    CHECK_EQUAL(position.LowPart, 0);
    CHECK_EQUAL(stream->lpVtbl->Read(stream, buffer, 20, &done), S_OK);
    CHECK(done == 12 && !strcmp(buffer, "Hello, World"), "%s", buffer);
    n.QuadPart = 5;
    CHECK_EQUAL(IStream_SetSize(stream, n), S_OK);
    CHECK_EQUAL(IStream_Stat(stream, &information, STATFLAG_NONAME), S_OK);
    CHECK(information.type == STGTY_STREAM && information.cbSize.LowPart == 5 && !information.pwcsName,
          "status");
    CHECK_EQUAL(information.grfMode, STGM_READWRITE | STGM_CREATE);
    CHECK_EQUAL(IStream_QueryInterface(stream, &IID_ISequentialStream, (void **)&sequential), S_OK);
    CHECK_EQUAL(ISequentialStream_Release(sequential), 1);
    CHECK_EQUAL(IStream_QueryInterface(stream, &IID_IStorage, (void **)&sequential), E_NOINTERFACE);
    CHECK(!sequential, "none");
    CHECK_EQUAL(IStream_Clone(stream, &other), E_NOTIMPL);
    wcscat(name, L"2");
    CHECK_EQUAL(SHCreateStreamOnFileEx(name, STGM_READWRITE | STGM_DELETEONRELEASE, FILE_ATTRIBUTE_NORMAL,
                                       TRUE, NULL, &other),
                S_OK);
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    n.QuadPart = 100;
    CHECK_EQUAL(IStream_CopyTo(stream, other, n, &position, &written), S_OK);
    CHECK(position.LowPart == 5 && written.LowPart == 5, "%lu %lu", position.LowPart, written.LowPart);
    CHECK_EQUAL(IStream_Release(other), 0);
    CHECK_EQUAL(SHCreateStreamOnFileEx(name, STGM_WRITE | STGM_DELETEONRELEASE, 0, TRUE, NULL, &other), S_OK);
    CHECK_EQUAL(IStream_CopyTo(other, stream, n, &position, &written), E_ACCESSDENIED);
    CHECK(!position.QuadPart && !written.QuadPart, "nothing to read");
    CHECK_EQUAL(IStream_Release(other), 0);
    CHECK(!PathFileExistsW(name), "deleted on release");
    CHECK_EQUAL(IStream_Release(stream), 0);
    name[wcslen(name) - 1] = 0;
    CHECK_EQUAL(SHCreateStreamOnFileEx(name, STGM_READ, 0, TRUE, NULL, &stream),
                HRESULT_FROM_WIN32(ERROR_FILE_EXISTS));
    DeleteFileW(name);
}

struct object {
    IUnknownVtbl *methods;
    IUnknownVtbl *second;
    ULONG references;
};

static ULONG STDMETHODCALLTYPE add_second(IUnknown *unknown)
{
    return ++CONTAINING_RECORD(unknown, struct object, second)->references;
}

static ULONG STDMETHODCALLTYPE add_first(IUnknown *unknown)
{
    return ++((struct object *)unknown)->references;
}

static void test_table(void)
{
    static IUnknownVtbl first = {.AddRef = add_first}, second = {.AddRef = add_second};
    struct object object = {&first, &second, 0};
    const QITAB table[] = {{&IID_IPersist, 0}, {&IID_IStream, offsetof(struct object, second)}, {NULL, 0}};
    void *found = &found;

    CHECK_EQUAL(QISearch(&object, table, &IID_IStream, &found), S_OK);
    CHECK(found == &object.second && object.references == 1, "the second");
    CHECK_EQUAL(QISearch(&object, table, &IID_IUnknown, &found), S_OK);
    CHECK(found == &object && object.references == 2, "the first");
    CHECK_EQUAL(QISearch(&object, table, &IID_IStorage, &found), E_NOINTERFACE);
    CHECK(!found && object.references == 2, "none");
}

int main(void)
{
    test_stream();
    test_table();
    return check_summary();
}

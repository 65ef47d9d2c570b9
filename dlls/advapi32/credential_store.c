// The store of credentials. A file is written beside its place and renamed, so that it is whole at any time.
#include "credential_store.h"

#define FILE_MAGIC 0x44524343u // "CCRD"

enum { STRINGS = 4, CREDENTIAL_PATH_MAX = 512, CREDENTIAL_FILE_MAX = 1 << 20 };

// What a file begins with: numbers, then the strings with their NULs, the blob, and the attributes (keyword,
// value).
struct head {
    DWORD magic, flags, type, persist;
    FILETIME written;
    DWORD session;          // the boot that a session's credential belongs to, in seconds
    DWORD lengths[STRINGS]; // characters with NUL; 0: NULL. Target, comment, alias, user
    DWORD blob_size, attribute_count;
};

struct attribute_head {
    DWORD flags, keyword_length, value_size;
};

// --- places

static bool make_directory(WCHAR *path)
{
    static const WCHAR *const parts[] = {L"\\Microsoft", L"\\Credentials"};
    DWORD length = GetEnvironmentVariableW(L"LOCALAPPDATA", path, MAX_PATH);
    if (!length || length >= MAX_PATH) return false;
    for (int i = 0; i < 2; i++) {
        lstrcatW(path, parts[i]);
        if (!CreateDirectoryW(path, NULL) && GetLastError() != ERROR_ALREADY_EXISTS) return false;
    }
    return true;
}

static WCHAR lower(WCHAR c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

// Targets are equal without regard to case; equal hashes of unequal ones are told apart when a file is read.
static bool make_path(WCHAR *path, const WCHAR *target, DWORD type)
{
    ULONGLONG hash = 14695981039346656037ull; // FNV-1a
    if (!make_directory(path)) return false;
    for (hash = (hash ^ type) * 1099511628211ull; *target; target++)
        hash = (hash ^ lower(*target)) * 1099511628211ull;
    WCHAR *at = path + lstrlenW(path);
    *at++ = '\\';
    for (int shift = 60; shift >= 0; shift -= 4) *at++ = L"0123456789abcdef"[hash >> shift & 15];
    *at = 0;
    return true;
}

// The second of the machine's start, by which sessions are told apart.
static DWORD this_session(void)
{
    SYSTEM_TIMEOFDAY_INFORMATION info;
    if (!NT_SUCCESS(NtQuerySystemInformation(SystemTimeOfDayInformation, &info, sizeof(info), NULL)))
        return 0;
    return (DWORD)(info.BootTime.QuadPart / 10000000);
}

// --- writing

struct writer {
    BYTE *bytes;
    SIZE_T size;
};

static void put(struct writer *writer, const void *bytes, SIZE_T size)
{
    if (writer->bytes) memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

static DWORD text_size(const WCHAR *text)
{
    return text ? (DWORD)lstrlenW(text) + 1 : 0;
}

static void put_credential(struct writer *writer, const CREDENTIALW *c)
{
    const WCHAR *const texts[STRINGS] = {c->TargetName, c->Comment, c->TargetAlias, c->UserName};
    struct head head = {.magic = FILE_MAGIC, .flags = c->Flags, .type = c->Type, .persist = c->Persist};
    GetSystemTimeAsFileTime(&head.written);
    head.session = this_session();
    for (int i = 0; i < STRINGS; i++) head.lengths[i] = text_size(texts[i]);
    head.blob_size = c->CredentialBlobSize;
    head.attribute_count = c->AttributeCount;
    put(writer, &head, sizeof(head));
    for (int i = 0; i < STRINGS; i++) put(writer, texts[i], head.lengths[i] * sizeof(WCHAR));
    put(writer, c->CredentialBlob, c->CredentialBlobSize);
    for (DWORD i = 0; i < c->AttributeCount; i++) {
        const CREDENTIAL_ATTRIBUTEW *a = &c->Attributes[i];
        struct attribute_head attribute = {a->Flags, text_size(a->Keyword), a->ValueSize};
        put(writer, &attribute, sizeof(attribute));
        put(writer, a->Keyword, attribute.keyword_length * sizeof(WCHAR));
        put(writer, a->Value, a->ValueSize);
    }
}

// A list that lets the user do everything and nobody else anything: the host's mode 0600.
static bool protect(HANDLE file)
{
    SECURITY_DESCRIPTOR descriptor;
    BYTE list[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE];
    BYTE buffer[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    DWORD size;
    if (!GetTokenInformation(GetCurrentProcessToken(), TokenUser, buffer, sizeof(buffer), &size))
        return false;
    RtlCreateAcl((ACL *)list, sizeof(list), ACL_REVISION);
    RtlAddAccessAllowedAce((ACL *)list, ACL_REVISION, FILE_ALL_ACCESS, ((TOKEN_USER *)buffer)->User.Sid);
    RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    RtlSetDaclSecurityDescriptor(&descriptor, TRUE, (ACL *)list, FALSE);
    return NT_SUCCESS(NtSetSecurityObject(file, DACL_SECURITY_INFORMATION, &descriptor));
}

static DWORD write_file(const WCHAR *path, const struct writer *writer)
{
    WCHAR fresh[CREDENTIAL_PATH_MAX];
    DWORD written, error = ERROR_SUCCESS;
    LUID unique;
    NtAllocateLocallyUniqueId(&unique);
    copy_wide(fresh, path);
    WCHAR *at = fresh + lstrlenW(fresh);
    *at++ = '.';
    for (DWORD n = GetCurrentProcessId() ^ unique.LowPart << 20, i = 0; i < 8; i++, n >>= 4)
        *at++ = L"0123456789abcdef"[n & 15];
    *at = 0;
    HANDLE file =
        CreateFileW(fresh, GENERIC_WRITE | WRITE_DAC, 0, NULL, CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
    if (file == INVALID_HANDLE_VALUE) return GetLastError();
    if (!protect(file) || !WriteFile(file, writer->bytes, (DWORD)writer->size, &written, NULL))
        error = GetLastError();
    CloseHandle(file);
    if (!error && !MoveFileExW(fresh, path, MOVEFILE_REPLACE_EXISTING)) error = GetLastError();
    if (error) DeleteFileW(fresh);
    return error;
}

DWORD credential_store_write(const CREDENTIALW *credential)
{
    WCHAR path[CREDENTIAL_PATH_MAX];
    struct writer writer = {0};
    put_credential(&writer, credential); // how much
    if (writer.size > CREDENTIAL_FILE_MAX) return ERROR_INVALID_PARAMETER;
    if (!make_path(path, credential->TargetName, credential->Type)) return GetLastError();
    AUTO_FREE BYTE *bytes = heap_alloc(writer.size);
    if (!bytes) return ERROR_NOT_ENOUGH_MEMORY;
    writer = (struct writer){bytes, 0};
    put_credential(&writer, credential);
    return write_file(path, &writer);
}

// --- reading: the file stays in the block that the credential's pointers lead into

struct reader {
    BYTE *at, *end;
    bool failed;
};

static void *take(struct reader *reader, SIZE_T size)
{
    if (size > (SIZE_T)(reader->end - reader->at)) reader->failed = true;
    if (reader->failed) return NULL;
    void *bytes = reader->at;
    reader->at += size;
    return bytes;
}

static WCHAR *take_text(struct reader *reader, DWORD length)
{
    if (length > CREDENTIAL_FILE_MAX) reader->failed = true;
    WCHAR *text = length ? take(reader, length * sizeof(WCHAR)) : NULL;
    if (text && text[length - 1]) reader->failed = true;
    return text;
}

// Places a credential at the front of its block; the file's bytes are behind it, at alignment 4 but for the
// blob's end: what follows it may lie anywhere, which x86 does not mind.
static bool parse(CREDENTIALW *c, struct reader *reader, CREDENTIAL_ATTRIBUTEW *attributes,
                  DWORD attribute_room)
{
    struct head *head = take(reader, sizeof(*head));
    WCHAR *texts[STRINGS];
    if (!head || head->magic != FILE_MAGIC || head->attribute_count > attribute_room) return false;
    for (int i = 0; i < STRINGS; i++) texts[i] = take_text(reader, head->lengths[i]);
    BYTE *blob = take(reader, head->blob_size);
    for (DWORD i = 0; i < head->attribute_count && !reader->failed; i++) {
        struct attribute_head *a = take(reader, sizeof(*a));
        if (!a) break;
        attributes[i].Flags = a->flags;
        attributes[i].Keyword = take_text(reader, a->keyword_length);
        attributes[i].ValueSize = a->value_size;
        attributes[i].Value = take(reader, a->value_size);
    }
    if (reader->failed || !texts[0]) return false;
    if (head->persist == CRED_PERSIST_SESSION && head->session - this_session() + 60 > 120)
        return false; // another boot's
    *c = (CREDENTIALW){head->flags,
                       head->type,
                       texts[0],
                       texts[1],
                       head->written,
                       head->blob_size,
                       head->blob_size ? blob : NULL,
                       head->persist,
                       head->attribute_count,
                       head->attribute_count ? attributes : NULL,
                       texts[2],
                       texts[3]};
    return true;
}

static DWORD read_file(const WCHAR *path, CREDENTIALW **credential)
{
    enum { ATTRIBUTES_MAX = 64 };
    DWORD size, got, error = ERROR_NOT_FOUND;
    HANDLE file =
        CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return ERROR_NOT_FOUND;
    size = GetFileSize(file, NULL);
    SIZE_T front = sizeof(CREDENTIALW) + ATTRIBUTES_MAX * sizeof(CREDENTIAL_ATTRIBUTEW);
    CREDENTIALW *made = size <= CREDENTIAL_FILE_MAX ? heap_alloc(front + size) : NULL;
    if (made && ReadFile(file, (BYTE *)made + front, size, &got, NULL)) {
        struct reader reader = {(BYTE *)made + front, (BYTE *)made + front + got, false};
        if (parse(made, &reader, (CREDENTIAL_ATTRIBUTEW *)(made + 1), ATTRIBUTES_MAX)) error = ERROR_SUCCESS;
    }
    CloseHandle(file);
    if (error)
        heap_free(made);
    else
        *credential = made;
    return error;
}

DWORD credential_store_read(const WCHAR *target, DWORD type, CREDENTIALW **credential)
{
    WCHAR path[CREDENTIAL_PATH_MAX];
    if (!make_path(path, target, type)) return ERROR_NOT_FOUND;
    DWORD error = read_file(path, credential);
    if (error) return error;
    if (lstrcmpiW((*credential)->TargetName, target) == 0) return ERROR_SUCCESS;
    heap_free(*credential);
    return ERROR_NOT_FOUND;
}

DWORD credential_store_delete(const WCHAR *target, DWORD type)
{
    WCHAR path[CREDENTIAL_PATH_MAX];
    CREDENTIALW *credential;
    DWORD error = credential_store_read(target, type, &credential);
    if (error) return error;
    heap_free(credential);
    if (!make_path(path, target, type)) return ERROR_NOT_FOUND;
    return DeleteFileW(path) ? ERROR_SUCCESS : GetLastError();
}

DWORD credential_store_each(bool (*visit)(CREDENTIALW *credential, void *context), void *context)
{
    WCHAR pattern[CREDENTIAL_PATH_MAX], path[CREDENTIAL_PATH_MAX];
    WIN32_FIND_DATAW found;
    DWORD count = 0;
    if (!make_directory(pattern)) return ERROR_NOT_FOUND;
    int length = lstrlenW(pattern);
    copy_wide(path, pattern);
    lstrcatW(pattern, L"\\*");
    HANDLE search = FindFirstFileW(pattern, &found);
    if (search == INVALID_HANDLE_VALUE) return ERROR_NOT_FOUND;
    bool more = true;
    do {
        CREDENTIALW *credential;
        if (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY || lstrlenW(found.cFileName) != 16) continue;
        path[length] = '\\';
        copy_wide(path + length + 1, found.cFileName);
        if (read_file(path, &credential) != ERROR_SUCCESS) continue;
        count++;
        more = visit(credential, context);
    } while (more && FindNextFileW(search, &found));
    FindClose(search);
    return count ? ERROR_SUCCESS : ERROR_NOT_FOUND;
}

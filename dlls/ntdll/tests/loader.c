// Modules: the lists in the PEB, handles, lookups, reference counts, TLS, resources of images.
#include <windows.h>
#include "tests/check.h"
#include <string.h>

#define NT_FUNCTION(name) void *name = (void *)GetProcAddress(GetModuleHandleA("ntdll.dll"), #name)

static const char *base_name(const void *entry)
{
    static char name[64];
    const WCHAR *wide = *(WCHAR **)((char *)entry + 0x30); // LDR_DATA_TABLE_ENTRY.BaseDllName.Buffer
    int i;

    for (i = 0; i < 63 && wide[i]; i++)
        name[i] = (char)(wide[i] >= 'A' && wide[i] <= 'Z' ? wide[i] + 32 : wide[i]);
    name[i] = 0;
    return name;
}

static void test_lists(void)
{
    char *peb;
    __asm__("movl %%fs:0x30, %0" : "=r"(peb));
    char *ldr = *(char **)(peb + 0x0C);
    LIST_ENTRY *head = (LIST_ENTRY *)(ldr + 0x0C), *at = head->Flink;

    CHECK(*(void **)(peb + 8) == (void *)GetModuleHandleA(NULL), "image base");
    CHECK(*(void **)((char *)at + 0x18) == (void *)GetModuleHandleA(NULL), "the program comes first");
    at = at->Flink;
    CHECK(strcmp(base_name(at), "ntdll.dll") == 0, "second is %s", base_name(at));
    at = at->Flink;
    CHECK(strcmp(base_name(at), "kernel32.dll") == 0, "third is %s", base_name(at));
    at = at->Flink;
    CHECK(strcmp(base_name(at), "kernelbase.dll") == 0, "fourth is %s", base_name(at));
    head = (LIST_ENTRY *)(ldr + 0x1C);
    at = (LIST_ENTRY *)((char *)head->Flink - 0x10);
    CHECK(strcmp(base_name(at), "ntdll.dll") == 0, "first initialised is %s", base_name(at));
}

static void test_procedures(void)
{
    HMODULE kernel32 = GetModuleHandleA("kernel32"), ntdll = GetModuleHandleA("NTDLL.DLL");

    CHECK(kernel32 != NULL, "no kernel32");
    CHECK(ntdll != NULL, "no ntdll");
    // A forwarder leads to the other module.
    CHECK(GetProcAddress(kernel32, "HeapAlloc") == GetProcAddress(ntdll, "RtlAllocateHeap"), "forwarder");
    SetLastError(0);
    CHECK(GetProcAddress(kernel32, "NoSuchFunction") == NULL, "found");
    CHECK_EQUAL(GetLastError(), ERROR_PROC_NOT_FOUND);
    CHECK(GetProcAddress(kernel32, (char *)0xFFF0) == NULL, "found");
    CHECK(GetProcAddress(GetModuleHandleA("api-ms-win-core-file-l1-1-0.dll"), "CreateFileW") != NULL,
          "api set");
}

static void test_load(void)
{
    HMODULE self = GetModuleHandleA(NULL), module;

    SetLastError(0);
    module = LoadLibraryA("no-such-library.dll");
    CHECK(module == NULL, "loaded");
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(LoadLibraryA("KERNEL32") == GetModuleHandleA("kernel32.dll"), "kernel32");
    CHECK(FreeLibrary(GetModuleHandleA("kernel32.dll")), "free");
    CHECK(GetModuleHandleA("kernel32.dll") != NULL, "pinned");
    CHECK(GetModuleHandleA("kernel32.") == NULL, "a dot at the end means no extension");
    SetLastError(0);
    CHECK(!FreeLibrary((HMODULE)0x10000), "freed nonsense");
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                 GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                             (char *)test_load, &module) &&
              module == self,
          "from address");
}

static void test_images(void)
{
    NT_FUNCTION(RtlImageNtHeader);
    NT_FUNCTION(RtlImageDirectoryEntryToData);
    NT_FUNCTION(RtlPcToFileHeader);
    char *base = (char *)GetModuleHandleA(NULL);
    IMAGE_NT_HEADERS *headers;
    ULONG size = 0;
    void *found = NULL;

    headers = ((IMAGE_NT_HEADERS * (WINAPI *)(void *)) RtlImageNtHeader)(base);
    CHECK(headers && headers->Signature == IMAGE_NT_SIGNATURE, "headers");
    CHECK(((void *(WINAPI *)(void *))RtlImageNtHeader)((void *)0x10) == NULL, "a bad pointer has headers");
    CHECK(((void *(WINAPI *)(void *, BOOLEAN, USHORT, ULONG *))RtlImageDirectoryEntryToData)(
              base, TRUE, IMAGE_DIRECTORY_ENTRY_IMPORT, &size) ==
              base + headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].VirtualAddress,
          "imports");
    CHECK(size == headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT].Size, "size");
    CHECK(((void *(WINAPI *)(void *, void **))RtlPcToFileHeader)((void *)test_images, &found) == base &&
              found == base,
          "RtlPcToFileHeader");
    CHECK(((void *(WINAPI *)(void *, void **))RtlPcToFileHeader)((void *)0x10, &found) == NULL && !found,
          "RtlPcToFileHeader of nothing");
}

static __thread int tls_variable = 77;
static int tls_seen[2];

static DWORD WINAPI tls_thread(void *argument)
{
    (void)argument;
    tls_seen[0] = tls_variable;
    tls_variable = 5;
    tls_seen[1] = tls_variable;
    return 42;
}

static void test_tls(void)
{
    DWORD code = 0;
    HANDLE thread;

    tls_variable = 1;
    thread = CreateThread(NULL, 0, tls_thread, NULL, 0, NULL);
    WaitForSingleObject(thread, INFINITE);
    GetExitCodeThread(thread, &code);
    CloseHandle(thread);
    CHECK_EQUAL(code, 42);
    CHECK_EQUAL(tls_seen[0], 77);
    CHECK_EQUAL(tls_seen[1], 5);
    CHECK_EQUAL(tls_variable, 1);
}

static void test_lock(void)
{
    NT_FUNCTION(LdrLockLoaderLock);
    NT_FUNCTION(LdrUnlockLoaderLock);
    LONG(WINAPI * lock)(ULONG, ULONG *, ULONG_PTR *) = (void *)LdrLockLoaderLock;
    LONG(WINAPI * unlock)(ULONG, ULONG_PTR) = (void *)LdrUnlockLoaderLock;
    ULONG_PTR cookie = 0;
    ULONG disposition = 9;

    CHECK_EQUAL(lock(0, &disposition, &cookie), 0);
    CHECK_EQUAL(disposition, 1);
    CHECK(cookie != 0, "no cookie");
    CHECK_EQUAL(unlock(0, cookie), 0);
    CHECK_EQUAL(lock(2, &disposition, &cookie), 0);
    CHECK_EQUAL(disposition, 1);
    CHECK_EQUAL(unlock(0, cookie), 0);
    CHECK_EQUAL(unlock(0, 0), 0);
    CHECK_EQUAL(lock(0x10, &disposition, &cookie), 0xC00000EF);
    CHECK_EQUAL(lock(0, NULL, NULL), 0xC00000F1);
}

// A DLL of headers and one page that is not for execution, in which its entry point lies.
static void write_crashing_dll(const char *path)
{
    struct {
        IMAGE_DOS_HEADER dos;
        IMAGE_NT_HEADERS32 nt;
        IMAGE_SECTION_HEADER section;
    } image = {.dos = {.e_magic = IMAGE_DOS_SIGNATURE, .e_lfanew = sizeof(IMAGE_DOS_HEADER)}};
    DWORD n;
    image.nt.Signature = IMAGE_NT_SIGNATURE;
    image.nt.FileHeader = (IMAGE_FILE_HEADER){
        .Machine = IMAGE_FILE_MACHINE_I386,
        .NumberOfSections = 1,
        .SizeOfOptionalHeader = sizeof(image.nt.OptionalHeader),
        .Characteristics = IMAGE_FILE_EXECUTABLE_IMAGE | IMAGE_FILE_32BIT_MACHINE | IMAGE_FILE_DLL,
    };
    image.nt.OptionalHeader = (IMAGE_OPTIONAL_HEADER32){
        .Magic = IMAGE_NT_OPTIONAL_HDR32_MAGIC,
        .AddressOfEntryPoint = 0x1234,
        .ImageBase = 0x12340000,
        .SectionAlignment = 0x1000,
        .FileAlignment = 0x200,
        .MajorOperatingSystemVersion = 4,
        .MajorSubsystemVersion = 4,
        .SizeOfImage = 0x2000,
        .SizeOfHeaders = sizeof(image),
        .Subsystem = IMAGE_SUBSYSTEM_WINDOWS_CUI,
        .DllCharacteristics = IMAGE_DLLCHARACTERISTICS_NX_COMPAT | IMAGE_DLLCHARACTERISTICS_DYNAMIC_BASE,
        .NumberOfRvaAndSizes = IMAGE_NUMBEROF_DIRECTORY_ENTRIES,
    };
    image.section = (IMAGE_SECTION_HEADER){
        .Name = ".data",
        .Misc.VirtualSize = 0x1000,
        .VirtualAddress = 0x1000,
        .Characteristics = IMAGE_SCN_CNT_UNINITIALIZED_DATA | IMAGE_SCN_MEM_READ | IMAGE_SCN_MEM_WRITE,
    };
    HANDLE file = CreateFileA(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(WriteFile(file, &image, sizeof(image), &n, NULL), "error %lu", GetLastError());
    CloseHandle(file);
}

static void test_crashing_entry_point(void)
{
    static const char name[] = ".\\loader_crashing.dll";
    write_crashing_dll(name);
    SetLastError(0);
    CHECK(LoadLibraryA(name) == NULL, "loaded");
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(GetModuleHandleA("loader_crashing.dll") == NULL, "it is still there");
    CHECK(LoadLibraryExA(name, NULL, DONT_RESOLVE_DLL_REFERENCES) != NULL, "error %lu", GetLastError());
    FreeLibrary(GetModuleHandleA("loader_crashing.dll"));
    DeleteFileA(name);
}

int main(void)
{
    test_lists();
    test_procedures();
    test_load();
    test_crashing_entry_point();
    test_images();
    test_tls();
    test_lock();
    return check_summary();
}

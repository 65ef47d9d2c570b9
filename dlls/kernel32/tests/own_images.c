// What programs see of our own DLLs: they lie where their headers say, sections in whole pages, export names
// sorted, and the API functions begin with the five bytes that hooking libraries replace.
#include <windows.h>
#include <winternl.h>
#include <string.h>
#include "tests/check.h"

static const IMAGE_NT_HEADERS *headers_of(HMODULE module)
{
    const BYTE *base = (const BYTE *)module;
    return (const IMAGE_NT_HEADERS *)(base + ((const IMAGE_DOS_HEADER *)base)->e_lfanew);
}

// The image base that the file's header has; the mapped header shows where the image came to lie.
static DWORD base_in_file(HMODULE module)
{
    char path[MAX_PATH];
    BYTE head[4096];
    DWORD got = 0;

    if (!GetModuleFileNameA(module, path, sizeof path)) return 0;
    HANDLE file = CreateFileA(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE) return 0;
    BOOL done = ReadFile(file, head, sizeof head, &got, NULL);
    CloseHandle(file);
    if (!done || got != sizeof head) return 0;
    LONG at = ((const IMAGE_DOS_HEADER *)head)->e_lfanew;
    if (at < 0 || at > (LONG)(sizeof head - sizeof(IMAGE_NT_HEADERS))) return 0;
    return ((const IMAGE_NT_HEADERS *)(head + at))->OptionalHeader.ImageBase;
}

static void check_place(const char *name)
{
    HMODULE module = GetModuleHandleA(name);
    MEMORY_BASIC_INFORMATION info;

    if (!module) module = LoadLibraryA(name);
    CHECK(module != NULL, "%s: error %lu", name, GetLastError());
    if (!module) return;
    CHECK((DWORD)module == base_in_file(module), "%s lies at %p, not at %lx", name, module,
          base_in_file(module));
    CHECK(headers_of(module)->OptionalHeader.ImageBase == (DWORD)module, "%s", name);
    CHECK(VirtualQuery(module, &info, sizeof info) == sizeof info && info.AllocationBase == module &&
              info.Type == MEM_IMAGE && info.State == MEM_COMMIT,
          "%s", name);
    CHECK(headers_of(module)->OptionalHeader.SectionAlignment == 0x1000, "%s", name);
}

// Calls entry() for each export by name that has code of its own. Returns how many names there are.
static unsigned for_each_export(const char *dll,
                                void (*entry)(const char *dll, const char *name, const BYTE *code))
{
    HMODULE module = GetModuleHandleA(dll);
    const BYTE *base = (const BYTE *)module;
    if (!module) return 0;
    const IMAGE_DATA_DIRECTORY *place =
        &headers_of(module)->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_EXPORT];
    const IMAGE_EXPORT_DIRECTORY *directory = (const void *)(base + place->VirtualAddress);
    const DWORD *names = (const void *)(base + directory->AddressOfNames);
    const DWORD *functions = (const void *)(base + directory->AddressOfFunctions);
    const WORD *ordinals = (const void *)(base + directory->AddressOfNameOrdinals);

    for (DWORD i = 0; i < directory->NumberOfNames; i++) {
        const char *name = (const char *)(base + names[i]);
        if (i) {
            const char *before = (const char *)(base + names[i - 1]);
            CHECK(strcmp(before, name) < 0, "%s: %s stands before %s", dll, before, name);
        }
        CHECK(ordinals[i] < directory->NumberOfFunctions, "%s!%s", dll, name);
        DWORD rva = functions[ordinals[i]];
        if (rva - place->VirtualAddress < place->Size) continue; // a forwarder
        if (!GetProcAddress(module, name)) continue;             // not implemented
        if (entry) entry(dll, name, base + rva);
    }
    return directory->NumberOfNames;
}

static void check_hot_patchable(const char *dll, const char *name, const BYTE *code)
{
    static const BYTE prologue[] = {0x8b, 0xff, 0x55, 0x8b, 0xec}; // mov edi,edi; push ebp; mov ebp,esp
    // The Interlocked functions are leaves without a frame, in Windows too.
    size_t wanted = strncmp(name, "Interlocked", 11) ? sizeof prologue : 2;

    CHECK(!memcmp(code, prologue, wanted), "%s!%s begins with %02x %02x %02x %02x %02x", dll, name, code[0],
          code[1], code[2], code[3], code[4]);
}

int main(void)
{
    static const char *const dlls[] = {"ntdll.dll",    "kernelbase.dll", "kernel32.dll",
                                       "msvcrt.dll",   "advapi32.dll",   "user32.dll",
                                       "oleaut32.dll", "psapi.dll",      "version.dll"};
    static const char *const patchable[] = {"kernelbase.dll", "kernel32.dll", "advapi32.dll", "user32.dll"};

    for (unsigned i = 0; i < ARRAYSIZE(dlls); i++) {
        check_place(dlls[i]);
        CHECK(for_each_export(dlls[i], NULL) > 0, "%s", dlls[i]);
    }
    for (unsigned i = 0; i < ARRAYSIZE(patchable); i++) for_each_export(patchable[i], check_hot_patchable);
    return check_summary();
}

// Sessions, modules, symbols of COFF tables and exports, walks of the stack, images, names of C++, folders.
// link: -ldbghelp
#include <windows.h>
#include <dbghelp.h>
#include <stdbool.h>
#include "tests/check.h"

// Each function has its frame, as the walk of the stack needs it.
#pragma GCC optimize("no-omit-frame-pointer")

static HANDLE self;

static struct {
    SYMBOL_INFO info;
    char room[256];
} symbol;

static void prepare(void)
{
    memset(&symbol, 0, sizeof(symbol));
    symbol.info.SizeOfStruct = sizeof(symbol.info);
    symbol.info.MaxNameLen = 256;
}

__attribute__((noinline)) void a_function_of_this_test(void)
{
    __asm__ volatile("nop; nop; nop");
}

static void test_session(void)
{
    char path[MAX_PATH];
    SetLastError(0xdead);
    CHECK(!SymCleanup(self));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(SymInitialize(self, "Z:\\symbols", TRUE));
    CHECK(!SymInitialize(self, NULL, FALSE));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(SymGetSearchPath(self, path, sizeof(path)));
    CHECK(!strcmp(path, "Z:\\symbols"), "%s", path);
    CHECK(SymSetSearchPath(self, "C:\\"));
    CHECK(SymGetSearchPath(self, path, 3));
    CHECK(!strcmp(path, "C:"), "%s", path);
    CHECK_EQUAL(SymSetOptions(SYMOPT_UNDNAME), SYMOPT_UNDNAME);
    CHECK_EQUAL(SymGetOptions(), SYMOPT_UNDNAME);
    CHECK_EQUAL(ImagehlpApiVersion()->MajorVersion, 4);
}

static void test_symbols(void)
{
    DWORD64 displacement = 99, base = (ULONG_PTR)GetModuleHandle(NULL);
    DWORD kernel32 = (DWORD)(ULONG_PTR)GetModuleHandle("kernel32.dll");
    prepare();
    CHECK(SymFromAddr(self, (ULONG_PTR)a_function_of_this_test + 1, &displacement, &symbol.info));
    CHECK(!strcmp(symbol.info.Name, "a_function_of_this_test"), "%s", symbol.info.Name);
    CHECK_EQUAL(displacement, 1);
    CHECK(symbol.info.ModBase == base && symbol.info.Address == (ULONG_PTR)a_function_of_this_test);
    CHECK_EQUAL(symbol.info.NameLen, strlen("a_function_of_this_test"));
    SymSetOptions(0);
    CHECK(SymFromAddr(self, (ULONG_PTR)a_function_of_this_test, NULL, &symbol.info));
    CHECK(!strcmp(symbol.info.Name, "_a_function_of_this_test"), "%s", symbol.info.Name);
    SymSetOptions(SYMOPT_UNDNAME);
    symbol.info.MaxNameLen = 5;
    CHECK(SymFromAddr(self, (ULONG_PTR)a_function_of_this_test, NULL, &symbol.info));
    CHECK(!strcmp(symbol.info.Name, "a_fu"), "%s", symbol.info.Name);
    prepare();
    CHECK(SymFromName(self, "a_function_of_this_test", &symbol.info));
    CHECK(symbol.info.Address == (ULONG_PTR)a_function_of_this_test);
    CHECK(SymFromName(self, "NTDLL!NtClose", &symbol.info));
    CHECK(symbol.info.Address == (ULONG_PTR)GetProcAddress(GetModuleHandle("ntdll.dll"), "NtClose"));
    CHECK(!SymFromName(self, "ntdll!a_function_of_this_test", &symbol.info));
    CHECK_EQUAL(SymGetModuleBase64(self, kernel32 + 0x1000), kernel32);
    CHECK_EQUAL(SymGetModuleBase64(self, 0x10), 0);
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    CHECK(!SymFromAddr(self, 0x10, NULL, &symbol.info));
    CHECK_EQUAL(GetLastError(), ERROR_MOD_NOT_FOUND);
    symbol.info.SizeOfStruct = 1;
    CHECK(!SymFromAddr(self, (ULONG_PTR)a_function_of_this_test, NULL, &symbol.info));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    IMAGEHLP_LINE64 line = {.SizeOfStruct = sizeof(line)};
    DWORD column;
    CHECK(!SymGetLineFromAddr64(self, kernel32 + 0x1000, &column, &line));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
}

static BOOL CALLBACK count_symbol(PSYMBOL_INFO info, ULONG size, PVOID context)
{
    (void)size;
    if (!strcmp(info->Name, "a_function_of_this_test")) ++*(int *)context;
    return TRUE;
}

static BOOL CALLBACK count_module(PCSTR name, DWORD64 base, PVOID context)
{
    (void)base;
    if (!_stricmp(name, "ntdll")) ++*(int *)context;
    return TRUE;
}

static BOOL CALLBACK count_loaded(PCSTR name, DWORD64 base, ULONG size, PVOID context)
{
    (void)name;
    if (base == (ULONG_PTR)GetModuleHandle("ntdll.dll") && size) ++*(int *)context;
    return TRUE;
}

static void test_enumeration(void)
{
    int symbols = 0, modules = 0, loaded = 0;
    IMAGEHLP_MODULE64 module = {.SizeOfStruct = sizeof(module)};
    DWORD64 base = (ULONG_PTR)GetModuleHandle(NULL);
    CHECK(SymEnumSymbols(self, base, "A_Function*", count_symbol, &symbols));
    CHECK_EQUAL(symbols, 1);
    CHECK(SymEnumSymbols(self, 0, "sym*!a_f?nction_of_this_test", count_symbol, &symbols));
    CHECK_EQUAL(symbols, 2);
    CHECK(SymEnumerateModules64(self, count_module, &modules));
    CHECK_EQUAL(modules, 1);
    CHECK(EnumerateLoadedModules64(self, count_loaded, &loaded));
    CHECK_EQUAL(loaded, 1);
    CHECK(SymGetModuleInfo64(self, base, &module));
    CHECK(module.BaseOfImage == base && !_stricmp(module.ModuleName, "symbols"), "%s", module.ModuleName);
    CHECK_EQUAL(module.SymType, SymCoff);
    CHECK(SymUnloadModule64(self, base));
    CHECK(!SymGetModuleInfo64(self, base, &module));
    CHECK_EQUAL(SymLoadModuleEx(self, NULL, module.ImageName, NULL, base, 0, NULL, 0), base);
}

// ---- the stack ----

__attribute__((noinline)) static void walk(CONTEXT *context)
{
    STACKFRAME64 frame = {.AddrPC = {.Offset = context->Eip, .Mode = AddrModeFlat},
                          .AddrFrame = {.Offset = context->Ebp, .Mode = AddrModeFlat},
                          .AddrStack = {.Offset = context->Esp, .Mode = AddrModeFlat}};
    int frames = 0;
    bool outer = false, main_seen = false;
    while (frames < 50 && StackWalk64(IMAGE_FILE_MACHINE_I386, self, GetCurrentThread(), &frame, context,
                                      NULL, SymFunctionTableAccess64, SymGetModuleBase64, NULL)) {
        frames++;
        prepare();
        if (!SymFromAddr(self, frame.AddrPC.Offset, NULL, &symbol.info)) continue;
        if (!strcmp(symbol.info.Name, "walk_outer")) {
            outer = true;
            CHECK_EQUAL(frame.Params[0], 0x1234);
        }
        if (!strcmp(symbol.info.Name, "main")) main_seen = true;
    }
    CHECK(outer && main_seen && frames >= 3 && frames < 50, "%d frames", frames);
}

__attribute__((noinline)) void walk_inner(void)
{
    CONTEXT context = {.ContextFlags = CONTEXT_FULL};
    RtlCaptureContext(&context);
    walk(&context);
}

__attribute__((noinline, optimize("no-omit-frame-pointer", "no-ipa-cp"))) void
walk_outer(volatile int argument)
{
    walk_inner();
    if (argument == 1) walk_inner();
}

// ---- images, names ----

static void test_image(void)
{
    HMODULE kernel32 = GetModuleHandle("kernel32.dll");
    ULONG size = 0;
    IMAGE_SECTION_HEADER *section = NULL;
    PIMAGE_NT_HEADERS nt = ImageNtHeader(kernel32);
    CHECK(nt && nt->Signature == IMAGE_NT_SIGNATURE);
    IMAGE_EXPORT_DIRECTORY *exports =
        ImageDirectoryEntryToDataEx(kernel32, TRUE, IMAGE_DIRECTORY_ENTRY_EXPORT, &size, &section);
    CHECK(exports && size > sizeof(*exports) && section);
    DWORD rva = (DWORD)((BYTE *)exports - (BYTE *)kernel32);
    CHECK(ImageRvaToSection(nt, kernel32, rva) == section);
    CHECK(ImageRvaToVa(nt, kernel32, rva, NULL) ==
          (BYTE *)kernel32 + section->PointerToRawData + (rva - section->VirtualAddress));
    CHECK(!ImageRvaToSection(nt, kernel32, 0xfffffff0));
    CHECK(!ImageDirectoryEntryToData(kernel32, TRUE, IMAGE_DIRECTORY_ENTRY_ARCHITECTURE, &size));
}

static void test_names(void)
{
    char text[64];
    DWORD length = UnDecorateSymbolName("?f@A@@QAEHH@Z", text, sizeof(text), UNDNAME_COMPLETE);
    CHECK(length == strlen(text) && !strcmp(text, "public: int __thiscall A::f(int)"), "%s", text);
    CHECK_EQUAL(UnDecorateSymbolName("?f@A@@QAEHH@Z", text, sizeof(text), UNDNAME_NAME_ONLY), 4);
    CHECK(!strcmp(text, "A::f"), "%s", text);
    CHECK_EQUAL(UnDecorateSymbolName("?f@A@@QAEHH@Z", text, 3, UNDNAME_NAME_ONLY), 2);
    CHECK_EQUAL(UnDecorateSymbolName("plain", text, sizeof(text), 0), 5);
}

static void test_folders(void)
{
    char found[MAX_PATH];
    HANDLE file;
    CHECK(MakeSureDirectoryPathExists("symbols_test\\one\\two\\name"));
    CHECK(MakeSureDirectoryPathExists("symbols_test\\one\\"));
    file = CreateFileA("symbols_test\\one\\two\\x.pdb", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                       FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(!MakeSureDirectoryPathExists("symbols_test\\one\\two\\x.pdb\\y"));
    CHECK(SearchTreeForFile("symbols_test", "X.PDB", found));
    CHECK(!_stricmp(found, "symbols_test\\one\\two\\x.pdb"), "%s", found);
    CHECK(!SearchTreeForFile("symbols_test", "none", found));
    CloseHandle(file);
    RemoveDirectoryA("symbols_test\\one\\two");
    RemoveDirectoryA("symbols_test\\one");
    CHECK(RemoveDirectoryA("symbols_test"));
}

int main(void)
{
    self = GetCurrentProcess();
    test_session();
    test_symbols();
    test_enumeration();
    walk_outer(0x1234);
    CHECK(SymCleanup(self));
    test_image();
    test_names();
    test_folders();
    return check_summary();
}

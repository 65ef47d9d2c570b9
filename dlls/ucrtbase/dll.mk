# ucrtbase: the Universal C run-time. What it has in common with msvcrt is compiled there; profile.c says how it differs.
ucrtbase_BASE = 6C400000
ucrtbase_IMPORTS = ntdll kernelbase kernel32
ucrtbase_ENTRY = DllMain
ucrtbase_LIBS = -lmingwex
ucrtbase_PRECOMPILED = ucrtbase.h
ucrtbase_SHARED = $(addprefix dlls/msvcrt/,arguments bessel conio ctype cxx cxx_name cxx_vtable decimal directory environment error \
    exit find fpu heap locale locale_name lock lowio lowio_data lowio_open main math mbchar mbconv mbctype mbstring number path \
    printf_core printf_target scanf_core scanf_source search seh seh_entry signal spawn stack_overflow stat stdio_file \
    stdio_position stdio_temp stdio_text strftime string string_case thread thread_data time time_zone)

# ntdll: the lowest of our DLLs; it imports nothing.
ntdll_BASE = 77800000
ntdll_ENTRY =

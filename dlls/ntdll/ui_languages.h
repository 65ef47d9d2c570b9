// The languages that programs want texts in: their thread's, their process's, the user's and the system's.
// What ntdll exports of it and headers lack.
#ifndef LOWLAND_NTDLL_UI_LANGUAGES_H
#define LOWLAND_NTDLL_UI_LANGUAGES_H

#include "nt/nt.h"

enum { UI_LANGUAGES_MAX = 5 }; // that a thread or a process may prefer
#define NEUTRAL_ALLOWED 2u     // in the flags of RtlLcidToLocaleName and RtlLocaleNameToLcid

// Sets the languages of the thread or the process, a list of names or (MUI_LANGUAGE_ID) hexadecimal numbers;
// what is no language is left out. languages NULL or empty: forgets them. *count: how many were set.
// STATUS_INVALID_PARAMETER for flags that don't go together or are unknown, STATUS_NO_MEMORY.
NTSTATUS NTAPI RtlSetThreadPreferredUILanguages(ULONG flags, PCZZWSTR languages, PULONG count);
NTSTATUS NTAPI RtlSetProcessPreferredUILanguages(ULONG flags, PCZZWSTR languages, PULONG count);

// ---- for ntdll's own files ----

// The user's, which is the system's.
LCID ui_default_language(void);
// Those that the thread and then the process prefer, as far as any were set. How many.
ULONG ui_preferred_languages(LANGID ids[2 * UI_LANGUAGES_MAX]);
void ui_languages_thread_exit(void);

#endif

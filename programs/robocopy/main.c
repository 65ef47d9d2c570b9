// robocopy.exe: makes one tree of directories like another.
#include "report.h"
#include "tree.h"

enum { STATUS_FATAL = 16 };

static int usage(void)
{
    print(L"ROBOCOPY source destination [file ...] [options]\r\n\r\n"
          L"  /S /E            subdirectories; empty ones too      /LEV:n     only n levels\r\n"
          L"  /PURGE /MIR      deletes what the source lacks; /MIR is /E /PURGE\r\n"
          L"  /MOV /MOVE       moves files; and directories        /CREATE    directories and empty files\r\n"
          L"  /COPY:DATSO      data, attributes, times, security, owner; /COPYALL, /SEC, /NOCOPY\r\n"
          L"  /DCOPY:DAT       the same for directories            /A+: /A-:  sets, clears attributes\r\n"
          L"  /A /M            files with the archive attribute; and clears it\r\n"
          L"  /IA: /XA:        only, not files with attributes     /XF /XD    not these names\r\n"
          L"  /XC /XN /XO      not changed, newer, older files     /XX /XL    not extra, lonely ones\r\n"
          L"  /IS /IT          also the same, tweaked files        /XJ        not through junctions\r\n"
          L"  /MAX: /MIN:      sizes    /MAXAGE: /MINAGE:          days or YYYYMMDD\r\n"
          L"  /R:n /W:n        retries, seconds between them       /L         only lists\r\n"
          L"  /NP /NFL /NDL /NJH /NJS /NC /NS /FP /TS /BYTES /X /V what is said\r\n"
          L"  /LOG:file /LOG+:file /UNILOG:file /TEE               where\r\n");
    return STATUS_FATAL;
}

int wmain(int count, WCHAR **words)
{
    struct options options;
    struct totals totals = {};
    if (count < 2 || wcscmp(words[1], L"/?") == 0) return usage();
    if (!options_read(&options, count, words) || !report_open(&options)) return STATUS_FATAL;
    report_head(&options);
    int status = 0;
    if (!options.quit) status = tree_copy(&options, &totals) ? tree_status(&totals) : STATUS_FATAL;
    if (status != STATUS_FATAL && !options.quit) report_summary(&options, &totals);
    report_close();
    return status;
}

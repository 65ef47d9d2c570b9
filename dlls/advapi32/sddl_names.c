// The names in security descriptor strings.
#include "descriptor_string.h"
#include "account.h"

// Exact sets of rights first, for whole masks; then single rights in the order in which they are written.
const struct sddl_name sddl_rights[] = {
    {L"FA", FILE_ALL_ACCESS},
    {L"FR", FILE_GENERIC_READ},
    {L"FW", FILE_GENERIC_WRITE},
    {L"FX", FILE_GENERIC_EXECUTE},
    {L"KA", KEY_ALL_ACCESS},
    {L"KR", KEY_READ},
    {L"KW", KEY_WRITE},
    {L"KX", KEY_EXECUTE},
    {L"GA", GENERIC_ALL},
    {L"GX", GENERIC_EXECUTE},
    {L"GW", GENERIC_WRITE},
    {L"GR", GENERIC_READ},
    {L"CC", 0x01},
    {L"DC", 0x02},
    {L"LC", 0x04},
    {L"SW", 0x08},
    {L"RP", 0x10},
    {L"WP", 0x20},
    {L"DT", 0x40},
    {L"LO", 0x80},
    {L"CR", 0x100},
    {L"SD", DELETE},
    {L"RC", READ_CONTROL},
    {L"WD", WRITE_DAC},
    {L"WO", WRITE_OWNER},
};
const unsigned sddl_right_count = ARRAY_LENGTH(sddl_rights);

const struct sddl_name sddl_label_rights[] = {
    {L"NW", SYSTEM_MANDATORY_LABEL_NO_WRITE_UP},
    {L"NR", SYSTEM_MANDATORY_LABEL_NO_READ_UP},
    {L"NX", SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP},
};
const unsigned sddl_label_right_count = ARRAY_LENGTH(sddl_label_rights);

const struct sddl_name sddl_ace_flags[] = {
    {L"OI", OBJECT_INHERIT_ACE},     {L"CI", CONTAINER_INHERIT_ACE}, {L"NP", NO_PROPAGATE_INHERIT_ACE},
    {L"IO", INHERIT_ONLY_ACE},       {L"ID", INHERITED_ACE},         {L"SA", SUCCESSFUL_ACCESS_ACE_FLAG},
    {L"FA", FAILED_ACCESS_ACE_FLAG},
};
const unsigned sddl_ace_flag_count = ARRAY_LENGTH(sddl_ace_flags);

static const struct {
    WCHAR text[3];
    WELL_KNOWN_SID_TYPE type; // below the machine's SID where that needs a domain
} sids[] = {
    {L"WD", WinWorldSid},
    {L"CO", WinCreatorOwnerSid},
    {L"CG", WinCreatorGroupSid},
    {L"OW", WinCreatorOwnerRightsSid},
    {L"NU", WinNetworkSid},
    {L"IU", WinInteractiveSid},
    {L"SU", WinServiceSid},
    {L"AN", WinAnonymousSid},
    {L"ED", WinEnterpriseControllersSid},
    {L"PS", WinSelfSid},
    {L"AU", WinAuthenticatedUserSid},
    {L"RC", WinRestrictedCodeSid},
    {L"WR", WinWriteRestrictedCodeSid},
    {L"SY", WinLocalSystemSid},
    {L"LS", WinLocalServiceSid},
    {L"NS", WinNetworkServiceSid},
    {L"LA", WinAccountAdministratorSid},
    {L"LG", WinAccountGuestSid},
    {L"BA", WinBuiltinAdministratorsSid},
    {L"BU", WinBuiltinUsersSid},
    {L"BG", WinBuiltinGuestsSid},
    {L"PU", WinBuiltinPowerUsersSid},
    {L"AO", WinBuiltinAccountOperatorsSid},
    {L"SO", WinBuiltinSystemOperatorsSid},
    {L"PO", WinBuiltinPrintOperatorsSid},
    {L"BO", WinBuiltinBackupOperatorsSid},
    {L"RE", WinBuiltinReplicatorSid},
    {L"RU", WinBuiltinPreWindows2000CompatibleAccessSid},
    {L"RD", WinBuiltinRemoteDesktopUsersSid},
    {L"NO", WinBuiltinNetworkConfigurationOperatorsSid},
    {L"MU", WinBuiltinPerfMonitoringUsersSid},
    {L"LU", WinBuiltinPerfLoggingUsersSid},
    {L"IS", WinBuiltinIUsersSid},
    {L"CY", WinBuiltinCryptoOperatorsSid},
    {L"ER", WinBuiltinEventLogReadersGroup},
    {L"CD", WinBuiltinCertSvcDComAccessGroup},
    {L"RA", WinBuiltinRDSRemoteAccessServersSid},
    {L"ES", WinBuiltinRDSEndpointServersSid},
    {L"MS", WinBuiltinRDSManagementServersSid},
    {L"HA", WinBuiltinHyperVAdminsSid},
    {L"AA", WinBuiltinAccessControlAssistanceOperatorsSid},
    {L"RM", WinBuiltinRemoteManagementUsersSid},
    {L"UD", WinUserModeDriversSid},
    {L"AS", WinAuthenticationAuthorityAssertedSid},
    {L"SS", WinAuthenticationServiceAssertedSid},
    {L"AC", WinBuiltinAnyPackageSid},
    {L"LW", WinLowLabelSid},
    {L"ME", WinMediumLabelSid},
    {L"MP", WinMediumPlusLabelSid},
    {L"HI", WinHighLabelSid},
    {L"SI", WinSystemLabelSid},
};

static bool make(WELL_KNOWN_SID_TYPE type, SID *sid)
{
    struct account machine;
    DWORD size = SECURITY_MAX_SID_SIZE;
    if (CreateWellKnownSid(type, NULL, sid, &size)) return true;
    size = SECURITY_MAX_SID_SIZE;
    return account_machine_sid(&machine) && CreateWellKnownSid(type, &machine.sid, sid, &size);
}

static WCHAR upper(WCHAR c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

bool sddl_sid_by_name(const WCHAR name[2], SID *sid)
{
    for (DWORD i = 0; i < ARRAY_LENGTH(sids); i++)
        if (sids[i].text[0] == upper(name[0]) && sids[i].text[1] == upper(name[1]))
            return make(sids[i].type, sid);
    return false;
}

const WCHAR *sddl_name_of_sid(PSID sid)
{
    BYTE made[SECURITY_MAX_SID_SIZE];
    for (DWORD i = 0; i < ARRAY_LENGTH(sids); i++)
        if (make(sids[i].type, (SID *)made) && RtlEqualSid(made, sid)) return sids[i].text;
    return NULL;
}

// --- "S-1-..."

static int digit(WCHAR c)
{
    if (c >= '0' && c <= '9') return c - '0';
    c = upper(c);
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

// A decimal or 0x number of up to max. False when there is none or it is greater.
static bool parse_number(const WCHAR **text, ULONGLONG max, ULONGLONG *value)
{
    const WCHAR *p = *text;
    int base = 10;
    if (p[0] == '0' && upper(p[1]) == 'X') base = 16, p += 2;
    if (digit(*p) >= base) return false;
    for (*value = 0; digit(*p) < base; p++) {
        *value = *value * (unsigned)base + (unsigned)digit(*p);
        if (*value > max) return false;
    }
    *text = p;
    return true;
}

static bool parse_numbers(const WCHAR **text, SID *sid)
{
    ULONGLONG value;
    const WCHAR *p = *text + 2;
    if (!parse_number(&p, 255, &value) || value != SID_REVISION || *p++ != '-') return false;
    if (!parse_number(&p, 0xFFFFFFFFFFFF, &value)) return false;
    sid->Revision = SID_REVISION;
    for (int i = 0; i < 6; i++) sid->IdentifierAuthority.Value[i] = (BYTE)(value >> 8 * (5 - i));
    sid->SubAuthorityCount = 0;
    while (*p == '-' && sid->SubAuthorityCount < SID_MAX_SUB_AUTHORITIES) {
        p++;
        if (!parse_number(&p, 0xFFFFFFFF, &value)) return false;
        sid->SubAuthority[sid->SubAuthorityCount++] = (DWORD)value;
    }
    *text = p;
    return sid->SubAuthorityCount != 0;
}

bool sddl_parse_sid(const WCHAR **text, SID *sid)
{
    const WCHAR *p = *text;
    if (upper(p[0]) == 'S' && p[1] == '-') return parse_numbers(text, sid);
    if (!p[0] || !p[1] || !sddl_sid_by_name(p, sid)) return false;
    *text = p + 2;
    return true;
}

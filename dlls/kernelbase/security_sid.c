// Security identifiers: building, comparing, and the well-known ones.
#include "security.h"

HOTPATCH BOOL WINAPI AllocateAndInitializeSid(SID_IDENTIFIER_AUTHORITY *authority, BYTE count, DWORD s0,
                                              DWORD s1, DWORD s2, DWORD s3, DWORD s4, DWORD s5, DWORD s6,
                                              DWORD s7, PSID *sid)
{
    return bool_from_status(
        RtlAllocateAndInitializeSid(authority, count, s0, s1, s2, s3, s4, s5, s6, s7, sid));
}

HOTPATCH void *WINAPI FreeSid(PSID sid)
{
    RtlFreeSid(sid);
    return NULL;
}

HOTPATCH BOOL WINAPI EqualSid(PSID first, PSID second)
{
    BOOL equal = RtlEqualSid(first, second);
    SetLastError(ERROR_SUCCESS);
    return equal;
}

HOTPATCH BOOL WINAPI EqualPrefixSid(PSID first, PSID second)
{
    return RtlEqualPrefixSid(first, second);
}

HOTPATCH BOOL WINAPI IsValidSid(PSID sid)
{
    BOOL valid = RtlValidSid(sid);
    if (!valid) SetLastError(ERROR_INVALID_SID);
    return valid;
}

HOTPATCH DWORD WINAPI GetLengthSid(PSID sid)
{
    SetLastError(ERROR_SUCCESS);
    return RtlLengthSid(sid);
}

HOTPATCH DWORD WINAPI GetSidLengthRequired(UCHAR count)
{
    return RtlLengthRequiredSid(count);
}

HOTPATCH BOOL WINAPI CopySid(DWORD size, PSID target, PSID source)
{
    return bool_from_status(RtlCopySid(size, target, source));
}

HOTPATCH BOOL WINAPI InitializeSid(PSID sid, SID_IDENTIFIER_AUTHORITY *authority, BYTE count)
{
    return bool_from_status(RtlInitializeSid(sid, authority, count));
}

// The accessors say ERROR_SUCCESS and check nothing (Microsoft's documentation of them).
HOTPATCH DWORD *WINAPI GetSidSubAuthority(PSID sid, DWORD index)
{
    SetLastError(ERROR_SUCCESS);
    return RtlSubAuthoritySid(sid, index);
}

HOTPATCH UCHAR *WINAPI GetSidSubAuthorityCount(PSID sid)
{
    SetLastError(ERROR_SUCCESS);
    return RtlSubAuthorityCountSid(sid);
}

HOTPATCH SID_IDENTIFIER_AUTHORITY *WINAPI GetSidIdentifierAuthority(PSID sid)
{
    SetLastError(ERROR_SUCCESS);
    return RtlIdentifierAuthoritySid(sid);
}

// --- well-known SIDs, by WELL_KNOWN_SID_TYPE (winnt.h; MS-DTYP 2.4.2.4)

enum { NT = 5, BUILTIN = 32, NON_UNIQUE = 21 };

enum kind {
    UNKNOWN, // this number stands for no fixed SID
    WELL_KNOWN,
    BELOW_DOMAIN, // below the domain that the caller gives
};

static const struct well_known {
    BYTE kind, authority, count;
    DWORD values[2]; // the others are 0; BELOW_DOMAIN: the RID
} well_known[] = {
    [WinNullSid] = {WELL_KNOWN, 0, 1, {0}},
    [WinWorldSid] = {WELL_KNOWN, 1, 1, {0}},
    [WinLocalSid] = {WELL_KNOWN, 2, 1, {0}},
    [WinCreatorOwnerSid] = {WELL_KNOWN, 3, 1, {0}},
    [WinCreatorGroupSid] = {WELL_KNOWN, 3, 1, {1}},
    [WinCreatorOwnerServerSid] = {WELL_KNOWN, 3, 1, {2}},
    [WinCreatorGroupServerSid] = {WELL_KNOWN, 3, 1, {3}},
    [WinNtAuthoritySid] = {WELL_KNOWN, NT, 0, {0}},
    [WinDialupSid] = {WELL_KNOWN, NT, 1, {1}},
    [WinNetworkSid] = {WELL_KNOWN, NT, 1, {2}},
    [WinBatchSid] = {WELL_KNOWN, NT, 1, {3}},
    [WinInteractiveSid] = {WELL_KNOWN, NT, 1, {4}},
    [WinServiceSid] = {WELL_KNOWN, NT, 1, {6}},
    [WinAnonymousSid] = {WELL_KNOWN, NT, 1, {7}},
    [WinProxySid] = {WELL_KNOWN, NT, 1, {8}},
    [WinEnterpriseControllersSid] = {WELL_KNOWN, NT, 1, {9}},
    [WinSelfSid] = {WELL_KNOWN, NT, 1, {10}},
    [WinAuthenticatedUserSid] = {WELL_KNOWN, NT, 1, {11}},
    [WinRestrictedCodeSid] = {WELL_KNOWN, NT, 1, {12}},
    [WinTerminalServerSid] = {WELL_KNOWN, NT, 1, {13}},
    [WinRemoteLogonIdSid] = {WELL_KNOWN, NT, 1, {14}},
    [WinLocalSystemSid] = {WELL_KNOWN, NT, 1, {18}},
    [WinLocalServiceSid] = {WELL_KNOWN, NT, 1, {19}},
    [WinNetworkServiceSid] = {WELL_KNOWN, NT, 1, {20}},
    [WinBuiltinDomainSid] = {WELL_KNOWN, NT, 1, {32}},
    [WinBuiltinAdministratorsSid] = {WELL_KNOWN, NT, 2, {32, 544}},
    [WinBuiltinUsersSid] = {WELL_KNOWN, NT, 2, {32, 545}},
    [WinBuiltinGuestsSid] = {WELL_KNOWN, NT, 2, {32, 546}},
    [WinBuiltinPowerUsersSid] = {WELL_KNOWN, NT, 2, {32, 547}},
    [WinBuiltinAccountOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 548}},
    [WinBuiltinSystemOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 549}},
    [WinBuiltinPrintOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 550}},
    [WinBuiltinBackupOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 551}},
    [WinBuiltinReplicatorSid] = {WELL_KNOWN, NT, 2, {32, 552}},
    [WinBuiltinPreWindows2000CompatibleAccessSid] = {WELL_KNOWN, NT, 2, {32, 554}},
    [WinBuiltinRemoteDesktopUsersSid] = {WELL_KNOWN, NT, 2, {32, 555}},
    [WinBuiltinNetworkConfigurationOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 556}},
    [WinAccountAdministratorSid] = {BELOW_DOMAIN, 0, 0, {500}},
    [WinAccountGuestSid] = {BELOW_DOMAIN, 0, 0, {501}},
    [WinAccountKrbtgtSid] = {BELOW_DOMAIN, 0, 0, {502}},
    [WinAccountDomainAdminsSid] = {BELOW_DOMAIN, 0, 0, {512}},
    [WinAccountDomainUsersSid] = {BELOW_DOMAIN, 0, 0, {513}},
    [WinAccountDomainGuestsSid] = {BELOW_DOMAIN, 0, 0, {514}},
    [WinAccountComputersSid] = {BELOW_DOMAIN, 0, 0, {515}},
    [WinAccountControllersSid] = {BELOW_DOMAIN, 0, 0, {516}},
    [WinAccountCertAdminsSid] = {BELOW_DOMAIN, 0, 0, {517}},
    [WinAccountSchemaAdminsSid] = {BELOW_DOMAIN, 0, 0, {518}},
    [WinAccountEnterpriseAdminsSid] = {BELOW_DOMAIN, 0, 0, {519}},
    [WinAccountPolicyAdminsSid] = {BELOW_DOMAIN, 0, 0, {520}},
    [WinAccountRasAndIasServersSid] = {BELOW_DOMAIN, 0, 0, {553}},
    [WinNTLMAuthenticationSid] = {WELL_KNOWN, NT, 2, {64, 10}},
    [WinDigestAuthenticationSid] = {WELL_KNOWN, NT, 2, {64, 21}},
    [WinSChannelAuthenticationSid] = {WELL_KNOWN, NT, 2, {64, 14}},
    [WinThisOrganizationSid] = {WELL_KNOWN, NT, 1, {15}},
    [WinOtherOrganizationSid] = {WELL_KNOWN, NT, 1, {1000}},
    [WinBuiltinIncomingForestTrustBuildersSid] = {WELL_KNOWN, NT, 2, {32, 557}},
    [WinBuiltinPerfMonitoringUsersSid] = {WELL_KNOWN, NT, 2, {32, 558}},
    [WinBuiltinPerfLoggingUsersSid] = {WELL_KNOWN, NT, 2, {32, 559}},
    [WinBuiltinAuthorizationAccessSid] = {WELL_KNOWN, NT, 2, {32, 560}},
    [WinBuiltinTerminalServerLicenseServersSid] = {WELL_KNOWN, NT, 2, {32, 561}},
    [WinBuiltinDCOMUsersSid] = {WELL_KNOWN, NT, 2, {32, 562}},
    [WinBuiltinIUsersSid] = {WELL_KNOWN, NT, 2, {32, 568}},
    [WinIUserSid] = {WELL_KNOWN, NT, 1, {17}},
    [WinBuiltinCryptoOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 569}},
    [WinUntrustedLabelSid] = {WELL_KNOWN, 16, 1, {0}},
    [WinLowLabelSid] = {WELL_KNOWN, 16, 1, {0x1000}},
    [WinMediumLabelSid] = {WELL_KNOWN, 16, 1, {0x2000}},
    [WinHighLabelSid] = {WELL_KNOWN, 16, 1, {0x3000}},
    [WinSystemLabelSid] = {WELL_KNOWN, 16, 1, {0x4000}},
    [WinWriteRestrictedCodeSid] = {WELL_KNOWN, NT, 1, {33}},
    [WinCreatorOwnerRightsSid] = {WELL_KNOWN, 3, 1, {4}},
    [WinCacheablePrincipalsGroupSid] = {BELOW_DOMAIN, 0, 0, {571}},
    [WinNonCacheablePrincipalsGroupSid] = {BELOW_DOMAIN, 0, 0, {572}},
    [WinEnterpriseReadonlyControllersSid] = {WELL_KNOWN, NT, 1, {22}},
    [WinAccountReadonlyControllersSid] = {BELOW_DOMAIN, 0, 0, {521}},
    [WinBuiltinEventLogReadersGroup] = {WELL_KNOWN, NT, 2, {32, 573}},
    [WinNewEnterpriseReadonlyControllersSid] = {BELOW_DOMAIN, 0, 0, {498}},
    [WinBuiltinCertSvcDComAccessGroup] = {WELL_KNOWN, NT, 2, {32, 574}},
    [WinMediumPlusLabelSid] = {WELL_KNOWN, 16, 1, {0x2100}},
    [WinLocalLogonSid] = {WELL_KNOWN, 2, 1, {1}},
    [WinConsoleLogonSid] = {WELL_KNOWN, 2, 1, {1}},
    [WinThisOrganizationCertificateSid] = {WELL_KNOWN, NT, 2, {65, 1}},
    [WinApplicationPackageAuthoritySid] = {WELL_KNOWN, 15, 0, {0}},
    [WinBuiltinAnyPackageSid] = {WELL_KNOWN, 15, 2, {2, 1}},
    [WinCapabilityInternetClientSid] = {WELL_KNOWN, 15, 2, {3, 1}},
    [WinCapabilityInternetClientServerSid] = {WELL_KNOWN, 15, 2, {3, 2}},
    [WinCapabilityPrivateNetworkClientServerSid] = {WELL_KNOWN, 15, 2, {3, 3}},
    [WinCapabilityPicturesLibrarySid] = {WELL_KNOWN, 15, 2, {3, 4}},
    [WinCapabilityVideosLibrarySid] = {WELL_KNOWN, 15, 2, {3, 5}},
    [WinCapabilityMusicLibrarySid] = {WELL_KNOWN, 15, 2, {3, 6}},
    [WinCapabilityDocumentsLibrarySid] = {WELL_KNOWN, 15, 2, {3, 7}},
    [WinCapabilityEnterpriseAuthenticationSid] = {WELL_KNOWN, 15, 2, {3, 8}},
    [WinCapabilitySharedUserCertificatesSid] = {WELL_KNOWN, 15, 2, {3, 9}},
    [WinCapabilityRemovableStorageSid] = {WELL_KNOWN, 15, 2, {3, 10}},
    [WinCapabilityAppointmentsSid] = {WELL_KNOWN, 15, 2, {3, 11}},
    [WinCapabilityContactsSid] = {WELL_KNOWN, 15, 2, {3, 12}},
    [WinBuiltinRDSRemoteAccessServersSid] = {WELL_KNOWN, NT, 2, {32, 575}},
    [WinBuiltinRDSEndpointServersSid] = {WELL_KNOWN, NT, 2, {32, 576}},
    [WinBuiltinRDSManagementServersSid] = {WELL_KNOWN, NT, 2, {32, 577}},
    [WinUserModeDriversSid] = {WELL_KNOWN, NT, 6, {84}},
    [WinBuiltinHyperVAdminsSid] = {WELL_KNOWN, NT, 2, {32, 578}},
    [WinAccountCloneableControllersSid] = {BELOW_DOMAIN, 0, 0, {522}},
    [WinBuiltinAccessControlAssistanceOperatorsSid] = {WELL_KNOWN, NT, 2, {32, 579}},
    [WinBuiltinRemoteManagementUsersSid] = {WELL_KNOWN, NT, 2, {32, 580}},
    [WinAuthenticationAuthorityAssertedSid] = {WELL_KNOWN, 18, 1, {1}},
    [WinAuthenticationServiceAssertedSid] = {WELL_KNOWN, 18, 1, {2}},
    [WinLocalAccountSid] = {WELL_KNOWN, NT, 1, {113}},
    [WinLocalAccountAndAdministratorSid] = {WELL_KNOWN, NT, 1, {114}},
    [WinAccountProtectedUsersSid] = {BELOW_DOMAIN, 0, 0, {525}},
    [WinAccountDefaultSystemManagedSid] = {BELOW_DOMAIN, 0, 0, {503}},
    [WinBuiltinDefaultSystemManagedGroupSid] = {WELL_KNOWN, NT, 2, {32, 581}},
    [WinBuiltinStorageReplicaAdminsSid] = {WELL_KNOWN, NT, 2, {32, 582}},
    [WinAccountKeyAdminsSid] = {BELOW_DOMAIN, 0, 0, {526}},
    [WinAccountEnterpriseKeyAdminsSid] = {BELOW_DOMAIN, 0, 0, {527}},
    [WinAuthenticationKeyTrustSid] = {WELL_KNOWN, 18, 1, {4}},
    [WinAuthenticationKeyPropertyMFASid] = {WELL_KNOWN, 18, 1, {5}},
    [WinAuthenticationKeyPropertyAttestationSid] = {WELL_KNOWN, 18, 1, {6}},
};

// Builds a SID of up to SECURITY_MAX_SID_SIZE bytes. False when the number stands for none, or only below a
// domain.
static bool make_well_known(WELL_KNOWN_SID_TYPE type, const SID *domain, SID *sid)
{
    if ((DWORD)type >= ARRAY_LENGTH(well_known)) return false;
    const struct well_known *entry = &well_known[type];
    SID_IDENTIFIER_AUTHORITY authority = {{0, 0, 0, 0, 0, entry->authority}};
    if (entry->kind == WELL_KNOWN) {
        RtlInitializeSid(sid, &authority, entry->count);
        for (BYTE i = 0; i < entry->count; i++)
            sid->SubAuthority[i] = i < ARRAY_LENGTH(entry->values) ? entry->values[i] : 0;
        return true;
    }
    if (entry->kind != BELOW_DOMAIN || !domain || !RtlValidSid((PSID)domain)) return false;
    BYTE count = domain->SubAuthorityCount;
    if (count >= SID_MAX_SUB_AUTHORITIES) return false;
    memcpy(sid, domain, RtlLengthSid((PSID)domain));
    sid->SubAuthority[count] = entry->values[0];
    sid->SubAuthorityCount = count + 1;
    return true;
}

HOTPATCH BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID domain, PSID sid, DWORD *size)
{
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } made;
    if (!size || (domain && !RtlValidSid(domain))) return fail_with(ERROR_INVALID_PARAMETER);
    if (!make_well_known(type, domain, &made.sid)) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD needed = RtlLengthSid(&made.sid);
    if (*size < needed) {
        *size = needed;
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    }
    if (!sid) return fail_with(ERROR_INVALID_PARAMETER);
    memcpy(sid, &made, needed);
    *size = needed;
    return TRUE;
}

static bool is_domain_sid(const SID *sid)
{
    return sid->IdentifierAuthority.Value[5] == NT && sid->SubAuthorityCount >= 4 &&
           sid->SubAuthority[0] == NON_UNIQUE;
}

HOTPATCH BOOL WINAPI IsWellKnownSid(PSID p, WELL_KNOWN_SID_TYPE type)
{
    SID *sid = p;
    union {
        SID sid;
        BYTE bytes[SECURITY_MAX_SID_SIZE];
    } made;
    if (!RtlValidSid(sid)) return FALSE;
    if (type == WinLogonIdsSid)
        return sid->IdentifierAuthority.Value[5] == NT && sid->SubAuthorityCount == 3 &&
               sid->SubAuthority[0] == 5;
    if ((DWORD)type < ARRAY_LENGTH(well_known) && well_known[type].kind == BELOW_DOMAIN)
        return is_domain_sid(sid) &&
               sid->SubAuthority[sid->SubAuthorityCount - 1] == well_known[type].values[0];
    return make_well_known(type, NULL, &made.sid) && RtlEqualSid(sid, &made.sid);
}

HOTPATCH BOOL WINAPI GetWindowsAccountDomainSid(PSID p, PSID domain, DWORD *size)
{
    SID *sid = p, *out = domain;
    if (!RtlValidSid(sid)) return fail_with(ERROR_INVALID_SID);
    if (!is_domain_sid(sid)) return fail_with(ERROR_NON_ACCOUNT_SID);
    if (!size) return fail_with(ERROR_INVALID_PARAMETER);
    DWORD needed = RtlLengthRequiredSid(4), had = *size;
    *size = needed;
    if (had < needed || !out) return fail_with(out ? ERROR_INSUFFICIENT_BUFFER : ERROR_INVALID_PARAMETER);
    memcpy(out, sid, needed);
    out->SubAuthorityCount = 4;
    return TRUE;
}

static bool has_domain(const SID *sid)
{
    return is_domain_sid(sid) || (sid->IdentifierAuthority.Value[5] == NT && sid->SubAuthorityCount >= 1 &&
                                  sid->SubAuthority[0] == BUILTIN);
}

// Builtin SIDs have the domain S-1-5-32, whatever follows.
HOTPATCH BOOL WINAPI EqualDomainSid(PSID first, PSID second, BOOL *equal)
{
    SID *a = first, *b = second;
    if (!RtlValidSid(a) || !RtlValidSid(b)) return fail_with(ERROR_INVALID_SID);
    if (!equal) return fail_with(ERROR_INVALID_PARAMETER);
    if (!has_domain(a) || !has_domain(b)) return fail_with(ERROR_NON_DOMAIN_SID);
    BYTE count = a->SubAuthority[0] == BUILTIN ? 1 : 4;
    *equal = a->SubAuthority[0] == b->SubAuthority[0] &&
             !memcmp(a->SubAuthority, b->SubAuthority, count * sizeof(DWORD));
    SetLastError(ERROR_SUCCESS);
    return TRUE;
}

// Where the private key of a certificate lies that was imported: a property beyond those that Windows
// numbers, with a PrivateKeyInfo in DER. secur32 reads it.
#ifndef LOWLAND_CRYPT32_PRIVATE_KEY_H
#define LOWLAND_CRYPT32_PRIVATE_KEY_H

#define LOWLAND_PRIVATE_KEY_PROP_ID 0x4C4C0001

#endif

// SHA-256 (nettle): identities of policies and files, and who falls in a holdout.
#ifndef PATRON_BASE_HASH_H
#define PATRON_BASE_HASH_H

#include <stdint.h>

#include "base/str.h"

#define HASH_HEX 65 // 64 digits and a NUL

void hash_hex(struct str bytes, char out[HASH_HEX]);
// A number in [0, 1) that depends only on salt and key; the same on every machine.
double hash_share(struct str salt, struct str key);

#endif

#include "base/hash.h"

#include <nettle/sha2.h>

static void digest(const struct str *parts, size_t n, uint8_t out[SHA256_DIGEST_SIZE]) {
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    for (size_t i = 0; i < n; i++)
        sha256_update(&ctx, parts[i].n, (const uint8_t *)parts[i].p);
    sha256_digest(&ctx, SHA256_DIGEST_SIZE, out);
}

void hash_hex(struct str bytes, char out[HASH_HEX]) {
    static const char hex[] = "0123456789abcdef";
    uint8_t d[SHA256_DIGEST_SIZE];
    digest(&bytes, 1, d);
    for (int i = 0; i < SHA256_DIGEST_SIZE; i++) {
        out[2 * i] = hex[d[i] >> 4];
        out[2 * i + 1] = hex[d[i] & 15];
    }
    out[2 * SHA256_DIGEST_SIZE] = '\0';
}

double hash_share(struct str salt, struct str key) {
    uint8_t d[SHA256_DIGEST_SIZE];
    // A byte that no text holds stands between the two, so that ("ab", "c") is not ("a", "bc").
    struct str parts[] = {salt, STR("\xff"), key};
    digest(parts, 3, d);
    uint64_t x = 0;
    for (int i = 0; i < 8; i++)
        x = x << 8 | d[i];
    return (double)(x >> 11) * 0x1p-53;
}

// Loops over integers that are worth being compiled for newer processors, too.
#ifndef PATRON_BASE_CLONES_H
#define PATRON_BASE_CLONES_H

// Compiled twice, and the processor picks one: the baseline of x86-64 has no vector comparison of
// 8-byte integers, and AVX2 makes five rules nearly twice as fast. It brings no fused multiply-add,
// so the bits are the same. For static functions: the choice would be seen from outside the
// library. Sanitizers cannot bear the choice, which is made before they start.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) &&                        \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ALSO_AVX2 __attribute__((target_clones("avx2", "default")))
#else
#define ALSO_AVX2
#endif

#endif

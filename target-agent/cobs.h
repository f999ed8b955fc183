/* SPDX-License-Identifier: Apache-2.0 */
/* cobs.h: Consistent Overhead Byte Stuffing, for links that can lose bytes (UARTs).
 *
 * S. Cheshire, M. Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM Transactions on Networking 7
 * (2), 1999. The encoded bytes hold no zero, so that one zero byte delimits frames. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C"
{
#endif

/* The most that SIZE bytes can grow to, without the delimiter. */
#define FTA_COBS_BOUND(size) ((size) + (size) / 254 + 1)

  /* OUT holds FTA_COBS_BOUND (size) bytes. Returns the encoded size, without a delimiter. */
  size_t fta_cobs_encode (const uint8_t *bytes, size_t size, uint8_t *out);

  /* BYTES are what stood between two delimiters. OUT holds SIZE bytes and may be BYTES itself.
   * Returns the decoded size, or SIZE_MAX if BYTES were not encoded so. */
  size_t fta_cobs_decode (const uint8_t *bytes, size_t size, uint8_t *out);

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-npy.c: hostile .npy files. */
#include "fuzz.h"
#include "tuner/npy.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  /* Not copied: a read past the end would be one past the caller's buffer. */
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);
  g_autoptr (FettleNpy) npy = fettle_npy_parse (file, "fuzz.npy", NULL);

  if (npy != NULL && fettle_npy_get_n_elements (npy) > 0)
    {
      gsize n = fettle_npy_get_n_elements (npy);
      float value;

      fettle_npy_read (npy, 0, 1, 1.0, 0.0, &value);
      fettle_npy_read (npy, n - 1, 1, 1.0, 0.0, &value);
    }
  return 0;
}

static size_t
write_seed (const char *header, guint8 major, size_t data_size, uint8_t *buffer)
{
  size_t length = strlen (header), start = major == 1 ? 10 : 12;

  memset (buffer, 0, start);
  memcpy (buffer, "\x93NUMPY", 6);
  buffer[6] = major;
  buffer[8] = (uint8_t)length;
  memcpy (buffer + start, header, length);
  memset (buffer + start + length, 0x3F, data_size);
  return start + length + data_size;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  switch (index)
    {
    case 0:
      return write_seed ("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }\n",
                         1, 24, buffer);
    case 1:
      return write_seed ("{'descr': '>i8', 'fortran_order': True, 'shape': (5,), }\n", 2,
                         40, buffer);
    case 2:
      return write_seed ("{\"shape\": (), \"descr\": \"|b1\", \"fortran_order\": False}",
                         3, 1, buffer);
    default:
      return 0;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz-csv.c: hostile tables. */
#include "fuzz.h"
#include "tuner/csv.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t size)
{
  static const char *const labels[] = { NULL, "class", "2" };
  /* Not copied: a read past the end would be one past the caller's buffer. */
  g_autoptr (GBytes) file = g_bytes_new_static (bytes, size);

  for (gsize i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleCsv) csv = fettle_csv_parse (file, "fuzz.csv", labels[i], &error);
      g_autofree float *values = NULL;

      g_assert_true ((csv == NULL) == (error != NULL));
      if (csv == NULL)
        continue;
      values = g_new (float, fettle_csv_get_n_columns (csv));
      fettle_csv_read (csv, 0, values);
      fettle_csv_read (csv, fettle_csv_get_n_rows (csv) - 1, values);
      g_assert_true ((fettle_csv_get_labels (csv) != NULL) == (labels[i] != NULL));
    }
  return 0;
}

size_t
fuzz_seed (unsigned index, uint8_t *buffer, size_t capacity)
{
  static const char *const seeds[] = {
    "a,b,class\r\n1,2.5,0\r\n-3e2,\"4\",1\r\n",
    "1;2;3\n\n4;5;6\n7;8;9",
    "\xEF\xBB\xBF\"class\"\t\"x\"\n1\t2\n",
  };
  size_t size;

  if (index >= sizeof seeds / sizeof *seeds)
    return 0;
  size = strlen (seeds[index]);
  memcpy (buffer, seeds[index], size);
  return size;
}

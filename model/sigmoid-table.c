/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sigmoid-table.c: the sigmoid that int16 LOGISTIC, TANH and LSTM gates interpolate. */
#include "model/sigmoid-table.h"

#include "runtime/frt.h"

#include <math.h>

/* What the reference's table is known by. */
#define TABLE_CHECKSUM 0xb84f6ab4u

/* Where the reference's table is one above the nearest number. */
static const guint8 one_more[] = {
  4,  8,  12, 14, 15, 16, 17, 19, 20,  21,  22,  25,  27,  28,  29,
  30, 31, 33, 34, 35, 37, 39, 40, 41,  43,  44,  45,  46,  49,  50,
  54, 62, 63, 64, 66, 82, 86, 93, 100, 103, 112, 116, 135, 255,
};

void
fettle_sigmoid_table_fill (guint16 table[FETTLE_SIGMOID_TABLE_LENGTH])
{
  g_return_if_fail (table != NULL);
  for (guint k = 0; k < FETTLE_SIGMOID_TABLE_LENGTH; k++)
    table[k] = (guint16)floor (65536.0 / (1.0 + exp (-(double)k / 24.0)) + 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (one_more); i++)
    table[one_more[i]]++;
  g_assert (frt_crc32 (0, table, FETTLE_SIGMOID_TABLE_LENGTH * sizeof *table)
            == TABLE_CHECKSUM);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy-header.h: the text at the start of an .npy file; private to npy.c. */
#pragma once

#include "tuner/npy.h"

G_BEGIN_DECLS

typedef enum
{
  FETTLE_NPY_FLOAT,
  FETTLE_NPY_SIGNED,
  FETTLE_NPY_UNSIGNED,
  FETTLE_NPY_BOOLEAN,
} FettleNpyKind;

typedef struct
{
  FettleNpyKind kind;
  guint item_size; /* bytes: 1, 2, 4 or 8 */
  gboolean is_big_endian;
  gboolean is_fortran_order;
  guint rank;
  gsize shape[FETTLE_NPY_MAX_RANK];
} FettleNpyHeader;

/* Parses the LENGTH bytes of TEXT, which is NumPy's dictionary literal: exactly the keys 'descr',
 * 'fortran_order' and 'shape', in any order. NAME is what errors call the file. */
gboolean fettle_npy_header_parse (const char *text, gsize length, const char *name,
                                  FettleNpyHeader *header, GError **error);

G_END_DECLS

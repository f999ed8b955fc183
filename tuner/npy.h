/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.h: NumPy's .npy files (versions 1 to 3, C order, little- or big-endian numbers, bool). */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define FETTLE_NPY_MAX_RANK 8

typedef struct _FettleNpy FettleNpy;

/* The file is mapped, not read; values are converted on demand. */
FettleNpy *fettle_npy_open (const char *path, GError **error);
FettleNpy *fettle_npy_parse (GBytes *bytes, const char *name, GError **error);
void fettle_npy_free (FettleNpy *npy);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleNpy, fettle_npy_free)

guint fettle_npy_get_rank (FettleNpy *npy);
const gsize *fettle_npy_get_shape (FettleNpy *npy);
gsize fettle_npy_get_n_elements (FettleNpy *npy);
/* "100×49×10×1"; free with g_free. */
char *fettle_npy_format_shape (FettleNpy *npy);
/* "uint8"; belongs to NPY. */
const char *fettle_npy_get_dtype (FettleNpy *npy);
/* Hex SHA-256 of the whole file, as sha256sum prints it; belongs to NPY. Computed at the first call,
 * which must not run beside another. */
const char *fettle_npy_get_hash (FettleNpy *npy);

/* N values from element FIRST on, as float, each times SCALE plus OFFSET (in double). */
void fettle_npy_read (FettleNpy *npy, gsize first, gsize n, double scale, double offset,
                      float *values);

/* Element INDEX, exactly unless it is an integer beyond 2^53. */
double fettle_npy_get (FettleNpy *npy, gsize index);

/* A version 1 file of float32. */
GBytes *fettle_npy_write_float32 (const gsize *shape, guint rank, const float *values);

G_END_DECLS

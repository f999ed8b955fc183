/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy.c: NumPy's .npy files. Format: numpy.lib.format, versions 1.0 to 3.0. */
#include "config.h"
#include "tuner/npy-header.h"
#include "tuner/step.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define MAGIC       "\x93NUMPY"
#define MAGIC_SIZE  6
#define PREFIX_SIZE (MAGIC_SIZE + 2) /* and the version, major and minor */

struct _FettleNpy
{
  GBytes *bytes;
  FettleNpyHeader header;
  gsize n_elements;
  const guint8 *data;
  char dtype[8];
  char hash[65]; /* "" until asked for */
};

void
fettle_npy_free (FettleNpy *npy)
{
  if (npy == NULL)
    return;
  g_bytes_unref (npy->bytes);
  g_free (npy);
}

/* Finds the header text: its length has 2 bytes in version 1, 4 from version 2 on. */
static gboolean
find_header (const guint8 *bytes, gsize size, const char *name, const char **text,
             gsize *length, GError **error)
{
  gsize length_size, start;

  if (size < PREFIX_SIZE || memcmp (bytes, MAGIC, MAGIC_SIZE) != 0)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s is not a .npy file; save the array with numpy.save."), name);
      return FALSE;
    }
  if (bytes[MAGIC_SIZE] < 1 || bytes[MAGIC_SIZE] > 3 || bytes[MAGIC_SIZE + 1] != 0)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s has .npy version %u.%u; versions 1.0 to 3.0 can be read."),
                   name, bytes[MAGIC_SIZE], bytes[MAGIC_SIZE + 1]);
      return FALSE;
    }
  length_size = bytes[MAGIC_SIZE] == 1 ? 2 : 4;
  start = PREFIX_SIZE + length_size;
  *length = 0;
  for (gsize i = 0; i < length_size && start <= size; i++)
    *length |= (gsize)bytes[PREFIX_SIZE + i] << (8 * i);
  if (start > size || *length > size - start)
    {
      g_set_error (
          error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
          _ ("%s is cut off within its header, after %" G_GSIZE_FORMAT " bytes."), name,
          size);
      return FALSE;
    }
  *text = (const char *)bytes + start;
  return TRUE;
}

static gboolean
check_size (FettleNpy *npy, gsize available, const char *name, GError **error)
{
  gsize size = npy->header.item_size;

  npy->n_elements = 1;
  for (guint i = 0; i < npy->header.rank; i++)
    if (!g_size_checked_mul (&npy->n_elements, npy->n_elements, npy->header.shape[i]))
      size = 0;
  if (size == 0 || !g_size_checked_mul (&size, size, npy->n_elements))
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s is damaged: its shape is larger than any memory."), name);
      return FALSE;
    }
  if (size == available)
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               size > available
                   ? _ ("%s is cut off: its shape needs %" G_GSIZE_FORMAT
                        " bytes of data, but only %" G_GSIZE_FORMAT " are there.")
                   : _ ("%s is damaged: its shape needs %" G_GSIZE_FORMAT
                        " bytes of data, but %" G_GSIZE_FORMAT " are there."),
               name, size, available);
  return FALSE;
}

static void
name_type (FettleNpy *npy)
{
  static const char *const names[] = { "float", "int", "uint" };

  if (npy->header.kind == FETTLE_NPY_BOOLEAN)
    g_strlcpy (npy->dtype, "bool", sizeof npy->dtype);
  else
    g_snprintf (npy->dtype, sizeof npy->dtype, "%s%u", names[npy->header.kind],
                8 * npy->header.item_size);
}

FettleNpy *
fettle_npy_parse (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (FettleNpy) npy = NULL;
  const char *text;
  const guint8 *start;
  gsize size, length;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  start = g_bytes_get_data (bytes, &size);
  npy = g_new0 (FettleNpy, 1);
  npy->bytes = g_bytes_ref (bytes);
  if (!find_header (start, size, name, &text, &length, error)
      || !fettle_npy_header_parse (text, length, name, &npy->header, error))
    return NULL;
  npy->data = (const guint8 *)text + length;
  if (!check_size (npy, size - (gsize)(npy->data - start), name, error))
    return NULL;
  if (npy->header.is_fortran_order && npy->header.rank > 1)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s is stored in Fortran order; save it again after "
                      "numpy.ascontiguousarray."),
                   name);
      return NULL;
    }
  name_type (npy);
  return g_steal_pointer (&npy);
}

static gboolean
fail_read (const char *path, const char *reason, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("%s cannot be read: %s."), shown, reason);
  return FALSE;
}

static GBytes *
map_file (const char *path, GError **error)
{
  g_autoptr (GMappedFile) file = NULL;
  GStatBuf status;
  int descriptor = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (descriptor < 0)
    {
      fail_read (path, g_strerror (errno), error);
      return NULL;
    }
  if (fstat (descriptor, &status) == 0 && !S_ISREG (status.st_mode))
    fail_read (path, _ ("it is not a regular file"), error);
  else if ((file = g_mapped_file_new_from_fd (descriptor, FALSE, NULL)) == NULL)
    fail_read (path, _ ("it cannot be mapped into memory"), error);
  g_close (descriptor, NULL);
  return file == NULL ? NULL : g_mapped_file_get_bytes (file);
}

FettleNpy *
fettle_npy_open (const char *path, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = map_file (path, error);
  if (bytes == NULL)
    return NULL;
  name = g_filename_display_basename (path);
  return fettle_npy_parse (bytes, name, error);
}

guint
fettle_npy_get_rank (FettleNpy *npy)
{
  return npy->header.rank;
}

const gsize *
fettle_npy_get_shape (FettleNpy *npy)
{
  return npy->header.shape;
}

char *
fettle_npy_format_shape (FettleNpy *npy)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < npy->header.rank; i++)
    g_string_append_printf (text, "%s%" G_GSIZE_FORMAT, i == 0 ? "" : "×",
                            npy->header.shape[i]);
  if (npy->header.rank == 0)
    g_string_append (text, "1");
  return g_string_free (text, FALSE);
}

gsize
fettle_npy_get_n_elements (FettleNpy *npy)
{
  return npy->n_elements;
}

const char *
fettle_npy_get_dtype (FettleNpy *npy)
{
  return npy->dtype;
}

const char *
fettle_npy_get_hash (FettleNpy *npy)
{
  if (npy->hash[0] == '\0')
    {
      g_autofree char *hash =
          g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, npy->bytes);

      g_strlcpy (npy->hash, hash, sizeof npy->hash);
    }
  return npy->hash;
}

/* IEEE 754 binary16, widened without rounding. */
static double
half_to_double (guint16 bits)
{
  int exponent = (bits >> 10) & 0x1F, fraction = bits & 0x3FF;
  double magnitude;

  if (exponent == 0)
    magnitude = ldexp (fraction, -24);
  else if (exponent == 0x1F)
    magnitude = fraction == 0 ? HUGE_VAL : NAN;
  else
    magnitude = ldexp (fraction + 0x400, exponent - 25);
  return bits & 0x8000 ? -magnitude : magnitude;
}

static double
float_to_double (guint64 bits, guint item_size)
{
  if (item_size == 2)
    return half_to_double ((guint16)bits);
  if (item_size == 4)
    {
      guint32 narrow = (guint32)bits;
      float value;

      memcpy (&value, &narrow, sizeof value);
      return (double)value;
    }
  else
    {
      double value;

      memcpy (&value, &bits, sizeof value);
      return value;
    }
}

static double
get_value (const FettleNpy *npy, gsize index)
{
  guint size = npy->header.item_size;
  const guint8 *item = npy->data + index * size;
  guint64 bits = 0;

  for (guint i = 0; i < size; i++)
    bits |= (guint64)item[i] << 8 * (npy->header.is_big_endian ? size - 1 - i : i);
  switch (npy->header.kind)
    {
    case FETTLE_NPY_FLOAT:
      return float_to_double (bits, size);
    case FETTLE_NPY_SIGNED:
      /* Sign extension: to the top and back. */
      return (double)((gint64)(bits << (64 - 8 * size)) >> (64 - 8 * size));
    case FETTLE_NPY_BOOLEAN:
      return bits != 0;
    case FETTLE_NPY_UNSIGNED:
    default:
      return (double)bits;
    }
}

void
fettle_npy_read (FettleNpy *npy, gsize first, gsize n, double scale, double offset,
                 float *values)
{
  g_return_if_fail (first <= npy->n_elements && n <= npy->n_elements - first);

  for (gsize i = 0; i < n; i++)
    values[i] = (float)(scale * get_value (npy, first + i) + offset);
}

double
fettle_npy_get (FettleNpy *npy, gsize index)
{
  g_return_val_if_fail (index < npy->n_elements, 0.0);

  return get_value (npy, index);
}

GBytes *
fettle_npy_write_float32 (const gsize *shape, guint rank, const float *values)
{
  g_autoptr (GString) header = g_string_new ("{'descr': '<f4', 'fortran_order': False, "
                                             "'shape': (");
  GByteArray *file = g_byte_array_new ();
  gsize n_elements = 1;
  guint8 length[2];

  for (guint i = 0; i < rank; i++)
    {
      g_string_append_printf (header, "%" G_GSIZE_FORMAT ",%s", shape[i],
                              i + 1 < rank ? " " : "");
      n_elements *= shape[i];
    }
  /* As NumPy does: no comma after the last of several dimensions. */
  if (rank > 1)
    g_string_truncate (header, header->len - 1);
  g_string_append (header, "), }");
  /* The data begin at a multiple of 64 bytes, the last byte of the header is a line end. */
  while ((PREFIX_SIZE + sizeof length + header->len + 1) % 64 != 0)
    g_string_append_c (header, ' ');
  g_string_append_c (header, '\n');

  length[0] = (guint8)(header->len & 0xFF);
  length[1] = (guint8)(header->len >> 8);
  g_byte_array_append (file, (const guint8 *)MAGIC "\x01\x00", PREFIX_SIZE);
  g_byte_array_append (file, length, sizeof length);
  g_byte_array_append (file, (const guint8 *)header->str, (guint)header->len);
  for (gsize i = 0; i < n_elements; i++)
    {
      guint32 bits;

      memcpy (&bits, &values[i], sizeof bits);
      bits = GUINT32_TO_LE (bits);
      g_byte_array_append (file, (const guint8 *)&bits, sizeof bits);
    }
  return g_byte_array_free_to_bytes (file);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test-npy.c: reading and writing .npy files. */
#include "tuner/npy.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* A file with HEADER as its text, padded as NumPy does, and DATA behind it. */
static GBytes *
make_file (guint8 major, const char *header, const void *data, gsize size)
{
  GByteArray *file = g_byte_array_new ();
  gsize length = strlen (header);
  guint8 prefix[12] = { 0x93, 'N', 'U', 'M', 'P', 'Y', major, 0 };

  prefix[8] = (guint8)length;
  prefix[9] = (guint8)(length >> 8);
  g_byte_array_append (file, prefix, major == 1 ? 10 : 12);
  g_byte_array_append (file, (const guint8 *)header, (guint)length);
  g_byte_array_append (file, data, (guint)size);
  return g_byte_array_free_to_bytes (file);
}

static FettleNpy *
parse (guint8 major, const char *header, const void *data, gsize size, GError **error)
{
  g_autoptr (GBytes) bytes = make_file (major, header, data, size);

  return fettle_npy_parse (bytes, "data.npy", error);
}

static void
assert_value (const char *type, const void *data, gsize size, double expected)
{
  g_autofree char *header =
      g_strdup_printf ("{'descr': '%s', 'fortran_order': False, 'shape': (1,), }", type);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) npy = parse (1, header, data, size, &error);
  float value;

  g_assert_no_error (error);
  fettle_npy_read (npy, 0, 1, 1.0, 0.0, &value);
  g_assert_cmpfloat ((double)value, ==, expected);
}

static void
test_types (void)
{
  assert_value ("<f4", "\x00\x00\xc0\x3f", 4, 1.5);
  assert_value (">f4", "\x3f\xc0\x00\x00", 4, 1.5);
  assert_value ("<f8", "\x00\x00\x00\x00\x00\x00\xf8\xbf", 8, -1.5);
  assert_value (">f8", "\xbf\xf8\x00\x00\x00\x00\x00\x00", 8, -1.5);
  assert_value ("|i1", "\x80", 1, -128.0);
  assert_value ("<i2", "\xfe\xff", 2, -2.0);
  assert_value (">i2", "\xff\xfe", 2, -2.0);
  assert_value ("<i4", "\x01\x00\x00\x80", 4, (double)(float)(-2147483647));
  assert_value ("<i8", "\xff\xff\xff\xff\xff\xff\xff\xff", 8, -1.0);
  assert_value ("|u1", "\xff", 1, 255.0);
  assert_value ("<u2", "\x34\x12", 2, 0x1234);
  assert_value (">u4", "\x80\x00\x00\x00", 4, 2147483648.0);
  assert_value ("<u8", "\x00\x00\x00\x00\x00\x00\x00\x80", 8, 9223372036854775808.0);
  assert_value ("|b1", "\x01", 1, 1.0);
  assert_value ("|b1", "\x00", 1, 0.0);
}

static void
test_half (void)
{
  assert_value ("<f2", "\x00\x3c", 2, 1.0);
  assert_value (">f2", "\xc0\x00", 2, -2.0);
  assert_value ("<f2", "\x01\x00", 2, 0x1p-24);
  assert_value ("<f2", "\xff\x7b", 2, 65504.0);
  assert_value ("<f2", "\x00\xfc", 2, -INFINITY);
}

static void
test_versions (void)
{
  for (guint8 major = 1; major <= 3; major++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (FettleNpy) npy =
          parse (major, "{'shape': (2, 3), 'fortran_order': False, 'descr': '|u1'}\n",
                 "abcdef", 6, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (fettle_npy_get_rank (npy), ==, 2);
      g_assert_cmpuint (fettle_npy_get_shape (npy)[1], ==, 3);
      g_assert_cmpuint (fettle_npy_get_n_elements (npy), ==, 6);
      g_assert_cmpstr (fettle_npy_get_dtype (npy), ==, "uint8");
    }
}

/* The scale and offset are applied in double: in float this sum would be 16777216. */
static void
test_scale (void)
{
  const guint8 data[] = { 0, 1, 2, 3 };
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) npy = parse (
      1, "{'descr': '|u1', 'fortran_order': False, 'shape': (4,)}", data, 4, &error);
  float values[2];

  g_assert_no_error (error);
  fettle_npy_read (npy, 2, 2, 16777217.0, -16777216.0, values);
  g_assert_cmpfloat ((double)values[0], ==, 16777218.0);
  g_assert_cmpfloat ((double)values[1], ==, (double)(float)33554435.0);
}

static void
test_scalar (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) npy =
      parse (1, "{'descr': '|u1', 'fortran_order': True, 'shape': ()}", "a", 1, &error);
  g_autofree char *shape = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_npy_get_n_elements (npy), ==, 1);
  shape = fettle_npy_format_shape (npy);
  g_assert_cmpstr (shape, ==, "1");
}

static void
assert_refused (guint8 major, const char *header, gsize size, const char *reason)
{
  static const guint8 data[64];
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) npy = parse (major, header, data, size, &error);

  g_assert_null (npy);
  g_assert_nonnull (error);
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_prefix (error->message, "data.npy"));
  g_assert_true (g_str_has_suffix (error->message, "."));
  g_assert_nonnull (strstr (error->message, reason));
}

static void
test_malformed (void)
{
  static const char *const headers[] = {
    "",
    "{}",
    "{",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)",
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 1}",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': 1}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4, 'fortran_order': False, 'shape': (1,)}",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} and more",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++)
    assert_refused (1, headers[i], 4, "header");
}

static void
test_refused (void)
{
  assert_refused (1, "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", 8, "<c8");
  assert_refused (1, "{'descr': '<U3', 'fortran_order': False, 'shape': (1,)}", 12,
                  "<U3");
  assert_refused (1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2)}", 16,
                  "Fortran");
  assert_refused (1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", 15,
                  "cut off");
  assert_refused (1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", 17,
                  "damaged");
  assert_refused (
      1, "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", 4,
      "larger than any memory");
  assert_refused (
      1, "{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693952,)}", 0,
      "larger than any memory");
  assert_refused (4, "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", 4,
                  "version");
}

static void
test_truncated (void)
{
  const gsize shape[] = { 2, 3 };
  const float values[] = { 1, 2, 3, 4, 5, 6 };
  g_autoptr (GBytes) whole = fettle_npy_write_float32 (shape, 2, values);

  for (gsize size = 0; size < g_bytes_get_size (whole); size++)
    {
      g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (whole, NULL), size);
      g_autoptr (GError) error = NULL;

      g_assert_null (fettle_npy_parse (part, "data.npy", &error));
      g_assert_nonnull (error);
    }
}

static void
assert_round_trip (const gsize *shape, guint rank, const char *text)
{
  const float values[] = { 1.5f, -2.0f, 0.0f, 3e38f, -0.125f, 1e-40f };
  g_autoptr (GBytes) bytes = fettle_npy_write_float32 (shape, rank, values);
  g_autoptr (GError) error = NULL;
  g_autoptr (FettleNpy) npy = fettle_npy_parse (bytes, "data.npy", &error);
  float read[6];

  g_assert_no_error (error);
  g_assert_cmpuint (fettle_npy_get_rank (npy), ==, rank);
  fettle_npy_read (npy, 0, 6, 1.0, 0.0, read);
  g_assert_cmpmem (read, sizeof read, values, sizeof values);
  g_assert_nonnull (
      g_strstr_len ((const char *)g_bytes_get_data (bytes, NULL) + 10, 118, text));
  /* The data begin at a multiple of 64 bytes. */
  g_assert_cmpuint ((g_bytes_get_size (bytes) - sizeof values) % 64, ==, 0);
}

static void
test_write (void)
{
  const gsize two[] = { 2, 3 }, one[] = { 6 };

  assert_round_trip (two, 2, "'shape': (2, 3), }");
  assert_round_trip (one, 1, "'shape': (6,), }");
}

static void
test_open (void)
{
  g_autofree char *directory = g_dir_make_tmp ("fettle-npy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "x.npy", NULL);
  const gsize shape[] = { 3 };
  const float values[] = { 1, 2, 3 };
  g_autoptr (GBytes) bytes = fettle_npy_write_float32 (shape, 1, values);
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  FettleNpy *npy;

  g_assert_null (fettle_npy_open (path, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
  g_clear_error (&error);
  g_assert_null (fettle_npy_open (directory, &error));
  g_assert_nonnull (strstr (error->message, "not a regular file"));
  g_clear_error (&error);

  g_file_set_contents (path, g_bytes_get_data (bytes, NULL),
                       (gssize)g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  npy = fettle_npy_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (fettle_npy_get_hash (npy), ==, hash);
  fettle_npy_free (npy);
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tuner/npy/types", test_types);
  g_test_add_func ("/tuner/npy/half", test_half);
  g_test_add_func ("/tuner/npy/versions", test_versions);
  g_test_add_func ("/tuner/npy/scale", test_scale);
  g_test_add_func ("/tuner/npy/scalar", test_scalar);
  g_test_add_func ("/tuner/npy/malformed", test_malformed);
  g_test_add_func ("/tuner/npy/refused", test_refused);
  g_test_add_func ("/tuner/npy/truncated", test_truncated);
  g_test_add_func ("/tuner/npy/write", test_write);
  g_test_add_func ("/tuner/npy/open", test_open);
  return g_test_run ();
}

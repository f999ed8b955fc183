/* SPDX-License-Identifier: GPL-3.0-or-later */
/* npy-header.c: the text at the start of an .npy file. */
#include "config.h"
#include "tuner/npy-header.h"
#include "tuner/step.h"

#include <glib/gi18n.h>
#include <string.h>

/* A Python literal is read by hand, and only as far as NumPy writes it: evaluating it is no option. */
typedef struct
{
  const char *at;
  const char *end;
} Cursor;

static void
skip_space (Cursor *cursor)
{
  while (cursor->at < cursor->end && g_ascii_isspace (*cursor->at))
    cursor->at++;
}

static gboolean
accept (Cursor *cursor, char expected)
{
  skip_space (cursor);
  if (cursor->at == cursor->end || *cursor->at != expected)
    return FALSE;
  cursor->at++;
  return TRUE;
}

static gboolean
accept_word (Cursor *cursor, const char *word)
{
  gsize length = strlen (word);

  skip_space (cursor);
  if ((gsize)(cursor->end - cursor->at) < length
      || memcmp (cursor->at, word, length) != 0)
    return FALSE;
  cursor->at += length;
  return TRUE;
}

/* A quoted string without escapes; free with g_free. */
static char *
read_string (Cursor *cursor)
{
  const char *start;
  char quote;

  skip_space (cursor);
  if (cursor->at == cursor->end || (*cursor->at != '\'' && *cursor->at != '"'))
    return NULL;
  quote = *cursor->at++;
  start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != quote)
    {
      if (*cursor->at == '\\' || !g_ascii_isprint (*cursor->at))
        return NULL;
      cursor->at++;
    }
  if (cursor->at == cursor->end)
    return NULL;
  return g_strndup (start, (gsize)(cursor->at++ - start));
}

static gboolean
read_dimension (Cursor *cursor, gsize *dimension)
{
  gsize value = 0;

  skip_space (cursor);
  if (cursor->at == cursor->end || !g_ascii_isdigit (*cursor->at))
    return FALSE;
  while (cursor->at < cursor->end && g_ascii_isdigit (*cursor->at))
    {
      if (!g_size_checked_mul (&value, value, 10)
          || !g_size_checked_add (&value, value, (gsize)(*cursor->at - '0')))
        return FALSE;
      cursor->at++;
    }
  /* Python 2 wrote long integers as 10L. */
  if (cursor->at < cursor->end && *cursor->at == 'L')
    cursor->at++;
  *dimension = value;
  return TRUE;
}

static gboolean
read_shape (Cursor *cursor, FettleNpyHeader *header)
{
  header->rank = 0;
  if (!accept (cursor, '('))
    return FALSE;
  while (!accept (cursor, ')'))
    {
      if (header->rank == FETTLE_NPY_MAX_RANK
          || !read_dimension (cursor, &header->shape[header->rank]))
        return FALSE;
      header->rank++;
      if (!accept (cursor, ','))
        return accept (cursor, ')');
    }
  return TRUE;
}

static gboolean
read_order (Cursor *cursor, FettleNpyHeader *header)
{
  header->is_fortran_order = accept_word (cursor, "True");
  return header->is_fortran_order || accept_word (cursor, "False");
}

/* "<f4": byte order, kind, bytes per item. */
static gboolean
parse_type (const char *descr, FettleNpyHeader *header)
{
  static const struct
  {
    char letter;
    FettleNpyKind kind;
    const char *sizes;
  } kinds[] = {
    { 'f', FETTLE_NPY_FLOAT, "248" },
    { 'i', FETTLE_NPY_SIGNED, "1248" },
    { 'u', FETTLE_NPY_UNSIGNED, "1248" },
    { 'b', FETTLE_NPY_BOOLEAN, "1" },
  };

  if (strlen (descr) != 3 || strchr ("<>|=", descr[0]) == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].letter == descr[1] && strchr (kinds[i].sizes, descr[2]) != NULL)
      {
        header->kind = kinds[i].kind;
        header->item_size = (guint)(descr[2] - '0');
        /* "=" is the order of the machine that wrote the file; as good as all are little-endian. */
        header->is_big_endian = descr[0] == '>';
        return descr[0] != '|' || header->item_size == 1;
      }
  return FALSE;
}

static gboolean
fail_syntax (const char *name, GError **error)
{
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("%s is damaged: its .npy header is not the text that NumPy writes."),
               name);
  return FALSE;
}

gboolean
fettle_npy_header_parse (const char *text, gsize length, const char *name,
                         FettleNpyHeader *header, GError **error)
{
  Cursor cursor = { text, text + length };
  gboolean has_type = FALSE, has_order = FALSE, has_shape = FALSE;
  g_autofree char *descr = NULL;

  if (!accept (&cursor, '{'))
    return fail_syntax (name, error);
  while (!accept (&cursor, '}'))
    {
      g_autofree char *key = read_string (&cursor);
      gboolean is_read = FALSE;

      if (key == NULL || !accept (&cursor, ':'))
        return fail_syntax (name, error);
      if (g_str_equal (key, "descr") && !has_type)
        is_read = has_type = (descr = read_string (&cursor)) != NULL;
      else if (g_str_equal (key, "fortran_order") && !has_order)
        is_read = has_order = read_order (&cursor, header);
      else if (g_str_equal (key, "shape") && !has_shape)
        is_read = has_shape = read_shape (&cursor, header);
      if (!is_read)
        return fail_syntax (name, error);
      if (!accept (&cursor, ',') && !(cursor.at < cursor.end && *cursor.at == '}'))
        return fail_syntax (name, error);
    }
  skip_space (&cursor);
  if (!has_type || !has_order || !has_shape || cursor.at != cursor.end)
    return fail_syntax (name, error);
  if (!parse_type (descr, header))
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s holds elements of type “%s”; save it as float32 or as integers "
                      "of 1 to 8 bytes."),
                   name, descr);
      return FALSE;
    }
  return TRUE;
}

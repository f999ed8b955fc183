/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flatbuffer.c: checked access to FlatBuffers; after the "FlatBuffers internals" page of its project. */
#include "model/flatbuffer.h"

#include <string.h>

static gboolean
damaged (FettleFlatbuffer *self, gsize offset)
{
  if (!self->is_damaged)
    self->damage_offset = offset;
  self->is_damaged = TRUE;
  return FALSE;
}

/* SIZE bytes at POSITION, which is a multiple of ALIGNMENT. */
static gboolean
check (FettleFlatbuffer *self, gsize position, gsize size, gsize alignment)
{
  if (self->is_damaged)
    return FALSE;
  if (position % alignment != 0 || position > self->size || size > self->size - position)
    return damaged (self, position);
  return TRUE;
}

static guint64
read_unsigned (FettleFlatbuffer *self, gsize position, gsize size, gsize alignment)
{
  guint64 value = 0;

  if (!check (self, position, size, alignment))
    return 0;
  for (gsize i = 0; i < size; i++)
    value |= (guint64)self->bytes[position + i] << (8 * i);
  return value;
}

/* Where the unsigned offset stored at POSITION leads; 0 if damaged. */
static gsize
follow (FettleFlatbuffer *self, gsize position)
{
  guint64 offset = read_unsigned (self, position, 4, 4);

  if (self->is_damaged)
    return 0;
  if (offset == 0 || offset > self->size - position)
    {
      damaged (self, position);
      return 0;
    }
  return position + (gsize)offset;
}

static FettleFlatTable
table_at (FettleFlatbuffer *self, gsize position)
{
  FettleFlatTable table = { 0 };
  gint64 vtable;
  gsize size;

  if (position == 0)
    return table;
  /* The vtable lies in front of the table or, when shared, anywhere: the distance is signed. */
  vtable = (gint64)position - (gint32)(guint32)read_unsigned (self, position, 4, 4);
  if (self->is_damaged)
    return table;
  if (vtable < 0)
    {
      damaged (self, position);
      return table;
    }
  size = (gsize)read_unsigned (self, (gsize)vtable, 2, 2);
  if (size < 4 || !check (self, (gsize)vtable, size, 2))
    {
      damaged (self, (gsize)vtable);
      return table;
    }
  return (FettleFlatTable){ position, (gsize)vtable, size };
}

FettleFlatTable
fettle_flatbuffer_get_root (FettleFlatbuffer *self)
{
  return table_at (self, follow (self, 0));
}

/* Position of FIELD, 0 if absent. */
static gsize
find_field (FettleFlatbuffer *self, FettleFlatTable table, guint field)
{
  gsize entry = 4 + 2 * (gsize)field;
  gsize offset;

  if (table.position == 0 || entry + 2 > table.vtable_size)
    return 0;
  offset = (gsize)read_unsigned (self, table.vtable + entry, 2, 2);
  return offset == 0 ? 0 : table.position + offset;
}

gboolean
fettle_flat_table_has (FettleFlatbuffer *self, FettleFlatTable table, guint field)
{
  return find_field (self, table, field) != 0;
}

gint64
fettle_flat_table_get_int8 (FettleFlatbuffer *self, FettleFlatTable table, guint field,
                            gint64 fallback)
{
  gsize position = find_field (self, table, field);

  return position == 0 ? fallback : (gint8)read_unsigned (self, position, 1, 1);
}

gint64
fettle_flat_table_get_int32 (FettleFlatbuffer *self, FettleFlatTable table, guint field,
                             gint64 fallback)
{
  gsize position = find_field (self, table, field);

  return position == 0 ? fallback : (gint32)(guint32)read_unsigned (self, position, 4, 4);
}

guint64
fettle_flat_table_get_uint64 (FettleFlatbuffer *self, FettleFlatTable table, guint field)
{
  gsize position = find_field (self, table, field);

  return position == 0 ? 0 : read_unsigned (self, position, 8, 8);
}

static float
read_float (FettleFlatbuffer *self, gsize position)
{
  guint32 bits = (guint32)read_unsigned (self, position, 4, 4);
  float value;

  memcpy (&value, &bits, sizeof value);
  return value;
}

float
fettle_flat_table_get_float (FettleFlatbuffer *self, FettleFlatTable table, guint field,
                             float fallback)
{
  gsize position = find_field (self, table, field);

  return position == 0 ? fallback : read_float (self, position);
}

FettleFlatTable
fettle_flat_table_get_table (FettleFlatbuffer *self, FettleFlatTable table, guint field)
{
  gsize position = find_field (self, table, field);

  return table_at (self, position == 0 ? 0 : follow (self, position));
}

FettleFlatVector
fettle_flat_table_get_vector (FettleFlatbuffer *self, FettleFlatTable table, guint field,
                              gsize element_size)
{
  gsize position = find_field (self, table, field);
  guint64 length;

  if (position == 0 || (position = follow (self, position)) == 0)
    return (FettleFlatVector){ 0 };
  length = read_unsigned (self, position, 4, 4);
  /* An empty vector of wide elements need not be aligned for them. */
  if (length == 0 || self->is_damaged)
    return (FettleFlatVector){ 0 };
  if (!check (self, position + 4, (gsize)length * element_size, MIN (element_size, 8)))
    return (FettleFlatVector){ 0 };
  return (FettleFlatVector){ position + 4, (gsize)length };
}

char *
fettle_flat_table_get_string (FettleFlatbuffer *self, FettleFlatTable table, guint field)
{
  FettleFlatVector text = fettle_flat_table_get_vector (self, table, field, 1);

  if (text.length == 0)
    return g_strdup ("");
  return g_utf8_make_valid ((const char *)self->bytes + text.position,
                            (gssize)text.length);
}

FettleFlatTable
fettle_flat_vector_get_table (FettleFlatbuffer *self, FettleFlatVector vector,
                              gsize index)
{
  g_assert (index < vector.length);
  return table_at (self, follow (self, vector.position + 4 * index));
}

gint32
fettle_flat_vector_get_int32 (FettleFlatbuffer *self, FettleFlatVector vector,
                              gsize index)
{
  g_assert (index < vector.length);
  return (gint32)(guint32)read_unsigned (self, vector.position + 4 * index, 4, 4);
}

gint64
fettle_flat_vector_get_int64 (FettleFlatbuffer *self, FettleFlatVector vector,
                              gsize index)
{
  g_assert (index < vector.length);
  return (gint64)read_unsigned (self, vector.position + 8 * index, 8, 8);
}

float
fettle_flat_vector_get_float (FettleFlatbuffer *self, FettleFlatVector vector,
                              gsize index)
{
  g_assert (index < vector.length);
  return read_float (self, vector.position + 4 * index);
}

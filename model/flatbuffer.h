/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flatbuffer.h: reads FlatBuffers without a schema compiler, each access checked against the bytes.
 *
 * Positions are byte offsets from the start of the buffer. The first access that leaves the buffer,
 * is misaligned or overflows marks the buffer as damaged; that and all later accesses give defaults,
 * so that a reader may check once, after a table.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const guint8 *bytes;
  gsize size;
  gboolean is_damaged;
  gsize damage_offset; /* where the first bad access was */
} FettleFlatbuffer;

/* 0 = absent: no table lies at the start of the buffer. */
typedef struct
{
  gsize position;
  gsize vtable;
  gsize vtable_size;
} FettleFlatTable;

typedef struct
{
  gsize position; /* of element 0 */
  gsize length;   /* elements; 0 if absent */
} FettleFlatVector;

FettleFlatTable fettle_flatbuffer_get_root (FettleFlatbuffer *self);

gboolean fettle_flat_table_has (FettleFlatbuffer *self, FettleFlatTable table,
                                guint field);
gint64 fettle_flat_table_get_int8 (FettleFlatbuffer *self, FettleFlatTable table,
                                   guint field, gint64 fallback);
gint64 fettle_flat_table_get_int32 (FettleFlatbuffer *self, FettleFlatTable table,
                                    guint field, gint64 fallback);
guint64 fettle_flat_table_get_uint64 (FettleFlatbuffer *self, FettleFlatTable table,
                                      guint field);
float fettle_flat_table_get_float (FettleFlatbuffer *self, FettleFlatTable table,
                                   guint field, float fallback);
FettleFlatTable fettle_flat_table_get_table (FettleFlatbuffer *self,
                                             FettleFlatTable table, guint field);
FettleFlatVector fettle_flat_table_get_vector (FettleFlatbuffer *self,
                                               FettleFlatTable table, guint field,
                                               gsize element_size);
/* Valid UTF-8, "" if absent. Free with g_free. */
char *fettle_flat_table_get_string (FettleFlatbuffer *self, FettleFlatTable table,
                                    guint field);

/* INDEX must be below the vector's length. */
FettleFlatTable fettle_flat_vector_get_table (FettleFlatbuffer *self,
                                              FettleFlatVector vector, gsize index);
gint32 fettle_flat_vector_get_int32 (FettleFlatbuffer *self, FettleFlatVector vector,
                                     gsize index);
gint64 fettle_flat_vector_get_int64 (FettleFlatbuffer *self, FettleFlatVector vector,
                                     gsize index);
float fettle_flat_vector_get_float (FettleFlatbuffer *self, FettleFlatVector vector,
                                    gsize index);

G_END_DECLS

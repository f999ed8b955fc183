/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-writer.c: lays out the bytes of an image. */
#include "model/image-writer.h"
#include "model/aligned.h"

#include <string.h>

#define LARGEST_IMAGE (1u << 30) /* bytes; what runtime/ opens */

G_STATIC_ASSERT (G_BYTE_ORDER == G_LITTLE_ENDIAN);

struct _FettleImageWriter
{
  struct frt_image_header header;
  GByteArray *bytes; /* from the header on; the header itself is copied in at the end */
  GByteArray *names; /* NULL: stripped */
  GHashTable *constants; /* GBytes to offset */
  GHashTable *offsets_of_names;
  gboolean is_too_large;
};

static guint32
reserve (FettleImageWriter *self, gsize size, gsize alignment)
{
  guint at = (guint)((self->bytes->len + alignment - 1) / alignment * alignment);
  guint old = self->bytes->len;

  if (size > LARGEST_IMAGE - at)
    {
      self->is_too_large = TRUE;
      return 0;
    }
  g_byte_array_set_size (self->bytes, at + (guint)size);
  memset (self->bytes->data + old, 0, self->bytes->len - old);
  return at;
}

FettleImageWriter *
fettle_image_writer_new (guint n_tensors, guint n_operators, guint n_inputs,
                         guint n_outputs, gboolean strip_names)
{
  FettleImageWriter *self = g_new0 (FettleImageWriter, 1);
  struct frt_image_header *header = &self->header;

  self->bytes = g_byte_array_new ();
  self->names = strip_names ? NULL : g_byte_array_new ();
  self->constants = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                           (GDestroyNotify)g_bytes_unref, NULL);
  self->offsets_of_names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reserve (self, sizeof *header, FRT_ALIGNMENT);
  header->magic = FRT_MAGIC;
  header->major = FRT_IMAGE_MAJOR;
  header->minor = FRT_IMAGE_MINOR;
  header->packing = FRT_PACKING_PORTABLE;
  header->rounding = FRT_ROUNDING_DOUBLE;
  header->tensor_count = n_tensors;
  header->tensors_offset = reserve (self, n_tensors * sizeof (struct frt_tensor), 4);
  header->operator_count = n_operators;
  header->operators_offset =
      reserve (self, n_operators * sizeof (struct frt_operator), 4);
  header->input_count = n_inputs;
  header->inputs_offset = reserve (self, n_inputs * sizeof (guint16), 4);
  header->output_count = n_outputs;
  header->outputs_offset = reserve (self, n_outputs * sizeof (guint16), 4);
  return self;
}

void
fettle_image_writer_set_rounding (FettleImageWriter *self, enum frt_rounding rounding)
{
  self->header.rounding = (guint16)rounding;
}

void
fettle_image_writer_set_packing (FettleImageWriter *self, enum frt_packing packing)
{
  self->header.packing = (guint16)packing;
}

void
fettle_image_writer_free (FettleImageWriter *self)
{
  g_byte_array_unref (self->bytes);
  if (self->names != NULL)
    g_byte_array_unref (self->names);
  g_hash_table_unref (self->constants);
  g_hash_table_unref (self->offsets_of_names);
  g_free (self);
}

guint32
fettle_image_writer_add_constant (FettleImageWriter *self, gconstpointer data, gsize size)
{
  g_autoptr (GBytes) key = g_bytes_new (data, size);
  gpointer known;
  guint32 offset;

  if (g_hash_table_lookup_extended (self->constants, key, NULL, &known))
    return GPOINTER_TO_UINT (known);
  offset = reserve (self, size, FRT_ALIGNMENT);
  if (!self->is_too_large)
    memcpy (self->bytes->data + offset, data, size);
  g_hash_table_insert (self->constants, g_steal_pointer (&key),
                       GUINT_TO_POINTER (offset));
  return offset;
}

guint32
fettle_image_writer_add_parameters (FettleImageWriter *self, gconstpointer data,
                                    gsize size)
{
  guint32 offset = reserve (self, size, 4);

  if (!self->is_too_large)
    memcpy (self->bytes->data + offset, data, size);
  return offset;
}

guint32
fettle_image_writer_add_name (FettleImageWriter *self, const char *name)
{
  gpointer known;
  guint32 offset;

  if (self->names == NULL)
    return 0;
  if (g_hash_table_lookup_extended (self->offsets_of_names, name, NULL, &known))
    return GPOINTER_TO_UINT (known);
  offset = self->names->len;
  g_byte_array_append (self->names, (const guint8 *)name, (guint)strlen (name) + 1);
  g_hash_table_insert (self->offsets_of_names, g_strdup (name),
                       GUINT_TO_POINTER (offset));
  return offset;
}

struct frt_tensor *
fettle_image_writer_get_tensor (FettleImageWriter *self, guint index)
{
  g_assert (index < self->header.tensor_count);
  return (gpointer)(self->bytes->data + self->header.tensors_offset
                    + index * sizeof (struct frt_tensor));
}

struct frt_operator *
fettle_image_writer_get_operator (FettleImageWriter *self, guint index)
{
  g_assert (index < self->header.operator_count);
  return (gpointer)(self->bytes->data + self->header.operators_offset
                    + index * sizeof (struct frt_operator));
}

guint16 *
fettle_image_writer_get_inputs (FettleImageWriter *self)
{
  return (gpointer)(self->bytes->data + self->header.inputs_offset);
}

guint16 *
fettle_image_writer_get_outputs (FettleImageWriter *self)
{
  return (gpointer)(self->bytes->data + self->header.outputs_offset);
}

GBytes *
fettle_image_writer_finish (FettleImageWriter *self, guint32 arena_size)
{
  struct frt_image_header *header = &self->header;
  const gsize checked = G_STRUCT_OFFSET (struct frt_image_header, packing);
  guint8 *bytes;

  if (self->names != NULL && self->names->len > 0)
    {
      header->names_size = self->names->len;
      header->names_offset = reserve (self, self->names->len, 1);
      if (!self->is_too_large)
        memcpy (self->bytes->data + header->names_offset, self->names->data,
                self->names->len);
    }
  reserve (self, 0, FRT_ALIGNMENT);
  if (self->is_too_large)
    return NULL;
  header->arena_size = arena_size;
  header->size = self->bytes->len;
  memcpy (self->bytes->data, header, sizeof *header);
  header->checksum =
      frt_crc32 (0, self->bytes->data + checked, self->bytes->len - checked);
  memcpy (self->bytes->data, header, sizeof *header);
  bytes = fettle_aligned_alloc (self->bytes->len);
  memcpy (bytes, self->bytes->data, self->bytes->len);
  return g_bytes_new_with_free_func (bytes, self->bytes->len, fettle_aligned_free, bytes);
}

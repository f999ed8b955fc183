/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-sections.c: what the bytes of an image are spent on. */
#include "model/image-sections.h"

#include "runtime/frt_format.h"

#include <string.h>

/* Operators with equal parameters share them. */
static gsize
sum_parameters (const guint8 *data, const struct frt_image_header *header)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  gsize sum = 0;

  for (guint32 i = 0; i < header->operator_count; i++)
    {
      struct frt_operator operator_;

      memcpy (&operator_, data + header->operators_offset + i * sizeof operator_,
              sizeof operator_);
      if (operator_.parameters_size > 0
          && g_hash_table_add (seen, GUINT_TO_POINTER (operator_.parameters_offset)))
        sum += operator_.parameters_size;
    }
  return sum;
}

static gsize
sum_operands (const guint8 *data, const struct frt_image_header *header)
{
  gsize n = header->input_count + header->output_count;

  for (guint32 i = 0; i < header->operator_count; i++)
    {
      struct frt_operator operator_;

      memcpy (&operator_, data + header->operators_offset + i * sizeof operator_,
              sizeof operator_);
      n += operator_.input_count + operator_.output_count;
    }
  return n * sizeof (guint16);
}

void
fettle_image_measure_sections (GBytes *image, gsize sizes[FETTLE_N_SECTIONS])
{
  gsize size;
  const guint8 *data;
  struct frt_image_header header;

  g_return_if_fail (image != NULL && sizes != NULL);

  data = g_bytes_get_data (image, &size);
  g_return_if_fail (size >= sizeof header);
  memcpy (&header, data, sizeof header);
  sizes[FETTLE_SECTION_NAMES] = header.names_size;
  sizes[FETTLE_SECTION_PARAMETERS] = sum_parameters (data, &header);
  sizes[FETTLE_SECTION_TABLES] = sizeof header
                                 + header.tensor_count * sizeof (struct frt_tensor)
                                 + header.operator_count * sizeof (struct frt_operator)
                                 + sum_operands (data, &header);
  sizes[FETTLE_SECTION_CONSTANTS] = size - sizes[FETTLE_SECTION_NAMES]
                                    - sizes[FETTLE_SECTION_PARAMETERS]
                                    - sizes[FETTLE_SECTION_TABLES];
}

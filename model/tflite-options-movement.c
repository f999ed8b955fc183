/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-options-movement.c: the options of the operators that move data. */
#include "model/tflite-options-movement.h"
#include "model/tflite-schema.h"

typedef struct
{
  FettleFlatbuffer *buffer;
  FettleFlatTable table;
} Source;

static gint32
get_int (Source source, guint field)
{
  return (gint32)fettle_flat_table_get_int32 (source.buffer, source.table, field, 0);
}

static gboolean
get_boolean (Source source, guint field)
{
  return fettle_flat_table_get_int8 (source.buffer, source.table, field, 0) != 0;
}

static gboolean
refuse (FettleModelError code, const char *message, GError **error)
{
  g_set_error_literal (error, FETTLE_MODEL_ERROR, code, message);
  return FALSE;
}

static void
read_strided_slice (Source source, FettleOptions *options)
{
  options->begin_mask = (guint32)get_int (source, TFLITE_STRIDED_SLICE_BEGIN_MASK);
  options->end_mask = (guint32)get_int (source, TFLITE_STRIDED_SLICE_END_MASK);
  options->ellipsis_mask = (guint32)get_int (source, TFLITE_STRIDED_SLICE_ELLIPSIS_MASK);
  options->new_axis_mask = (guint32)get_int (source, TFLITE_STRIDED_SLICE_NEW_AXIS_MASK);
  options->shrink_axis_mask =
      (guint32)get_int (source, TFLITE_STRIDED_SLICE_SHRINK_AXIS_MASK);
  options->is_end_relative = get_boolean (source, TFLITE_STRIDED_SLICE_OFFSET);
}

static gboolean
read_concatenation (Source source, FettleOptions *options, GError **error)
{
  options->axis = get_int (source, TFLITE_CONCATENATION_AXIS);
  return get_boolean (source, TFLITE_CONCATENATION_ACTIVATION)
             ? refuse (FETTLE_MODEL_ERROR_UNSUPPORTED,
                       "its fused activation is not supported; TensorFlow Lite Micro "
                       "has none there either, so put it into a layer of its own.",
                       error)
             : TRUE;
}

static gboolean
read_mirror (Source source, FettleOptions *options, GError **error)
{
  gint64 mode =
      fettle_flat_table_get_int8 (source.buffer, source.table, TFLITE_MIRROR_PAD_MODE, 0);

  if (mode < FETTLE_MIRROR_REFLECT || mode > FETTLE_MIRROR_SYMMETRIC)
    return refuse (FETTLE_MODEL_ERROR_FORMAT, "its mode is unknown.", error);
  options->mirror = (FettleMirror)mode;
  return TRUE;
}

static void
read_resize (Source source, guint align_corners, guint half_pixel_centers,
             FettleOptions *options)
{
  options->align_corners = get_boolean (source, align_corners);
  options->half_pixel_centers = get_boolean (source, half_pixel_centers);
}

gboolean
fettle_tflite_read_movement (FettleFlatbuffer *buffer, FettleFlatTable table,
                             FettleOpcode opcode, FettleOptions *options, GError **error)
{
  Source source = { buffer, table };

  switch (opcode)
    {
    case FETTLE_OPCODE_CONCATENATION:
      return read_concatenation (source, options, error);
    case FETTLE_OPCODE_MIRROR_PAD:
      return read_mirror (source, options, error);
    case FETTLE_OPCODE_STRIDED_SLICE:
      read_strided_slice (source, options);
      return TRUE;
    case FETTLE_OPCODE_PACK:
      options->axis = get_int (source, TFLITE_PACK_AXIS);
      return TRUE;
    case FETTLE_OPCODE_UNPACK:
      options->axis = get_int (source, TFLITE_UNPACK_AXIS);
      return TRUE;
    case FETTLE_OPCODE_GATHER:
      options->axis = get_int (source, TFLITE_GATHER_AXIS);
      options->batch_dims = get_int (source, TFLITE_GATHER_BATCH_DIMS);
      return TRUE;
    case FETTLE_OPCODE_SPACE_TO_DEPTH:
      options->block_size = get_int (source, TFLITE_SPACE_TO_DEPTH_BLOCK_SIZE);
      return TRUE;
    case FETTLE_OPCODE_DEPTH_TO_SPACE:
      options->block_size = get_int (source, TFLITE_DEPTH_TO_SPACE_BLOCK_SIZE);
      return TRUE;
    case FETTLE_OPCODE_RESIZE_BILINEAR:
      read_resize (source, TFLITE_RESIZE_BILINEAR_ALIGN_CORNERS,
                   TFLITE_RESIZE_BILINEAR_HALF_PIXEL_CENTERS, options);
      return TRUE;
    case FETTLE_OPCODE_RESIZE_NEAREST_NEIGHBOR:
      read_resize (source, TFLITE_RESIZE_NEAREST_ALIGN_CORNERS,
                   TFLITE_RESIZE_NEAREST_HALF_PIXEL_CENTERS, options);
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

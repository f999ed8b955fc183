/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image-writer.h: lays out the bytes of an image: header, tables, parameters and constants, names.
 *
 * The tables' sizes are known from the start, so that offsets returned by the add functions are
 * final and can go into parameters.
 */
#pragma once

#include <gio/gio.h>
#include "runtime/frt_format.h"

G_BEGIN_DECLS

typedef struct _FettleImageWriter FettleImageWriter;

FettleImageWriter *fettle_image_writer_new (guint n_tensors, guint n_operators,
                                            guint n_inputs, guint n_outputs,
                                            gboolean strip_names);
/* FRT_PACKING_PORTABLE unless set. */
void fettle_image_writer_set_packing (FettleImageWriter *self, enum frt_packing packing);
void fettle_image_writer_set_rounding (FettleImageWriter *self,
                                       enum frt_rounding rounding);
void fettle_image_writer_free (FettleImageWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleImageWriter, fettle_image_writer_free)

/* A block of constants, aligned to FRT_ALIGNMENT; equal blocks are stored once. */
guint32 fettle_image_writer_add_constant (FettleImageWriter *self, gconstpointer data,
                                          gsize size);
guint32 fettle_image_writer_add_parameters (FettleImageWriter *self, gconstpointer data,
                                            gsize size);
/* Offset within the names block; equal names are stored once. */
guint32 fettle_image_writer_add_name (FettleImageWriter *self, const char *name);

/* Entries of the tables, to be filled in. Valid until the next call. */
struct frt_tensor *fettle_image_writer_get_tensor (FettleImageWriter *self, guint index);
struct frt_operator *fettle_image_writer_get_operator (FettleImageWriter *self,
                                                       guint index);
guint16 *fettle_image_writer_get_inputs (FettleImageWriter *self);
guint16 *fettle_image_writer_get_outputs (FettleImageWriter *self);

/* The finished image, at an address aligned to FRT_ALIGNMENT; NULL if it would be larger than a
 * runtime opens. SELF is used up, but still has to be freed. */
GBytes *fettle_image_writer_finish (FettleImageWriter *self, guint32 arena_size);

G_END_DECLS

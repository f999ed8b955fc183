/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture-render.h: writes anything that can be drawn to a picture file. */
#pragma once

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  FETTLE_PICTURE_PNG, /* two pixels per unit */
  FETTLE_PICTURE_SVG,
  FETTLE_PICTURE_PDF, /* one page of that size */
} FettlePictureFormat;

/* By the suffix of PATH; FALSE with an error that lists what there is. */
gboolean fettle_picture_format_from_path (const char *path, FettlePictureFormat *format,
                                          GError **error);

typedef void (*FettlePictureDraw) (cairo_t *cr, gpointer user_data);

/* WIDTH × HEIGHT units, drawn by DRAW. A failure leaves an old file as it was. */
gboolean fettle_picture_write (const char *path, FettlePictureFormat format, double width,
                               double height, FettlePictureDraw draw, gpointer user_data,
                               GError **error);

G_END_DECLS

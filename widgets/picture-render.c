/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture-render.c: writes anything that can be drawn to a picture file. */
#include "widgets/picture-render.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>

#define PNG_SCALE      2
#define MAXIMUM_PIXELS 32000 /* cairo's image surfaces end at 32,767 */

static const struct
{
  const char *suffix;
  FettlePictureFormat format;
} suffixes[] = {
  { ".png", FETTLE_PICTURE_PNG },
  { ".svg", FETTLE_PICTURE_SVG },
  { ".pdf", FETTLE_PICTURE_PDF },
};

gboolean
fettle_picture_format_from_path (const char *path, FettlePictureFormat *format,
                                 GError **error)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (path != NULL && format != NULL, FALSE);

  lower = g_ascii_strdown (path, -1);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (lower, suffixes[i].suffix))
      {
        *format = suffixes[i].format;
        return TRUE;
      }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
               "%s is no picture that can be written; use .png, .svg or .pdf.", path);
  return FALSE;
}

static cairo_status_t
append (void *bytes, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (bytes, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
create_surface (FettlePictureFormat format, double width, double height,
                GByteArray *bytes)
{
  double scale = PNG_SCALE;
  cairo_surface_t *surface;

  if (format == FETTLE_PICTURE_SVG)
    return cairo_svg_surface_create_for_stream (append, bytes, width, height);
  if (format == FETTLE_PICTURE_PDF)
    return cairo_pdf_surface_create_for_stream (append, bytes, width, height);
  scale = MIN (scale, MAXIMUM_PIXELS / MAX (width, height));
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)ceil (width * scale),
                                        (int)ceil (height * scale));
  cairo_surface_set_device_scale (surface, scale, scale);
  return surface;
}

gboolean
fettle_picture_write (const char *path, FettlePictureFormat format, double width,
                      double height, FettlePictureDraw draw, gpointer user_data,
                      GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  g_return_val_if_fail (path != NULL && draw != NULL, FALSE);
  g_return_val_if_fail (width > 0 && height > 0, FALSE);

  surface = create_surface (format, width, height, bytes);
  cr = cairo_create (surface);
  draw (cr, user_data);
  cairo_show_page (cr);
  cairo_destroy (cr);
  if (format == FETTLE_PICTURE_PNG)
    cairo_surface_write_to_png_stream (surface, append, bytes);
  cairo_surface_finish (surface);
  status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);
  if (status != CAIRO_STATUS_SUCCESS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "%s cannot be drawn: %s. Try another kind of picture.", path,
                   cairo_status_to_string (status));
      return FALSE;
    }
  return g_file_set_contents (path, (const char *)bytes->data, (gssize)bytes->len, error);
}

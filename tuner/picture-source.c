/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture-source.c: pictures as samples. */
#include "config.h"
#include "tuner/sample-source.h"
#include "tuner/step.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gi18n.h>
#include <math.h>

/* Far more than any camera's, and small enough for memory. */
#define MAX_PIXELS (64u << 20)

typedef struct
{
  FettleSampleSource parent;
  FettleFileList *files;
  guint height, width, n_channels;
  FettleChannelOrder order;
} PictureSource;

/* The part of a row or column of the picture that one place of the input sees: a triangle as wide as
 * a place is, at least one pixel to each side, so that nothing is skipped when pictures shrink. */
typedef struct
{
  guint first, last;
  double centre, reach;
} Window;

static Window
find_window (guint place, guint n_places, guint n_pixels)
{
  double ratio = (double)n_pixels / n_places;
  Window window = { .centre = (place + 0.5) * ratio, .reach = MAX (ratio, 1.0) };
  double first = floor (window.centre - window.reach);
  double last = ceil (window.centre + window.reach);

  window.first = (guint)MAX (first, 0.0);
  window.last = (guint)MIN (last, (double)n_pixels);
  return window;
}

static double
find_weight (const Window *window, guint pixel)
{
  return MAX (1.0 - fabs (pixel + 0.5 - window->centre) / window->reach, 0.0);
}

static void
average (GdkPixbuf *pixbuf, const Window *rows, const Window *columns, double *colour)
{
  const guchar *pixels = gdk_pixbuf_read_pixels (pixbuf);
  gsize stride = (gsize)gdk_pixbuf_get_rowstride (pixbuf);
  gsize n_channels = (gsize)gdk_pixbuf_get_n_channels (pixbuf);
  double total = 0.0;

  colour[0] = colour[1] = colour[2] = 0.0;
  for (guint y = rows->first; y < rows->last; y++)
    for (guint x = columns->first; x < columns->last; x++)
      {
        const guchar *pixel = pixels + y * stride + x * n_channels;
        double weight = find_weight (rows, y) * find_weight (columns, x);

        total += weight;
        for (guint k = 0; k < 3; k++)
          colour[k] += weight * pixel[k];
      }
  for (guint k = 0; k < 3; k++)
    colour[k] /= total;
}

static void
put_colour (const PictureSource *self, const double *colour, float *values)
{
  if (self->n_channels == 1)
    values[0] = (float)(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]);
  else
    for (guint k = 0; k < 3; k++)
      values[k] = (float)colour[self->order == FETTLE_CHANNELS_BGR ? 2 - k : k];
}

static void
scale (const PictureSource *self, GdkPixbuf *pixbuf, float *values)
{
  guint height = (guint)gdk_pixbuf_get_height (pixbuf);
  guint width = (guint)gdk_pixbuf_get_width (pixbuf);

  for (guint y = 0; y < self->height; y++)
    for (guint x = 0; x < self->width; x++)
      {
        Window rows = find_window (y, self->height, height);
        Window columns = find_window (x, self->width, width);
        double colour[3];

        average (pixbuf, &rows, &columns, colour);
        put_colour (self, colour, values + (y * self->width + x) * self->n_channels);
      }
}

static gboolean
read_picture (FettleSampleSource *source, guint index, float *values, GError **error)
{
  const PictureSource *self = (const PictureSource *)source;
  const FettleListedFile *file =
      &g_array_index (self->files->files, FettleListedFile, index);
  g_autoptr (GdkPixbuf) pixbuf = NULL;
  g_autoptr (GError) cause = NULL;
  int width = 0, height = 0;

  gdk_pixbuf_get_file_info (file->path, &width, &height);
  if (width > 0 && height > 0 && (guint64)width * (guint64)height > MAX_PIXELS)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s has %d×%d pixels, more than can be read; make it smaller."),
                   file->name, width, height);
      return FALSE;
    }
  pixbuf = gdk_pixbuf_new_from_file (file->path, &cause);
  if (pixbuf == NULL)
    {
      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("%s cannot be read as a picture (%s); replace it."), file->name,
                   cause->message);
      return FALSE;
    }
  scale (self, pixbuf, values);
  return TRUE;
}

static char *
compute_hash (FettleSampleSource *source)
{
  return fettle_file_list_compute_hash (((PictureSource *)source)->files);
}

static void
free_source (FettleSampleSource *source)
{
  PictureSource *self = (PictureSource *)source;

  fettle_file_list_free (self->files);
  g_free (self);
}

FettleSampleSource *
fettle_picture_source_new (FettleFileList *files, const FettleTensor *tensor,
                           const FettlePreprocessing *preprocessing, GError **error)
{
  g_autoptr (FettleFileList) list = files;
  PictureSource *self;

  if ((tensor->rank != 4 && tensor->rank != 3) || tensor->shape[0] != 1
      || (tensor->rank == 4 && tensor->shape[3] != 1 && tensor->shape[3] != 3))
    {
      g_autofree char *shape = fettle_tensor_format_shape (tensor);

      g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
                   _ ("Pictures do not fit the model's input “%s” of the shape %s, which "
                      "must be 1×height×width×1 or 1×height×width×3."),
                   tensor->name, shape);
      return NULL;
    }
  self = g_new0 (PictureSource, 1);
  self->parent.n = list->files->len;
  self->parent.read = read_picture;
  self->parent.compute_hash = compute_hash;
  self->parent.free = free_source;
  self->files = g_steal_pointer (&list);
  self->height = (guint)tensor->shape[1];
  self->width = (guint)tensor->shape[2];
  self->n_channels = tensor->rank == 4 ? (guint)tensor->shape[3] : 1;
  self->order = preprocessing->order;
  return &self->parent;
}

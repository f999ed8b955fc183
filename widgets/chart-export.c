/* SPDX-License-Identifier: GPL-3.0-or-later */
/* chart-export.c: charts as pictures, on paper and as tables. */
#include "widgets/chart-export.h"

#include "widgets/chart-draw.h"

#include <math.h>
#include <string.h>

/* What the picture's drawing needs. */
typedef struct
{
  FettleChart *chart;
  PangoContext *context; /* owned */
  double width, height;
} Picture;

static void
picture_init (Picture *picture, FettleChart *chart)
{
  *picture = (Picture){ chart, fettle_chart_create_context (NULL), 0, 0 };
  FETTLE_CHART_GET_CLASS (chart)->get_picture_size (chart, picture->context,
                                                    &picture->width, &picture->height);
}

static void
draw_picture (cairo_t *cr, gpointer data)
{
  const Picture *picture = data;

  FETTLE_CHART_GET_CLASS (picture->chart)
      ->render (picture->chart, cr, picture->context, fettle_palette_get (FALSE),
                picture->width, picture->height);
}

gboolean
fettle_chart_write_picture (FettleChart *self, const char *path,
                            FettlePictureFormat format, GError **error)
{
  Picture picture;
  gboolean written;

  g_return_val_if_fail (FETTLE_IS_CHART (self) && path != NULL, FALSE);

  picture_init (&picture, self);
  written = fettle_picture_write (path, format, picture.width, picture.height,
                                  draw_picture, &picture, error);
  g_object_unref (picture.context);
  return written;
}

void
fettle_chart_draw_page (FettleChart *self, GtkPrintContext *print_context)
{
  cairo_t *cr;
  Picture picture;
  double scale;

  g_return_if_fail (FETTLE_IS_CHART (self) && GTK_IS_PRINT_CONTEXT (print_context));

  picture_init (&picture, self);
  cr = gtk_print_context_get_cairo_context (print_context);
  scale = MIN (gtk_print_context_get_width (print_context) / picture.width,
               gtk_print_context_get_height (print_context) / picture.height);
  cairo_save (cr);
  cairo_scale (cr, scale, scale);
  draw_picture (cr, &picture);
  cairo_restore (cr);
  g_object_unref (picture.context);
}

static void
append_separator (GString *table, char separator)
{
  if (table->len > 0 && table->str[table->len - 1] != '\n')
    g_string_append_c (table, separator);
}

void
fettle_table_append (GString *table, const char *text, char separator)
{
  g_auto (GStrv) parts = NULL;
  g_autofree char *doubled = NULL;

  append_separator (table, separator);
  if (text == NULL)
    return;
  if (separator == '\t')
    {
      g_autofree char *flat = g_strdelimit (g_strdup (text), "\t\r\n", ' ');

      g_string_append (table, flat);
      return;
    }
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (table, text);
      return;
    }
  parts = g_strsplit (text, "\"", -1);
  doubled = g_strjoinv ("\"\"", parts);
  g_string_append_printf (table, "\"%s\"", doubled);
}

void
fettle_table_append_number (GString *table, double number, char separator)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  append_separator (table, separator);
  if (isfinite (number))
    g_string_append (table, g_ascii_formatd (text, sizeof text, "%.15g", number));
}

char *
fettle_chart_to_table (FettleChart *self, char separator)
{
  FettleChartClass *klass = FETTLE_CHART_GET_CLASS (self);
  GString *table = g_string_new (NULL);

  g_return_val_if_fail (FETTLE_IS_CHART (self), NULL);

  fettle_table_append (table, "name", separator);
  klass->append_titles (self, table, separator);
  fettle_table_append (table, "description", separator);
  g_string_append_c (table, '\n');
  for (guint i = 0; i < klass->get_n_items (self); i++)
    {
      FettleChartItem item;

      klass->get_item (self, i, &item);
      fettle_table_append (table, item.name, separator);
      klass->append_values (self, i, table, separator);
      fettle_table_append (table, item.description, separator);
      g_string_append_c (table, '\n');
    }
  return g_string_free (table, FALSE);
}

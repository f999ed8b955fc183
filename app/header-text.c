/* SPDX-License-Identifier: GPL-3.0-or-later */
/* header-text.c: a header as a page can show it. */
#include "config.h"

#include "app/header-text.h"
#include "widgets/number-format.h"
#include "widgets/style.h"

#include <glib/gi18n.h>
#include <string.h>

#define SHOWN_LINES 4 /* of the image */

/* A line of bytes: nothing but numbers and commas. */
static gboolean
is_numbers (const char *line)
{
  return g_str_has_prefix (line, "  ") && line[2] != '\0'
         && strspn (line, " ,0123456789abcdefx") == strlen (line);
}

char *
fettle_header_abridge (const char *header, guint *n_lines)
{
  g_auto (GStrv) lines = g_strsplit (header, "\n", -1);
  GString *text = g_string_new (NULL);
  guint in_a_row = 0, left_out = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      in_a_row = is_numbers (lines[i]) ? in_a_row + 1 : 0;
      if (in_a_row > SHOWN_LINES)
        {
          left_out++;
          continue;
        }
      if (left_out > 0 && in_a_row == 0 && g_str_has_prefix (lines[i], "};"))
        {
          g_autofree char *number = fettle_format_count (left_out);

          g_string_append_printf (text, _ ("  /* … %s more lines of the image */\n"),
                                  number);
        }
      g_string_append_printf (text, "%s%s", lines[i], lines[i + 1] != NULL ? "\n" : "");
    }
  if (n_lines != NULL)
    *n_lines = left_out;
  return g_string_free (text, FALSE);
}

static GtkTextTag *
get_tag (GtkTextBuffer *buffer, const char *name)
{
  GtkTextTag *tag =
      gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), name);

  return tag != NULL ? tag : gtk_text_buffer_create_tag (buffer, name, NULL);
}

static void
color_tag (GtkTextBuffer *buffer, const char *name, const FettleColor *color)
{
  const GdkRGBA rgba = { color->red, color->green, color->blue, color->alpha };

  g_object_set (get_tag (buffer, name), "foreground-rgba", &rgba, NULL);
}

static void
color_tags (GtkTextBuffer *buffer, GtkStyleContext *context)
{
  FettlePalette palette;

  fettle_style_get_palette (context, &palette);
  color_tag (buffer, "directive", &palette.accent);
  color_tag (buffer, "keyword", &palette.text);
  g_object_set (get_tag (buffer, "keyword"), "weight", PANGO_WEIGHT_BOLD, NULL);
  color_tag (buffer, "text", &palette.lower_bound);
  color_tag (buffer, "comment", &palette.dim_text);
  g_object_set (get_tag (buffer, "comment"), "style", PANGO_STYLE_ITALIC, "weight",
                PANGO_WEIGHT_NORMAL, NULL);
}

/* Tags everything in HEADER that PATTERN finds. */
static void
tag_matches (const char *header, GtkTextBuffer *buffer, const char *pattern,
             GRegexCompileFlags flags, const char *tag)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, flags, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  for (g_regex_match (regex, header, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      GtkTextIter start, end;
      int first, last;

      g_match_info_fetch_pos (match, 0, &first, &last);
      gtk_text_buffer_get_iter_at_offset (buffer, &start,
                                          (int)g_utf8_strlen (header, first));
      gtk_text_buffer_get_iter_at_offset (buffer, &end,
                                          (int)g_utf8_strlen (header, last));
      gtk_text_buffer_apply_tag_by_name (buffer, tag, &start, &end);
    }
}

void
fettle_header_show (const char *header, GtkTextBuffer *buffer, GtkStyleContext *context)
{
  gtk_text_buffer_set_text (buffer, header, -1);
  color_tags (buffer, context);
  tag_matches (header, buffer, "^#.*$", G_REGEX_MULTILINE, "directive");
  tag_matches (header, buffer,
               "\\b(static|const|struct|inline|return|if|for|int|void|extern)\\b",
               G_REGEX_DEFAULT, "keyword");
  tag_matches (header, buffer, "\"[^\"\\n]*\"", G_REGEX_DEFAULT, "text");
  /* Made last, comments lie above the other tags. */
  tag_matches (header, buffer, "/\\*.*?\\*/", G_REGEX_DOTALL, "comment");
}

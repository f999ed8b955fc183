/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-pattern.c: the layers that a recipe means by a name or a pattern. */
#include "tuner/layer-pattern.h"

#include <string.h>

#define TYPE_PREFIX "type:"

static gboolean
text_matches (const char *text, const char *pattern)
{
  /* A name may hold the characters of a glob itself. */
  return g_str_equal (text, pattern) || g_pattern_match_simple (pattern, text);
}

gboolean
fettle_layer_matches (const FettleOperator *operator_, const char *pattern)
{
  if (g_str_has_prefix (pattern, TYPE_PREFIX))
    return text_matches (fettle_opcode_get_name (operator_->opcode),
                         pattern + strlen (TYPE_PREFIX));
  return text_matches (operator_->name, pattern);
}

/* Levenshtein's distance in bytes: insertions, deletions and replacements from one to the other. */
static guint
measure_distance (const char *from, const char *to)
{
  gsize n = strlen (to);
  g_autofree guint *row =
      g_new (guint, n + 1); /* of the table whose last corner is the result */

  for (gsize k = 0; k <= n; k++)
    row[k] = (guint)k;
  for (gsize i = 0; from[i] != '\0'; i++)
    {
      guint diagonal = row[0]++;

      for (gsize k = 0; k < n; k++)
        {
          guint replaced = diagonal + (from[i] != to[k]);

          diagonal = row[k + 1];
          row[k + 1] = MIN (replaced, MIN (row[k], row[k + 1]) + 1);
        }
    }
  return row[n];
}

char *
fettle_layer_find_nearest (FettleGraph *graph, const char *pattern)
{
  gboolean is_type = g_str_has_prefix (pattern, TYPE_PREFIX);
  char *nearest = NULL;
  guint least = G_MAXUINT;

  for (guint i = 0; i < fettle_graph_get_n_operators (graph); i++)
    {
      const FettleOperator *operator_ = fettle_graph_get_operator (graph, i);
      g_autofree char *candidate =
          is_type ? g_strconcat (TYPE_PREFIX, fettle_opcode_get_name (operator_->opcode),
                                 NULL)
                  : g_strdup (operator_->name);
      guint distance = measure_distance (pattern, candidate);

      if (distance >= least)
        continue;
      least = distance;
      g_free (nearest);
      nearest = g_steal_pointer (&candidate);
    }
  return nearest;
}

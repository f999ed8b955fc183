/* SPDX-License-Identifier: GPL-3.0-or-later */
/* graph-search.c: which nodes of a graph have a text in them. */
#include "widgets/graph-search.h"

#include <string.h>

gboolean *
fettle_graph_find_matches (const FettleGraphNode *nodes, guint n_nodes, const char *text,
                           guint *n_matches)
{
  g_autofree char *key = g_utf8_casefold (text, -1);
  gboolean *matches = g_new0 (gboolean, n_nodes + 1);

  *n_matches = 0;
  for (guint i = 0; i < n_nodes; i++)
    {
      g_autofree char *all =
          g_strjoin ("\n", nodes[i].title, nodes[i].name, nodes[i].detail, NULL);
      g_autofree char *folded = g_utf8_casefold (all, -1);

      matches[i] = strstr (folded, key) != NULL;
      *n_matches += matches[i];
    }
  return matches;
}

int
fettle_graph_find_next_match (const gboolean *matches, guint n_nodes, int from,
                              gboolean forwards)
{
  if (from < 0)
    from = forwards ? (int)n_nodes - 1 : 0;
  for (guint i = 1; i <= n_nodes; i++)
    {
      guint index = ((guint)from + (forwards ? i : n_nodes - i)) % n_nodes;

      if (matches[index])
        return (int)index;
    }
  return -1;
}

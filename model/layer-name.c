/* SPDX-License-Identifier: GPL-3.0-or-later */
/* layer-name.c: short names of layers. */
#include "model/layer-name.h"

#include <string.h>

#define LONGEST_NAME 40 /* characters */

/* What a converter's name for the layer itself is likely to hold, as against the names of what was
 * fused into it. */
static const char *const hints[FETTLE_N_OPCODES][3] = {
  [FETTLE_OPCODE_CONV_2D] = { "conv" },
  [FETTLE_OPCODE_DEPTHWISE_CONV_2D] = { "depthwise", "conv" },
  [FETTLE_OPCODE_FULLY_CONNECTED] = { "dense", "matmul", "fc" },
  [FETTLE_OPCODE_AVERAGE_POOL_2D] = { "pool" },
  [FETTLE_OPCODE_MAX_POOL_2D] = { "pool" },
  [FETTLE_OPCODE_ADD] = { "add" },
  [FETTLE_OPCODE_MUL] = { "mul" },
  [FETTLE_OPCODE_RELU] = { "relu" },
  [FETTLE_OPCODE_RELU6] = { "relu6" },
  [FETTLE_OPCODE_SOFTMAX] = { "softmax" },
  [FETTLE_OPCODE_RESHAPE] = { "reshape", "flatten" },
  [FETTLE_OPCODE_PAD] = { "pad" },
  [FETTLE_OPCODE_MEAN] = { "mean", "pool" },
  [FETTLE_OPCODE_QUANTIZE] = { "quantize" },
  [FETTLE_OPCODE_DEQUANTIZE] = { "dequantize" },
  [FETTLE_OPCODE_SUM] = { "sum" },
  [FETTLE_OPCODE_REDUCE_MAX] = { "max" },
  [FETTLE_OPCODE_REDUCE_MIN] = { "min" },
  [FETTLE_OPCODE_ARG_MAX] = { "argmax" },
  [FETTLE_OPCODE_ARG_MIN] = { "argmin" },
  [FETTLE_OPCODE_SVDF] = { "svdf" },
  [FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM] = { "lstm" },
  [FETTLE_OPCODE_TRANSPOSE_CONV] = { "transpose", "conv" },
  [FETTLE_OPCODE_BATCH_MATMUL] = { "matmul" },
  [FETTLE_OPCODE_LOG_SOFTMAX] = { "softmax" },
  [FETTLE_OPCODE_L2_NORMALIZATION] = { "normal", "l2" },
};

static gboolean
is_hinted (const char *part, FettleOpcode opcode)
{
  g_autofree char *lower = g_ascii_strdown (part, -1);

  for (guint i = 0; i < G_N_ELEMENTS (hints[opcode]) && hints[opcode][i] != NULL; i++)
    if (strstr (lower, hints[opcode][i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Says nothing about the layer: names of variables and of whole calls. */
static gboolean
is_empty_talk (const char *part)
{
  return *part == '\0' || strstr (part, "ReadVariableOp") != NULL
         || strstr (part, "PartitionedCall") != NULL
         || g_str_has_prefix (part, "Identity");
}

static const char *
best_part (char **parts, FettleOpcode opcode)
{
  const char *best = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (is_empty_talk (parts[i]))
        continue;
      if (is_hinted (parts[i], opcode))
        return parts[i];
      if (best == NULL)
        best = parts[i];
    }
  return best;
}

/* The last two components of a path. */
static const char *
path_tail (const char *path)
{
  const char *last = strrchr (path, '/');

  if (last == NULL)
    return path;
  for (const char *p = last; p > path; p--)
    if (p[-1] == '/')
      return p;
  return path;
}

char *
fettle_layer_name (const char *tensor_name, FettleOpcode opcode, GHashTable *used)
{
  g_auto (GStrv) parts = g_strsplit (tensor_name, ";", -1);
  const char *best = best_part (parts, opcode);
  g_autofree char *base = NULL;
  char *name;

  base = best != NULL
             ? g_utf8_substring (path_tail (best), 0,
                                 MIN (g_utf8_strlen (path_tail (best), -1), LONGEST_NAME))
             : g_ascii_strdown (fettle_opcode_get_name (opcode), -1);
  name = g_strdup (base);
  for (guint i = 2; g_hash_table_contains (used, name); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s_%u", base, i);
    }
  g_hash_table_add (used, g_strdup (name));
  return name;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tflite-reader-private.h: one subgraph of a TensorFlow Lite file while it is read. */
#pragma once

#include "model/flatbuffer.h"
#include "model/graph-private.h"

G_BEGIN_DECLS

typedef struct
{
  FettleFlatbuffer *buffer;
  GBytes *bytes;
  FettleGraph *graph;
  FettleFlatVector codes, buffers, subgraphs;
  FettleFlatVector tensors, operators, inputs, outputs; /* of this subgraph */
  gint32 *numbers; /* of the graph's tensors by the subgraph's; -1 until referred to */
  gint32 *handles; /* places in RESOURCES by the subgraph's tensors; -1: no handle */
  GPtrArray *resources;       /* of all subgraphs; see tflite-variables.c */
  GHashTable *names;          /* of the graph's layers */
  GHashTable *subgraphs_read; /* their numbers */
} FettleTfliteReader;

/* Points READER to subgraph INDEX, which must exist, with NUMBERS and HANDLES of its own. Close it
 * even if that fails. */
gboolean fettle_tflite_reader_open_subgraph (FettleTfliteReader *reader, gsize index,
                                             GError **error);
void fettle_tflite_reader_close_subgraph (FettleTfliteReader *reader);

gboolean fettle_tflite_reader_check_damage (FettleTfliteReader *reader, GError **error);

/* The BuiltinOperator of operator INDEX; -1 if it has none. */
int fettle_tflite_reader_get_builtin (FettleTfliteReader *reader, gsize index);

/* The file's tensor numbers in VECTOR, as the graph's, reading tensors met for the first time. */
GArray *fettle_tflite_reader_get_numbers (FettleTfliteReader *reader,
                                          FettleFlatVector vector, GError **error);

/* Adds an operator named for TENSOR, a number of the graph; returns its number. */
guint fettle_tflite_reader_add_operator (FettleTfliteReader *reader, FettleOpcode opcode,
                                         gint32 tensor, const GArray *inputs,
                                         const GArray *outputs);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tensor-data.h: a model's inputs and outputs as .npy (real numbers) or .bin (raw bytes) files. */
#pragma once

#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct _FettleCliInputs FettleCliInputs;

/* One or more invocations. A .npy file holds samples of the only input; a .bin file the bytes of all
 * inputs, one after the other, that many times over. */
FettleCliInputs *fettle_cli_inputs_open (const char *path, FettleGraph *graph,
                                         const FettlePreprocessing *preprocessing,
                                         GError **error);
void fettle_cli_inputs_free (FettleCliInputs *inputs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleCliInputs, fettle_cli_inputs_free)

/* Number of invocations, at least 1. */
guint fettle_cli_inputs_get_n (FettleCliInputs *inputs);
/* TRUE if state is reset before each invocation (samples of a .npy file), FALSE if they are one
 * sequence. */
gboolean fettle_cli_inputs_are_independent (FettleCliInputs *inputs);
/* Raw bytes of all inputs of invocation INDEX. */
GBytes *fettle_cli_inputs_get (FettleCliInputs *inputs, guint index, GError **error);

/* Checks what can be checked of an output file before any work is done. */
gboolean fettle_cli_outputs_check (const char *path, FettleGraph *graph, GError **error);
/* Writes RAW, the bytes of all outputs of N invocations, as PATH's name says: .npy as float32. */
gboolean fettle_cli_outputs_write (const char *path, FettleGraph *graph, GBytes *raw,
                                   guint n, GError **error);

/* Bytes of all inputs or outputs of one invocation. */
gsize fettle_cli_inputs_size (FettleGraph *graph);
gsize fettle_cli_outputs_size (FettleGraph *graph);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* property-sequence.c: SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM over several runs, against their definitions. */
#include "property-range.h"

#include <math.h>
#include <string.h>

#define N_RUNS 3

static PropertyCase *the_case;
static PropertyTensor *input, *output;
static gint64 expected[PROPERTY_MAX_ELEMENTS];

static PropertyTensor *
add_weights (FettleType type, gint32 rows, gint32 columns)
{
  PropertyTensor *weights =
      property_add (PROPERTY_CONSTANT, type, 2, (gint32[]){ rows, columns });

  property_set_scale (weights, property_random_scale (), 0);
  property_fill (weights);
  return weights;
}

static PropertyTensor *
add_bias (FettleType type, gint32 n)
{
  PropertyTensor *bias;

  if (random_once_in (4))
    {
      property_add_absent ();
      return NULL;
    }
  bias = property_add (PROPERTY_CONSTANT, type, 1, &n);
  for (gint32 i = 0; i < n; i++)
    bias->values[i] = random_between (-20000, 20000);
  return bias;
}

/* What a state begins with: zero bytes, or an int8's zero point. */
static void
reset (const PropertyTensor *state, gint64 *values)
{
  for (gint32 i = 0; i < state->n; i++)
    values[i] = state->type == FETTLE_TYPE_INT8 ? state->zero_point : 0;
}

/* --- SVDF --- */

typedef struct
{
  gint32 batches, depth, units, rank, memory;
  PropertyTensor *feature, *time, *bias, *state;
} Svdf;

/* VALUE as the state's type keeps it: the reference adds the zero point behind the clamp. */
static gint64
wrap (FettleType type, gint64 value)
{
  return type == FETTLE_TYPE_INT8 ? (gint8)value : (gint16)value;
}

static void
svdf_step (const Svdf *svdf, gint64 *state)
{
  const double enter =
      (double)(input->scales[0] * svdf->feature->scales[0] / svdf->state->scales[0]);
  const double leave =
      (double)(svdf->state->scales[0] * svdf->time->scales[0] / output->scales[0]);
  const gint32 n_filters = svdf->units * svdf->rank;

  for (gint32 batch = 0; batch < svdf->batches; batch++)
    for (gint32 unit = 0; unit < svdf->units; unit++)
      {
        gint64 total = svdf->bias != NULL ? svdf->bias->values[unit] : 0;

        for (gint32 f = unit * svdf->rank; f < (unit + 1) * svdf->rank; f++)
          {
            gint64 *cells = state + (batch * n_filters + f) * svdf->memory, sum = 0;

            for (gint32 i = 0; i < svdf->depth; i++)
              sum += svdf->feature->values[f * svdf->depth + i]
                     * (input->values[batch * svdf->depth + i] - input->zero_point);
            memmove (cells, cells + 1, (gsize)(svdf->memory - 1) * sizeof *cells);
            cells[svdf->memory - 1] =
                wrap (svdf->state->type,
                      property_narrow (svdf->state, reference_scale (sum, enter))
                          + svdf->state->zero_point);
            for (gint32 i = 0; i < svdf->memory; i++)
              total += svdf->time->values[f * svdf->memory + i]
                       * (cells[i] - svdf->state->zero_point);
          }
        expected[batch * svdf->units + unit] = property_narrow (
            output, (gint64)reference_scale (total, leave) + output->zero_point);
      }
}

static gboolean
try_svdf (void)
{
  static gint64 state[PROPERTY_MAX_ELEMENTS];
  const FettleType state_type = random_once_in (2) ? FETTLE_TYPE_INT8 : FETTLE_TYPE_INT16;
  Svdf svdf = {
    .batches = random_between (1, 2),
    .depth = random_between (1, 10),
    .units = random_between (1, 5),
    .rank = random_between (1, 3),
    .memory = random_between (1, 6),
  };
  const gint32 n_filters = svdf.units * svdf.rank;

  the_case = property_start (FETTLE_OPCODE_SVDF);
  the_case->options.filter_rank = svdf.rank;
  the_case->options.activation = FETTLE_ACTIVATION_RELU; /* which the reference ignores */
  input = property_add (PROPERTY_INPUT, FETTLE_TYPE_INT8, 2,
                        (gint32[]){ svdf.batches, svdf.depth });
  svdf.feature = add_weights (FETTLE_TYPE_INT8, n_filters, svdf.depth);
  svdf.time = add_weights (state_type, n_filters, svdf.memory);
  svdf.bias = add_bias (FETTLE_TYPE_INT32, svdf.units);
  svdf.state = property_add (PROPERTY_STATE, state_type, 2,
                             (gint32[]){ svdf.batches, n_filters * svdf.memory });
  output = property_add (PROPERTY_OUTPUT, FETTLE_TYPE_INT8, 2,
                         (gint32[]){ svdf.batches, svdf.units });
  property_set_scale (input, property_random_scale (),
                      property_random_zero_point (FETTLE_TYPE_INT8));
  property_set_scale (
      svdf.state,
      property_output_scale ((double)input->scales[0] * (double)svdf.feature->scales[0]),
      state_type == FETTLE_TYPE_INT8 && random_once_in (2) ? random_between (-20, 20)
                                                           : 0);
  property_set_scale (
      output,
      property_output_scale ((double)svdf.state->scales[0] * (double)svdf.time->scales[0]
                             * (state_type == FETTLE_TYPE_INT8 ? 16 : 65536)),
      property_random_zero_point (FETTLE_TYPE_INT8));
  if (!property_lower ())
    return FALSE;
  reset (svdf.state, state);
  for (int i = 0; i < N_RUNS; i++)
    {
      property_fill (input);
      property_run ();
      svdf_step (&svdf, state);
      property_expect (0, expected);
    }
  return TRUE;
}

/* --- LSTM --- */

typedef struct
{
  gint32 batches, steps, depth, units;
  PropertyTensor *weights[4], *recurrent[4], *biases[4], *hidden, *cell;
} Lstm;

/* One of the two sums of a gate, 12 fraction bits. */
static gint64
gate_part (const PropertyTensor *source, const gint64 *x, const PropertyTensor *weights,
           gint32 unit, gint64 bias)
{
  const double factor = (double)(source->scales[0] * weights->scales[0]) / (1.0 / 4096);
  const gint32 depth = weights->shape[1];
  gint64 sum = bias, value;

  for (gint32 i = 0; i < depth; i++)
    sum += weights->values[unit * depth + i] * (x[i] - source->zero_point);
  value = source->type == FETTLE_TYPE_INT16 ? reference_scale_wide (sum, factor)
                                            : reference_scale (sum, factor);
  return CLAMP (value, G_MININT16, G_MAXINT16);
}

static gint64
gate (const Lstm *lstm, int which, const gint64 *x, const gint64 *hidden, gint32 unit)
{
  const PropertyTensor *bias = lstm->biases[which];
  const gint64 sum = gate_part (input, x, lstm->weights[which], unit,
                                bias != NULL ? bias->values[unit] : 0)
                     + gate_part (lstm->hidden, hidden, lstm->recurrent[which], unit, 0);

  return CLAMP (sum, G_MININT16, G_MAXINT16);
}

static gint64
cell_tangent (const Lstm *lstm, gint64 cell)
{
  const int k = 12 + (int)lroundf (log2f (lstm->cell->scales[0]));

  return k >= 0 ? reference_tanh_s16 (cell, 3 << k, 0) : reference_tanh_s16 (cell, 3, -k);
}

static gint64
limit_cell (const Lstm *lstm, gint64 cell)
{
  const float clip = the_case->options.cell_clip;
  gint64 most;

  cell = CLAMP (cell, G_MININT16, G_MAXINT16);
  if (clip <= 0)
    return cell;
  most = (gint64)MIN (clip / lstm->cell->scales[0], 32767.0f);
  return CLAMP (cell, -most, most);
}

/* Input, forget, cell and output gate: section 14 of the arithmetic. HIDDEN and CELL are those of one batch entry. */
static void
lstm_step (const Lstm *lstm, const gint64 *x, gint64 *hidden, gint64 *cell, gint64 *y)
{
  const double s_cell = (double)lstm->cell->scales[0];
  const double s_hidden = (double)lstm->hidden->scales[0];

  for (gint32 unit = 0; unit < lstm->units; unit++)
    {
      const gint64 i = reference_logistic_s16 (gate (lstm, 0, x, hidden, unit), 3, 0);
      const gint64 f = reference_logistic_s16 (gate (lstm, 1, x, hidden, unit), 3, 0);
      const gint64 g = reference_tanh_s16 (gate (lstm, 2, x, hidden, unit), 3, 0);
      const gint64 o = reference_logistic_s16 (gate (lstm, 3, x, hidden, unit), 3, 0);
      const gint64 kept =
          property_narrow (lstm->cell, reference_scale (f * cell[unit], 0x1p-15));
      const gint64 fresh =
          property_narrow (lstm->cell, reference_scale (i * g, 0x1p-30 / s_cell));

      cell[unit] = limit_cell (lstm, kept + fresh);
      y[unit] = property_narrow (
          output, (gint64)reference_scale (o * cell_tangent (lstm, cell[unit]),
                                           0x1p-30 / s_hidden)
                      + lstm->hidden->zero_point);
    }
  memcpy (hidden, y, (gsize)lstm->units * sizeof *hidden);
}

static void
lstm_run (const Lstm *lstm, gint64 *hidden, gint64 *cell)
{
  for (gint32 batch = 0; batch < lstm->batches; batch++)
    for (gint32 step = 0; step < lstm->steps; step++)
      {
        const gint32 row = the_case->options.time_major ? step * lstm->batches + batch
                                                        : batch * lstm->steps + step;

        lstm_step (lstm, input->values + row * lstm->depth, hidden + batch * lstm->units,
                   cell + batch * lstm->units, expected + row * lstm->units);
      }
}

static PropertyTensor *
add_state (FettleType type, const Lstm *lstm, float scale, gint32 zero_point)
{
  PropertyTensor *state =
      property_add (PROPERTY_STATE, type, 2, (gint32[]){ lstm->batches, lstm->units });

  property_set_scale (state, scale, zero_point);
  return state;
}

static void
set_row_shape (const Lstm *lstm, gint32 width, gint32 shape[3])
{
  const gboolean time_major = the_case->options.time_major;

  shape[0] = time_major ? lstm->steps : lstm->batches;
  shape[1] = time_major ? lstm->batches : lstm->steps;
  shape[2] = width;
}

/* The gates' sums have 12 fraction bits; scales that use them well. */
static void
set_gate_scale (PropertyTensor *weights, const PropertyTensor *source)
{
  const double span = source->type == FETTLE_TYPE_INT16 ? 32768.0 : 128.0;

  property_set_scale (
      weights,
      (float)(ldexp (random_between (1 << 10, 1 << 11), -random_between (9, 14))
              / (128 * span * (double)source->scales[0])),
      0);
}

static void
add_gates (Lstm *lstm, FettleType type)
{
  for (int i = 0; i < 4; i++)
    lstm->weights[i] = add_weights (FETTLE_TYPE_INT8, lstm->units, lstm->depth);
  for (int i = 0; i < 4; i++)
    lstm->recurrent[i] = add_weights (FETTLE_TYPE_INT8, lstm->units, lstm->units);
  for (int i = 0; i < 3; i++)
    property_add_absent (); /* peepholes */
  for (int i = 0; i < 4; i++)
    lstm->biases[i] = add_bias (
        type == FETTLE_TYPE_INT8 ? FETTLE_TYPE_INT32 : FETTLE_TYPE_INT64, lstm->units);
  for (int i = 0; i < 2; i++)
    property_add_absent (); /* projection */
}

static void
add_lstm (Lstm *lstm, FettleType type)
{
  gint32 shape[3];

  the_case = property_start (FETTLE_OPCODE_UNIDIRECTIONAL_SEQUENCE_LSTM);
  the_case->options.time_major = random_once_in (2);
  set_row_shape (lstm, lstm->depth, shape);
  input = property_add (PROPERTY_INPUT, type, 3, shape);
  property_set_scale (input, property_random_scale (),
                      type == FETTLE_TYPE_INT8 ? property_random_zero_point (type) : 0);
  add_gates (lstm, type);
  lstm->hidden = add_state (type, lstm,
                            random_once_in (2)
                                ? (type == FETTLE_TYPE_INT8 ? 1.0f / 128 : 1.0f / 32768)
                                : (float)random_between (1000, 4000) / 400000.0f
                                      / (type == FETTLE_TYPE_INT8 ? 1 : 256),
                            type == FETTLE_TYPE_INT8 ? random_between (-30, 30) : 0);
  lstm->cell =
      add_state (FETTLE_TYPE_INT16, lstm, ldexpf (1, -random_between (9, 16)), 0);
  if (random_once_in (3))
    the_case->options.cell_clip = (float)random_between (1, 80) / 8;
  set_row_shape (lstm, lstm->units, shape);
  output = property_add (PROPERTY_OUTPUT, type, 3, shape);
  property_set_scale (output, lstm->hidden->scales[0], lstm->hidden->zero_point);
  for (int i = 0; i < 4; i++)
    {
      set_gate_scale (lstm->weights[i], input);
      set_gate_scale (lstm->recurrent[i], lstm->hidden);
    }
}

static gboolean
try_lstm (FettleType type)
{
  static gint64 hidden[PROPERTY_MAX_ELEMENTS], cell[PROPERTY_MAX_ELEMENTS];
  Lstm lstm = {
    .batches = random_between (1, 2),
    .steps = random_between (1, 3),
    .depth = random_between (1, 6),
    .units = random_between (1, 4),
  };

  add_lstm (&lstm, type);
  if (!property_lower ())
    return FALSE;
  reset (lstm.hidden, hidden);
  reset (lstm.cell, cell);
  for (int i = 0; i < N_RUNS; i++)
    {
      property_fill (input);
      property_run ();
      lstm_run (&lstm, hidden, cell);
      property_expect (0, expected);
    }
  return TRUE;
}

static gboolean
try_lstm_s8 (void)
{
  return try_lstm (FETTLE_TYPE_INT8);
}

static gboolean
try_lstm_s16 (void)
{
  return try_lstm (FETTLE_TYPE_INT16);
}

int
main (int argc, char **argv)
{
  static const Property properties[] = {
    { "svdf-s8", FRT_KERNEL_SVDF_S8, try_svdf, 1 },
    { "lstm-s8", FRT_KERNEL_LSTM_S8, try_lstm_s8, 1 },
    { "lstm-s16", FRT_KERNEL_LSTM_S16, try_lstm_s16, 1 },
  };

  return property_main (argc, argv, properties, G_N_ELEMENTS (properties));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step.h: one step of a recipe: its kind, its typed parameters, and what a kind must provide. */
#pragma once

#include "model/graph.h"
#include "tuner/samples.h"

G_BEGIN_DECLS

typedef struct _FettleStepKind FettleStepKind;

typedef enum
{
  FETTLE_PARAMETER_CHOICE, /* one of a list of names */
  FETTLE_PARAMETER_NUMBER,
  FETTLE_PARAMETER_BOOLEAN,
  FETTLE_PARAMETER_TEXT, /* any text but the empty one; no default: always given */
  FETTLE_PARAMETER_LIST, /* of objects with fields of their own; empty by default */
} FettleParameterType;

typedef struct _FettleParameter FettleParameter;

struct _FettleParameter
{
  const char *name;
  FettleParameterType type;
  const char *description;    /* one line, translatable */
  const char *const *choices; /* CHOICE: NULL-terminated; the first is the default */
  double minimum, maximum,
      default_number;            /* NUMBER; BOOLEAN uses default_number 0 or 1 */
  const FettleParameter *fields; /* LIST: of each entry; no lists again */
  guint n_fields;
};

/* The value of a parameter that is not given, floating; of a TEXT, which must be given, "". */
GVariant *fettle_parameter_get_default (const FettleParameter *parameter);

typedef struct
{
  const FettleStepKind *kind;
  GVariant *parameters; /* a{sv}, complete: defaults filled in */
  gboolean is_enabled;  /* FALSE: kept in the recipe, but not run */
} FettleStep;

const char *fettle_step_get_choice (const FettleStep *step, const char *parameter);
double fettle_step_get_number (const FettleStep *step, const char *parameter);
gboolean fettle_step_get_boolean (const FettleStep *step, const char *parameter);
/* The entries of a LIST, aa{sv}, each with all its fields; free with g_variant_unref. */
GVariant *fettle_step_get_list (const FettleStep *step, const char *parameter);
/* A field of an entry, CHOICE or TEXT. */
const char *fettle_step_entry_get_text (GVariant *entry, const char *field);

/* Real range that a tensor of the graph took over the calibration data. */
typedef struct
{
  float minimum;
  float maximum;
} FettleRange;

/* One thing that a step did. */
typedef struct
{
  guint step;  /* its place in the recipe */
  char *layer; /* name of the layer that it was done to; NULL: to the model */
  char *text;  /* a sentence for people */
} FettleReportLine;

/* What the steps of one run of a recipe share and hand on. */
typedef struct
{
  FettleGraph *graph; /* replaced by the steps; never changed in place once handed on */
  /* The float graph that "quantize" started from: it computes what GRAPH should. A layer of GRAPH keeps
   * its name there, which is unique, and the places of its operands, so that input 1 of the layer so
   * called holds the float weights; tensors of the same name hold the same thing. Layers that are not there
   * convert from one type to another. NULL before "quantize". */
  FettleGraph *reference;
  FettleSamples *samples; /* calibration data; NULL if none */
  const FettlePreprocessing
      *preprocessing; /* of the data that the model will get; may be NULL */
  GArray *ranges;     /* FettleRange per tensor of GRAPH, after "calibrate"; else NULL */
  GCancellable *cancellable;
  void (*progress) (double fraction,
                    gpointer user_data); /* of the current step; may be NULL */
  gpointer progress_data;
  guint step;        /* the current one's place in the recipe */
  GPtrArray *report; /* FettleReportLine, in the order in which things were done */
} FettleTuning;

struct _FettleStepKind
{
  const char *name;
  const char *description; /* one line, translatable */
  const FettleParameter *parameters;
  guint n_parameters;
  gboolean (*apply) (FettleTuning *tuning, const FettleStep *step, GError **error);
};

/* Notes what the current step did, as printf; LAYER is the layer's name, NULL for the whole model. */
void fettle_tuning_report (FettleTuning *tuning, const char *layer, const char *format,
                           ...) G_GNUC_PRINTF (3, 4);

/* NULL if there is no such kind. */
const FettleStepKind *fettle_step_kind_lookup (const char *name);
/* All kinds, in the usual order. */
const FettleStepKind *const *fettle_step_kinds (guint *n_kinds);

#define FETTLE_TUNER_ERROR (fettle_tuner_error_quark ())
GQuark fettle_tuner_error_quark (void);

typedef enum
{
  FETTLE_TUNER_ERROR_RECIPE, /* unknown step or parameter, impossible value or order */
  FETTLE_TUNER_ERROR_DATA,   /* a data file that does not fit the model, or is damaged */
  FETTLE_TUNER_ERROR_MODEL,  /* a step cannot be applied to this model */
} FettleTunerError;

G_END_DECLS

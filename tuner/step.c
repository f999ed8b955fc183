/* SPDX-License-Identifier: GPL-3.0-or-later */
/* step.c: the kinds of steps, and access to a step's parameters. */
#include "config.h"
#include "tuner/step-kinds.h"

#include <glib/gi18n.h>

G_DEFINE_QUARK (fettle - tuner - error - quark, fettle_tuner_error)

static const FettleStepKind *const kinds[] = {
  &fettle_step_fold,     &fettle_step_remove_dead, &fettle_step_requantize,
  &fettle_step_equalize, &fettle_step_absorb,      &fettle_step_calibrate,
  &fettle_step_quantize, &fettle_step_round,       &fettle_step_correct_bias,
};

const FettleStepKind *
fettle_step_kind_lookup (const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i]->name, name))
      return kinds[i];
  return NULL;
}

const FettleStepKind *const *
fettle_step_kinds (guint *n_kinds)
{
  *n_kinds = G_N_ELEMENTS (kinds);
  return kinds;
}

GVariant *
fettle_parameter_get_default (const FettleParameter *parameter)
{
  g_return_val_if_fail (parameter != NULL, NULL);

  switch (parameter->type)
    {
    case FETTLE_PARAMETER_CHOICE:
      return g_variant_new_string (parameter->choices[0]);
    case FETTLE_PARAMETER_NUMBER:
      return g_variant_new_double (parameter->default_number);
    case FETTLE_PARAMETER_BOOLEAN:
      return g_variant_new_boolean (parameter->default_number != 0.0);
    case FETTLE_PARAMETER_TEXT:
      return g_variant_new_string ("");
    case FETTLE_PARAMETER_LIST:
      return g_variant_new_array (G_VARIANT_TYPE_VARDICT, NULL, 0);
    default:
      g_assert_not_reached ();
    }
}

const char *
fettle_step_get_choice (const FettleStep *step, const char *parameter)
{
  const char *value;

  if (!g_variant_lookup (step->parameters, parameter, "&s", &value))
    g_return_val_if_reached (NULL);
  return value;
}

double
fettle_step_get_number (const FettleStep *step, const char *parameter)
{
  double value;

  if (!g_variant_lookup (step->parameters, parameter, "d", &value))
    g_return_val_if_reached (0.0);
  return value;
}

gboolean
fettle_step_get_boolean (const FettleStep *step, const char *parameter)
{
  gboolean value;

  if (!g_variant_lookup (step->parameters, parameter, "b", &value))
    g_return_val_if_reached (FALSE);
  return value;
}

GVariant *
fettle_step_get_list (const FettleStep *step, const char *parameter)
{
  GVariant *entries =
      g_variant_lookup_value (step->parameters, parameter, G_VARIANT_TYPE ("aa{sv}"));

  g_return_val_if_fail (entries != NULL, NULL);
  return entries;
}

const char *
fettle_step_entry_get_text (GVariant *entry, const char *field)
{
  const char *value;

  if (!g_variant_lookup (entry, field, "&s", &value))
    g_return_val_if_reached (NULL);
  return value;
}

gboolean
fettle_step_require_samples (FettleTuning *tuning, const FettleStep *step, GError **error)
{
  if (tuning->samples != NULL)
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_DATA,
               _ ("The recipe's step “%s” needs calibration data, and no calibration "
                  "data are given."),
               step->kind->name);
  return FALSE;
}

gboolean
fettle_step_require_reference (FettleTuning *tuning, const FettleStep *step,
                               GError **error)
{
  if (tuning->reference != NULL)
    return TRUE;
  g_set_error (error, FETTLE_TUNER_ERROR, FETTLE_TUNER_ERROR_RECIPE,
               _ ("The recipe's step “%s” works on a model that was quantized; put a "
                  "“quantize” step before it."),
               step->kind->name);
  return FALSE;
}

static void
report_phase (double fraction, gpointer user_data)
{
  fettle_step_phase_report (user_data, fraction);
}

void
fettle_step_phase_begin (FettleStepPhase *phase, FettleTuning *tuning, double from,
                         double to)
{
  *phase =
      (FettleStepPhase){ .tuning = *tuning, .whole = tuning, .from = from, .to = to };
  phase->tuning.progress = report_phase;
  phase->tuning.progress_data = phase;
}

void
fettle_step_phase_report (FettleStepPhase *phase, double fraction)
{
  if (phase->whole->progress != NULL)
    phase->whole->progress (phase->from + fraction * (phase->to - phase->from),
                            phase->whole->progress_data);
}

static void
report_line_free (gpointer data)
{
  FettleReportLine *line = data;

  g_free (line->layer);
  g_free (line->text);
  g_free (line);
}

GPtrArray *
fettle_report_new (void)
{
  return g_ptr_array_new_with_free_func (report_line_free);
}

void
fettle_tuning_report (FettleTuning *tuning, const char *layer, const char *format, ...)
{
  FettleReportLine *line;
  va_list arguments;

  g_return_if_fail (tuning != NULL && format != NULL);
  line = g_new (FettleReportLine, 1);
  line->step = tuning->step;
  line->layer = g_strdup (layer);
  va_start (arguments, format);
  line->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (tuning->report, line);
}

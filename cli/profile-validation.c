/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile-validation.c: a board's outputs compared with this computer's. */
#include "config.h"
#include "cli/profile-validation.h"

#include "cli/output.h"
#include "profiler/reference.h"

#include <glib/gi18n.h>

struct _FettleCliValidation
{
  FettleSession *session;
  FettleReference *reference;
  guint n_outputs, n_different; /* parts of the run */
  int first_difference;         /* layer; -1: none */
};

static void
on_output (FettleSession *session, guint crc, FettleCliValidation *self)
{
  self->n_outputs++;
  if (crc != fettle_reference_get_output_crc (self->reference))
    self->n_different++;
}

FettleCliValidation *
fettle_cli_validation_new (FettleCliSession *session, GBytes *input, GError **error)
{
  g_autoptr (FettleReference) reference =
      fettle_reference_new (fettle_cli_session_get_image (session), input, error);
  FettleCliValidation *self;

  if (reference == NULL)
    return NULL;
  self = g_new0 (FettleCliValidation, 1);
  self->session = fettle_cli_session_get_session (session);
  self->reference = g_steal_pointer (&reference);
  self->first_difference = -1;
  g_signal_connect (self->session, "output", G_CALLBACK (on_output), self);
  return self;
}

void
fettle_cli_validation_free (FettleCliValidation *self)
{
  g_signal_handlers_disconnect_by_data (self->session, self);
  fettle_reference_free (self->reference);
  g_free (self);
}

void
fettle_cli_validation_take (FettleCliValidation *self, const FettleRunResult *result)
{
  self->first_difference =
      fettle_reference_find_difference (self->reference, result->checksums);
}

static gboolean
is_same (const FettleCliValidation *self)
{
  return self->n_different == 0 && self->first_difference < 0;
}

/* Its bytes depend on the C library's functions (runtime/README.md, "Float results"). */
static gboolean
is_float (FettleGraph *graph, const FettleOperator *operator_)
{
  gint32 output =
      operator_->outputs->len > 0 ? fettle_operator_get_output (operator_, 0) : -1;

  return output >= 0
         && fettle_graph_get_tensor (graph, (guint)output)->type == FETTLE_TYPE_FLOAT32;
}

/* The first layer that differs, if that may be so; else NULL. */
static const FettleOperator *
find_float_difference (FettleCliValidation *self, FettleGraph *graph)
{
  const FettleOperator *operator_;

  if (self->first_difference < 0)
    return NULL;
  operator_ = fettle_graph_get_operator (graph, (guint)self->first_difference);
  return is_float (graph, operator_) ? operator_ : NULL;
}

void
fettle_cli_validation_print (FettleCliValidation *self, FettleGraph *graph)
{
  const FettleOperator *float_operator = find_float_difference (self, graph);

  if (float_operator != NULL)
    fettle_cli_print (
        _ ("Validated: the same bytes as on this computer up to layer %d (%s, "
           "%s), whose float numbers depend on the C library.\n"),
        self->first_difference, float_operator->name,
        fettle_opcode_get_name (float_operator->opcode));
  if (is_same (self))
    fettle_cli_print (
        _ ("Validated: the outputs of all %u layers are the same bytes as on "
           "this computer.\n"),
        fettle_reference_get_n_layers (self->reference));
}

void
fettle_cli_validation_add_json (FettleCliValidation *self, FettleGraph *graph,
                                JsonBuilder *builder)
{
  json_builder_set_member_name (builder, "validation");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "same");
  json_builder_add_boolean_value (builder, is_same (self));
  fettle_cli_add_int (builder, "outputs_compared", self->n_outputs);
  fettle_cli_add_int (builder, "outputs_different", self->n_different);
  fettle_cli_add_int (builder, "layers_compared",
                      fettle_reference_get_n_layers (self->reference));
  json_builder_set_member_name (builder, "first_difference");
  if (self->first_difference < 0)
    json_builder_add_null_value (builder);
  else
    {
      const FettleOperator *operator_ =
          fettle_graph_get_operator (graph, (guint)self->first_difference);

      json_builder_begin_object (builder);
      fettle_cli_add_int (builder, "index", self->first_difference);
      fettle_cli_add_string (builder, "name", operator_->name);
      fettle_cli_add_string (builder, "op", fettle_opcode_get_name (operator_->opcode));
      json_builder_set_member_name (builder, "float");
      json_builder_add_boolean_value (builder, is_float (graph, operator_));
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

gboolean
fettle_cli_validation_check (FettleCliValidation *self, FettleGraph *graph,
                             GError **error)
{
  const FettleOperator *operator_;

  if (is_same (self) || find_float_difference (self, graph) != NULL)
    return TRUE;
  if (self->first_difference < 0)
    {
      g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
                   _ ("The board's output differed from this computer's %u of %u times, "
                      "though every layer gave the same bytes once; check the board's "
                      "memory and clock."),
                   self->n_different, self->n_outputs);
      return FALSE;
    }
  operator_ = fettle_graph_get_operator (graph, (guint)self->first_difference);
  g_set_error (error, FETTLE_LINK_ERROR, FETTLE_LINK_ERROR_PROTOCOL,
               _ ("The board's output differs from this computer's, first in layer %d "
                  "(%s, %s); please report the model and the board's agent."),
               self->first_difference, operator_->name,
               fettle_opcode_get_name (operator_->opcode));
  return FALSE;
}

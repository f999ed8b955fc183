/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile-validation.h: a board's outputs compared with this computer's. */
#pragma once

#include "cli/board-session.h"
#include "model/graph.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _FettleCliValidation FettleCliValidation;

/* Runs SESSION's image here on INPUT (NULL: zero points), and from now on compares every output that the
 * board tells of. Free it before SESSION. */
FettleCliValidation *fettle_cli_validation_new (FettleCliSession *session, GBytes *input,
                                                GError **error);
void fettle_cli_validation_free (FettleCliValidation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FettleCliValidation, fettle_cli_validation_free)

/* After the run: compares the layers. */
void fettle_cli_validation_take (FettleCliValidation *self,
                                 const FettleRunResult *result);

void fettle_cli_validation_print (FettleCliValidation *self, FettleGraph *graph);
/* Adds the member "validation". */
void fettle_cli_validation_add_json (FettleCliValidation *self, FettleGraph *graph,
                                     JsonBuilder *builder);
/* FALSE with an error that names the first layer if anything differed but float results. */
gboolean fettle_cli_validation_check (FettleCliValidation *self, FettleGraph *graph,
                                      GError **error);

G_END_DECLS

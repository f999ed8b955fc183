/* SPDX-License-Identifier: GPL-3.0-or-later */
/* recipe-reader.h: a recipe's steps from JSON text; private to recipe.c. */
#pragma once

#include "tuner/step.h"

G_BEGIN_DECLS

#define FETTLE_RECIPE_KEY     "fettle-recipe"
#define FETTLE_RECIPE_VERSION 1
/* Of any step; not the name of a parameter. */
#define FETTLE_RECIPE_ENABLED_KEY "enabled"

/* Appends FettleStep to STEPS, each with all its parameters. */
gboolean fettle_recipe_read_steps (const char *json, GArray *steps, GError **error);

G_END_DECLS

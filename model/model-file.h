/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model-file.h: opens any file that holds a model, by its content, not by its name. */
#pragma once

#include "model/project-file.h"

G_BEGIN_DECLS

/* A `.tflite` becomes a project with an empty recipe. Runs in any thread. */
FettleProject *fettle_model_file_load (const char *path, GError **error);

G_END_DECLS

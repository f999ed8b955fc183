/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-details.h: what is known of one layer's quantization: values, alternatives, what the recipe did. */
#pragma once

#include "app/document.h"
#include "app/quantization-study.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_QUANTIZATION_DETAILS (fettle_quantization_details_get_type ())
G_DECLARE_FINAL_TYPE (FettleQuantizationDetails, fettle_quantization_details, FETTLE,
                      QUANTIZATION_DETAILS, GtkBox)

/* Once. Shows the document's selected layer, as the study knows it. */
void fettle_quantization_details_set_document (FettleQuantizationDetails *self,
                                               FettleDocument *document,
                                               FettleQuantizationStudy *study);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* quantization-page.h: the quantization error of each layer. */
#pragma once

#include "app/document.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define FETTLE_TYPE_QUANTIZATION_PAGE (fettle_quantization_page_get_type ())
G_DECLARE_FINAL_TYPE (FettleQuantizationPage, fettle_quantization_page, FETTLE,
                      QUANTIZATION_PAGE, GtkBox)

/* Once. */
void fettle_quantization_page_set_document (FettleQuantizationPage *self,
                                            FettleDocument *document);

G_END_DECLS

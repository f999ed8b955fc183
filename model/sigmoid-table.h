/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sigmoid-table.h: the sigmoid that int16 LOGISTIC, TANH and LSTM gates interpolate. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define FETTLE_SIGMOID_TABLE_LENGTH 256

/* TABLE[k] = sigmoid (k / 24) * 2^16, rounded as in TensorFlow Lite's table. */
void fettle_sigmoid_table_fill (guint16 table[FETTLE_SIGMOID_TABLE_LENGTH]);

G_END_DECLS

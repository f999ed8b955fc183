/* SPDX-License-Identifier: GPL-3.0-or-later */
/* matrix.h: dense algebra on symmetric matrices; private to the room.
 *
 * Matrices are square, row-major, in double. Every sum is formed in an order that depends on the sizes
 * only, so the results have the same bytes on every machine; no BLAS that chooses by CPU would. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

double fettle_dot (const double *a, const double *b, gsize n);
/* Y += FACTOR X */
void fettle_add_scaled (double *y, double factor, const double *x, gsize n);
/* The same with X in float. */
double fettle_dot_float (const double *a, const float *x, gsize n);
void fettle_add_scaled_float (double *y, double factor, const float *x, gsize n);

/* Adds ROWS' ROWS, for ROWS of N_ROWS times N values, to the block of MATRIX (N by N) that begins at row
 * and column FETTLE_MATRIX_BLOCK times I and K. */
#define FETTLE_MATRIX_BLOCK 32
void fettle_matrix_add_products (double *matrix, guint n, guint i, guint k,
                                 const float *rows, gsize n_rows);

/* Replaces MATRIX A, of which the upper triangle is read, by the upper triangular U with U' U = A; what
 * is below the diagonal stays. FALSE, with A spoilt, if A is not positive definite in double. */
gboolean fettle_matrix_factorize (double *matrix, guint n);
/* A part of that: rows FIRST up to and without LAST, the rows before being done. */
gboolean fettle_matrix_factorize_rows (double *matrix, guint n, guint first, guint last);
/* Solves U' U x = b in place. */
void fettle_matrix_solve (const double *factor, guint n, double *b);

G_END_DECLS

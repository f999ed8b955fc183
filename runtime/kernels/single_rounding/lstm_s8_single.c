/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_s8_single.c: UNIDIRECTIONAL_SEQUENCE_LSTM, int8 with an int16 cell state; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/lstm_s8.c"

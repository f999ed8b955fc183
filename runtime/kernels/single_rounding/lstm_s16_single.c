/* SPDX-License-Identifier: Apache-2.0 */
/* lstm_s16_single.c: UNIDIRECTIONAL_SEQUENCE_LSTM, int16 with int8 weights; with single rounding. */
#define FRT_SINGLE_ROUNDING
#include "kernels/lstm_s16.c"

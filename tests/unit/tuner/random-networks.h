/* SPDX-License-Identifier: GPL-3.0-or-later */
/* random-networks.h: float networks as people train them, with random shapes and weights. */
#pragma once

#include "model/graph.h"

/* A valid classifier, decided by SEED alone: convolutions with and without normalization, depthwise ones, residual
 * blocks, branches, pools, functions, dense layers; channels of different size, a few dead ones. One input. */
FettleGraph *random_network_new (guint32 seed);

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mark.h: marks for count-instructions.c: a hint that does nothing, except that the plugin sees it. */
#pragma once

#define MARK(number) __asm__ volatile("dbg #" #number ::: "memory")
#define REGION_BEGIN MARK (1)
#define REGION_END   MARK (2)
#define LAYER_BEGIN  MARK (3)
#define LAYER_END    MARK (4)

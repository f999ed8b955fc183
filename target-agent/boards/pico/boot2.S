/* SPDX-License-Identifier: Apache-2.0 */
/* boot2.S: the second stage of the RP2040's boot: makes the flash readable as memory, and starts what is in it.
 *
 * The boot ROM copies these 256 bytes to RAM and runs them if their checksum is right, which finish.py writes
 * into the last four (RP2040 Datasheet 2.8.1). The synchronous serial controller (4.10) then answers reads of memory
 * with the command 03h, "read data", which every serial flash knows, with 24 bits of address, on one line, at a
 * fourth of the system clock: 31 MHz at 125 MHz, which is less than flashes allow for 03h. */
        .syntax unified
        .cpu cortex-m0plus
        .thumb
        .section .boot2, "ax"

        .equ SSI, 0x18000000
        .equ CTRLR0, 0x00
        .equ CTRLR1, 0x04
        .equ SSIENR, 0x08
        .equ BAUDR, 0x14
        .equ SPI_CTRLR0, 0xF4
        .equ VTOR, 0xE000ED08
        .equ VECTORS, 0x10000100

        .global boot2
        .type boot2, %function
        .thumb_func
boot2:
        ldr     r0, =SSI
        movs    r1, #0
        str     r1, [r0, #SSIENR]       /* off, to be set up */
        movs    r1, #4
        str     r1, [r0, #BAUDR]
        ldr     r1, =(3 << 8 | 31 << 16) /* reads after a command; frames of 32 bits */
        str     r1, [r0, #CTRLR0]
        movs    r1, #0
        str     r1, [r0, #CTRLR1]       /* one frame for each read */
        ldr     r1, =(0x03 << 24 | 2 << 8 | 6 << 2) /* the command; its 8 bits; 24 bits of address */
        movs    r2, #SPI_CTRLR0
        str     r1, [r0, r2]
        movs    r1, #1
        str     r1, [r0, #SSIENR]

        ldr     r0, =VECTORS
        ldr     r1, =VTOR
        str     r0, [r1]
        ldr     r1, [r0, #0]
        msr     msp, r1
        ldr     r1, [r0, #4]
        bx      r1
        .pool
        .size boot2, . - boot2

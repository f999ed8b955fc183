#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_data.py: synthesizes the bearing vibration data of the sample.

Writes bearing_calib_x.npy, bearing_eval_x.npy and bearing_eval_y.npy beside itself. The
training set comes from the same functions with another seed and is never written.

A record is 0.13 s of a housing's acceleration at 16 kHz. A defect gives an impact at each
passage of a rolling element; each impact rings the housing's resonances. How often impacts
come, and what modulates them, tells where the defect is:

    outer race   n/2 (1 - d/D) f     stands still in the load zone: even impacts
    inner race   n/2 (1 + d/D) f     turns through the load zone once per turn of the shaft
    ball         D/d (1 - (d/D)^2) f hits both races in turn, and turns with the cage

(f: shaft speed, n: number of balls, d: ball diameter, D: pitch diameter, contact angle 0.)
The load zone follows Stribeck: a load of (1 - (1 - cos a) / 2e)^1.5 at the angle a.
"""

import os

import numpy as np

CLASSES = ("healthy", "outer race", "inner race", "ball")
HEALTHY, OUTER, INNER, BALL = range(4)

SAMPLE_RATE = 16000
HOP = 32  # samples: one frame every 2 ms
WINDOW = 64  # samples: bins of 250 Hz, two to a band
FRAMES = 64
BANDS = 16
LENGTH = HOP * (FRAMES - 1) + WINDOW

BALLS = 9
DIAMETER_RATIO = 0.2  # d/D
LOAD_ZONE = 0.4  # e: the loaded arc is a little under half of the ring


def impact_rate(fault, shaft):
    """Impacts per second of a defect at SHAFT turns per second."""
    if fault == OUTER:
        return BALLS / 2 * (1 - DIAMETER_RATIO) * shaft
    if fault == INNER:
        return BALLS / 2 * (1 + DIAMETER_RATIO) * shaft
    return (1 - DIAMETER_RATIO**2) / DIAMETER_RATIO * shaft


def load(angle):
    return np.clip(1 - (1 - np.cos(angle)) / (2 * LOAD_ZONE), 0, None) ** 1.5


def impact_heights(rng, fault, shaft, times):
    """How hard the impacts at TIMES are."""
    heights = 1 + 0.15 * rng.standard_normal(times.size)
    phase = rng.uniform(0, 2 * np.pi)
    if fault == INNER:
        heights *= load(2 * np.pi * shaft * times + phase)
    elif fault == BALL:
        cage = (1 - DIAMETER_RATIO) / 2 * shaft
        heights *= 0.25 + 0.75 * load(2 * np.pi * cage * times + phase)
        heights[rng.integers(2) :: 2] *= rng.uniform(0.5, 0.9)
    return heights


def resonances(rng):
    """The housing's answer to one impact: two damped modes."""
    time = np.arange(160) / SAMPLE_RATE
    answer = np.zeros(time.size)
    for low, high, height in ((2200, 3800, 1.0), (4600, 6800, rng.uniform(0.3, 0.8))):
        mode = np.sin(2 * np.pi * rng.uniform(low, high) * time)
        answer += height * mode * np.exp(-time / rng.uniform(0.5e-3, 1.1e-3))
    return answer


def impacts(rng, fault, shaft):
    """A record of the defect alone. Rolling elements slip, so the intervals vary."""
    interval = 1 / impact_rate(fault, shaft)
    count = int(LENGTH / SAMPLE_RATE / interval) + 4
    intervals = interval * (1 + 0.015 * rng.standard_normal(count))
    times = np.cumsum(intervals) - interval * rng.uniform(1, 2)
    heights = impact_heights(rng, fault, shaft, times)
    train = np.zeros(LENGTH)
    inside = (times >= 0) & (times < LENGTH / SAMPLE_RATE)
    np.add.at(train, (times[inside] * SAMPLE_RATE).astype(int), heights[inside])
    return np.convolve(train, resonances(rng))[:LENGTH]


def machine(rng, shaft):
    """A record of the machine without a defect: unbalance, hum, flow noise, knocks."""
    time = np.arange(LENGTH) / SAMPLE_RATE
    record = np.zeros(LENGTH)
    for rate, height in ((shaft, 1.0), (2 * shaft, 0.5), (3 * shaft, 0.3), (100, 0.4)):
        phase = rng.uniform(0, 2 * np.pi)
        record += height * rng.uniform(0.3, 1.5) * np.sin(2 * np.pi * rate * time + phase)
    white = rng.standard_normal(LENGTH + 8)
    slope = rng.uniform(0.0, 0.6)
    noise = white[8:] + slope * white[7:-1]
    noise *= 1 + rng.uniform(0, 0.5) * np.sin(2 * np.pi * shaft * time + rng.uniform(0, 6.3))
    record += 0.3 * noise
    knocks = np.zeros(LENGTH)
    for _ in range(rng.poisson(1.0)):
        knocks[rng.integers(LENGTH)] = rng.uniform(0.5, 3)
    return record + np.convolve(knocks, resonances(rng))[:LENGTH]


def bands(record):
    """Log band energies: half-decibels relative to the mean of the record, as int8."""
    window = np.hanning(WINDOW + 1)[:-1]
    starts = HOP * np.arange(FRAMES)
    frames = record[starts[:, None] + np.arange(WINDOW)] * window
    power = np.abs(np.fft.rfft(frames, axis=1)[:, 1:]) ** 2
    energy = power.reshape(FRAMES, BANDS, 2).sum(axis=2)
    level = 20 * np.log10(energy + 1e-6)
    return np.clip(np.rint(level - level.mean()), -128, 127).astype(np.int8)


def synthesize(seed, count):
    """COUNT records: int8 [COUNT, FRAMES, BANDS, 1] and the classes, int32 [COUNT]."""
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % len(CLASSES)).astype(np.int32)
    values = np.empty((count, FRAMES, BANDS, 1), np.int8)
    for index, label in enumerate(labels):
        shaft = rng.uniform(27.0, 30.5)
        record = machine(rng, shaft)
        if label != HEALTHY:
            defect = impacts(rng, label, shaft)
            severity = 10 ** (rng.uniform(-9, 5) / 20)
            record += 0.3 * severity * defect / np.sqrt(np.mean(defect**2) + 1e-9)
        values[index, :, :, 0] = bands(record)
    return values, labels


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    values, _ = synthesize(seed=2, count=100)
    np.save(os.path.join(folder, "bearing_calib_x.npy"), values)
    values, labels = synthesize(seed=3, count=400)
    np.save(os.path.join(folder, "bearing_eval_x.npy"), values)
    np.save(os.path.join(folder, "bearing_eval_y.npy"), labels)


if __name__ == "__main__":
    main()

import type { Config } from "../config.ts";

/** How long a tracker waits for what. Milliseconds. */
export interface Pace {
  submitMsMax: number;
  pollMsMin: number;
  pollMsMax: number;
  unknownWalkGapMs: number;
  /** How long a task of this model usually runs; null: not known yet. */
  usualMs: number | null;
  /** WaveSpeed tells of ends by webhooks: polls are only the net below. */
  hooks: boolean;
  /** Before an unknown job's first look at the list. */
  unknownFirstMs: number;
}

export const paceOf = (config: Config): Pace => ({
  submitMsMax: config.submitMsMax,
  pollMsMin: config.pollMsMin,
  pollMsMax: config.pollMsMax,
  unknownWalkGapMs: config.unknownWalkGapMs,
  usualMs: null,
  hooks: config.publicUrl !== null,
  unknownFirstMs: Math.min(config.submitMsMax, config.unknownWalkGapMs),
});

const LEFT_SHARE = 0.75;

/** A webhook is waited for this much longer than its task usually runs, `POLL_MS_MAX` at most; and so long at a time. */
const TOLD_SHARE = 0.25;
const TOLD_MS_MAX = 180_000;

/**
 * Three quarters of what is left of the model's usual time, then a twentieth of the time the task has run, within the
 * bounds: sparing while no end is to be expected, soon when it is. While webhooks tell of ends, a task is not polled
 * before it should have ended: a webhook that was lost costs seconds.
 */
export function pollDelayMs(runningMs: number, pace: Pace): number {
  const { usualMs, hooks, pollMsMin, pollMsMax } = pace;
  const toldMs = hooks && usualMs !== null ? usualMs + Math.min(usualMs * TOLD_SHARE, pollMsMax) - runningMs : 0;
  if (toldMs > 0) return Math.min(Math.max(Math.round(toldMs), pollMsMin), Math.max(TOLD_MS_MAX, pollMsMax));
  const left = usualMs === null ? 0 : (usualMs - runningMs) * LEFT_SHARE;
  return Math.min(Math.max(Math.round(left > 0 ? left : runningMs / 20), pollMsMin), pollMsMax);
}

/** Tasks that two connections can poll at the shortest wait, at a quarter of a second each. */
const POLLED_AT_ONCE = 16;

/** The pace of a tracker that follows so many jobs: the more, the longer its shortest wait, as its connections allow. */
export const paceAmong = (jobs: number, pace: Pace): Pace => ({
  ...pace,
  pollMsMin: Math.min(Math.round(pace.pollMsMin * Math.max(1, jobs / POLLED_AT_ONCE)), pace.pollMsMax),
});

/** Looks of one tracker fall together, so that one alarm and one commit serve many; at most a quarter of the shortest wait late. */
const STEP_MS_MAX = 500;

/** `phase`, 0 to 1: a tracker's own, so that those of many trackers do not fall together. */
export function inStep(at: number, pace: Pace, phase: number): number {
  const step = Math.max(1, Math.min(STEP_MS_MAX, Math.floor(pace.pollMsMin / 4)));
  const shift = Math.floor(phase * step);
  return Math.ceil((at - shift) / step) * step + shift;
}

/** Jobs that were submitted together do not stay together. */
const POLL_SPREAD = 1 / 3;

/** When a running task is looked at that is to be polled at `at`: up to a third later by `chance` (0 to 1), and in step. */
export function lookAbout(
  at: number,
  now: number,
  pace: Pace,
  { phase, chance }: { phase: number; chance: number },
): number {
  const wait = at - now;
  const spread = Math.min(wait * (1 + chance * POLL_SPREAD), Math.max(wait, pace.pollMsMax));
  return inStep(Math.round(now + spread), pace, phase);
}

const PROGRESS_MAX = 0.95;
const PROGRESS_STEP = 0.05;

/** How much of the usual time has passed, in steps of a twentieth. It is an estimate, so it is never 1. */
export function progressOf(runningMs: number, usualMs: number | null): number | null {
  if (usualMs === null || usualMs <= 0) return null;
  const steps = Math.floor(Math.min(Math.max(runningMs / usualMs, 0), PROGRESS_MAX) / PROGRESS_STEP + 1e-9);
  return Math.round(steps * PROGRESS_STEP * 100) / 100;
}

/** How much of the newest task's time goes into the usual one. */
const USUAL_SHARE = 0.2;

/** The usual time after one more task has run for so long. */
export const usualAfter = (usualMs: number | null, runMs: number): number =>
  Math.round(usualMs === null ? runMs : usualMs * (1 - USUAL_SHARE) + runMs * USUAL_SHARE);

/** Walks a gap apart decide nearly every lost job; one that stays open for days must not cost the list every time. */
const WALKS_IN_STEP = 5;
const WALK_DOUBLINGS_MAX = 4;

/** Until the next walk of the list, after so many. */
export const walkDelayMs = (walks: number, pace: Pace): number =>
  pace.unknownWalkGapMs * 2 ** Math.min(Math.max(walks - WALKS_IN_STEP + 1, 0), WALK_DOUBLINGS_MAX);

const DOUBLINGS_MAX = 10;

/** Back-off after a try that did not get on: doubles from the shortest wait to ten times the longest. */
export const retryDelayMs = (attempts: number, pace: Pace): number =>
  Math.min(pace.pollMsMin * 2 ** Math.min(attempts, DOUBLINGS_MAX), pace.pollMsMax * 10);

import type { Config } from "../config.ts";

/** How long a tracker waits for what. Milliseconds. */
export interface Pace {
  submitMsMax: number;
  pollMsMin: number;
  pollMsMax: number;
  unknownWalkGapMs: number;
  /** Before an unknown job's first look at the list. */
  unknownFirstMs: number;
}

export const paceOf = (config: Config): Pace => ({
  submitMsMax: config.submitMsMax,
  pollMsMin: config.pollMsMin,
  pollMsMax: config.pollMsMax,
  unknownWalkGapMs: config.unknownWalkGapMs,
  unknownFirstMs: Math.min(config.submitMsMax, config.unknownWalkGapMs),
});

/** A twentieth of the time the task has run, within the bounds: soon for short ones, sparing for long ones. */
export const pollDelayMs = (runningMs: number, pace: Pace): number =>
  Math.min(Math.max(Math.round(runningMs / 20), pace.pollMsMin), pace.pollMsMax);

const DOUBLINGS_MAX = 10;

/** Back-off after a try that did not get on: doubles from the shortest wait to ten times the longest. */
export const retryDelayMs = (attempts: number, pace: Pace): number =>
  Math.min(pace.pollMsMin * 2 ** Math.min(attempts, DOUBLINGS_MAX), pace.pollMsMax * 10);

import type { SimulatedAccount } from "./simulated-account.ts";

export interface SimulatorEnv {
  SIMULATED_ACCOUNT: DurableObjectNamespace<SimulatedAccount>;
  /** How long a task takes when its request says nothing, in ms. */
  SIMULATOR_TASK_MS?: string;
  /** How long a sync-mode submit waits for its task, in ms. */
  SIMULATOR_SYNC_LIMIT_MS?: string;
}

export interface SimulatorTimes {
  taskMs: number;
  syncLimitMs: number;
}

const TASK_MS_DEFAULT = 2_000;
/** The figure in the official clients' own tests. */
const SYNC_LIMIT_MS_DEFAULT = 90_000;

export function timesFrom(env: SimulatorEnv): SimulatorTimes {
  return {
    taskMs: milliseconds("SIMULATOR_TASK_MS", env.SIMULATOR_TASK_MS, TASK_MS_DEFAULT),
    syncLimitMs: milliseconds("SIMULATOR_SYNC_LIMIT_MS", env.SIMULATOR_SYNC_LIMIT_MS, SYNC_LIMIT_MS_DEFAULT),
  };
}

function milliseconds(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} must be a whole number of milliseconds, was "${text}"`);
  return Number(text);
}

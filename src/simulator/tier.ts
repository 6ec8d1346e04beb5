import type { Settings } from "./settings.ts";
import type { WireRefusal } from "./submit-plan.ts";

/** WaveSpeed's account levels, as its documentation lists them. */
export const TIERS: Readonly<Record<string, Pick<Settings, "videos_per_minute" | "concurrent_tasks">>> = {
  bronze: { videos_per_minute: 2, concurrent_tasks: 2 },
  silver: { videos_per_minute: 500, concurrent_tasks: 300 },
  gold: { videos_per_minute: 3_000, concurrent_tasks: 3_000 },
  ultra: { videos_per_minute: 5_000, concurrent_tasks: 10_000 },
};

/**
 * Why the account's level or credits refuse one more task; null when they do not. Excess tasks are
 * refused as seen in practice, not queued as the documentation says.
 */
export function refusalByTier(
  settings: Settings,
  load: { running: number; thisMinute: number },
  balanceUsd: number,
  priceUsd: number,
): WireRefusal | null {
  if (load.thisMinute >= settings.videos_per_minute) {
    return { status: 429, code: 429, message: "You have reached your rate limit" };
  }
  if (load.running >= settings.concurrent_tasks) {
    return { status: 429, code: 429, message: "You have reached your concurrency limit" };
  }
  // Which status WaveSpeed uses is disputed; `[[sim: http=400, code=1407]]` gives the other one.
  return priceUsd > balanceUsd ? { status: 402, code: 402, message: "Insufficient credits" } : null;
}

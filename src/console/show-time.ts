/** Where the first bucket of the histogram of times to result ends: within it nobody knows more. */
const SHORTEST_TOLD_MS = 15_000;

/** A quantile of times to result: "under 15 s", or about as long as it says. */
export const showResultTime = (ms: number | null): string =>
  ms !== null && ms < SHORTEST_TOLD_MS ? `under ${SHORTEST_TOLD_MS / 1_000} s` : showDuration(ms);

/** How long something took: "850 ms", "12.4 s", "3 min 5 s". */
export function showDuration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

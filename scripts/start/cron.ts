import type { Miniflare } from "miniflare";

const INTERVAL_MS = 60_000;

/**
 * Runs the gateway's (the first Worker's) scheduled handler every minute, as its cron trigger does when deployed: Miniflare
 * knows of triggers but has no clock. A run that takes longer than a minute delays the next one.
 */
export function startCron(miniflare: Miniflare): void {
  const next = (): void => void setTimeout(() => void tick().finally(next), INTERVAL_MS);
  const tick = async (): Promise<void> => {
    try {
      const fetcher = await miniflare.getWorker();
      const { outcome } = await fetcher.scheduled({ cron: "* * * * *", scheduledTime: new Date() });
      if (outcome !== "ok") process.stderr.write(`wavegate: the scheduled run ended with: ${outcome}\n`);
    } catch (error) {
      process.stderr.write(`wavegate: the scheduled run failed: ${String(error)}\n`);
    }
  };
  next();
}

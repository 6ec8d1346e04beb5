import type { Round, RoundResult } from "./protocol.ts";

/** Runs a round's operations, `inFlight` at a time. The clock of a Worker moves when something comes in. */
export async function drive(round: Round, operation: () => Promise<void>): Promise<RoundResult> {
  const latenciesMs: number[] = [];
  let left = round.operations;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const from = performance.now();
      await operation();
      latenciesMs.push(performance.now() - from);
    }
  };
  const from = performance.now();
  await Promise.all(Array.from({ length: round.inFlight }, caller));
  return { elapsedMs: performance.now() - from, latenciesMs };
}

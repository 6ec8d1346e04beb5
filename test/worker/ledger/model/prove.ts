import fc from "fast-check";
import { testEnv } from "../../../support/test-env.ts";
import { anyHistory, type History, type Weights } from "./any-step.ts";
import { Tally } from "./tally.ts";

/** Histories between two looks at the time that is left. */
const BATCH = 25;

/** Below this many, a code that was not seen says nothing. */
export const ENOUGH_HISTORIES = 500;

/**
 * Plays random histories until there were enough or time is up. fast-check shrinks what fails to the fewest
 * steps and prints its seed and path: WAVEGATE_SEED and WAVEGATE_PATH play the same again.
 */
export async function prove(
  what: { name: string; weights: Weights; stepsMax: number; share: number },
  play: (history: History, tally: Tally) => Promise<void>,
): Promise<Tally> {
  const { runs, seconds, seed, path } = testEnv.TEST_HISTORIES;
  const first = seed ?? Math.floor(Math.random() * 2 ** 31);
  const wanted = Math.ceil(runs * what.share);
  const tally = new Tally();
  // Not Date: histories move that.
  const began = performance.now();
  console.log(`${what.name}: seed ${first}, up to ${wanted} histories and ${seconds} s`);
  const property = fc.asyncProperty(anyHistory(what.weights, what.stepsMax), async (history) => {
    tally.histories += 1;
    await play(history, tally);
  });
  const isOver = (): boolean => tally.histories >= wanted || performance.now() - began >= seconds * 1_000;
  // A path is of one batch.
  for (let batch = 0; !isOver() && (batch === 0 || path === null); batch++) {
    const numRuns = Math.min(BATCH, wanted - tally.histories);
    await fc.assert(property, { seed: first + batch, numRuns, ...(path !== null && { path }) });
  }
  console.log(`${what.name}: ${tally} in ${Math.round((performance.now() - began) / 1_000)} s`);
  return tally;
}

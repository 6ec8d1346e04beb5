import { expect, vi } from "vitest";
import { testEnv } from "../../support/test-env.ts";
import { sendSome } from "./client.ts";
import { passDays } from "./days.ts";
import { Dice } from "./dice.ts";
import { decide } from "./operator.ts";
import { Post } from "./post.ts";
import { prove } from "./prove.ts";
import { readSome } from "./reader.ts";
import { newSea, type Sea } from "./sea.ts";
import { upstreamOf } from "./upstream.ts";
import { blow, calm } from "./weather.ts";

const TURNED_AWAY_MS = 200;

export interface Plan {
  /** Names and keys of the accounts. */
  accounts: Record<string, string>;
  clients: number;
  /** Of a storm, and how many in all for each of `WAVEGATE_RUNS`. */
  jobsMax: number;
  share: number;
}

/** One storm, and others after it for as long as a soak lasts. */
export async function storms({ share, jobsMax, ...plan }: Plan): Promise<Sea[]> {
  const { runs, seconds, seed } = testEnv.TEST_HISTORIES;
  const first = seed ?? Math.floor(Math.random() * 2 ** 31);
  const wanted = Math.ceil(runs * share);
  const began = performance.now();
  const seas: Sea[] = [];
  do {
    seas.push(await storm(first + seas.length, { ...plan, jobs: Math.min(jobsMax, wanted) }));
  } while (seas.length * jobsMax < wanted && performance.now() - began < seconds * 1_000);
  return seas;
}

/** Sends jobs through a storm, and then has everything end and the books compared. */
async function storm(
  seed: number,
  { accounts, jobs, clients }: Pick<Plan, "accounts" | "clients"> & { jobs: number },
): Promise<Sea> {
  console.log(`storm: WAVEGATE_SEED=${seed}, ${jobs} jobs`);
  // What goes wrong on purpose is told by the thousand.
  for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => {});
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 1_000);
  const dice = new Dice(seed);
  const sea = await newSea(Object.entries(accounts).map(([name, key]) => upstreamOf(name, key)));
  const post = new Post(sea, dice.fork());
  let sent = 0;
  const isOver = (): boolean => sent >= jobs;
  const until = async (dice: Dice, msMax: number, work: (dice: Dice) => Promise<unknown>): Promise<void> => {
    while (!isOver()) {
      await work(dice);
      await scheduler.wait(dice.below(msMax));
    }
  };
  await Promise.all([
    ...Array.from({ length: clients }, (_, client) =>
      until(dice.fork(), 20, async (dice) => {
        const more = await sendSome(sea, dice, `${seed} ${client} ${sent}`);
        sent += more;
        // Whoever was told to come back later does.
        if (more === 0) await scheduler.wait(TURNED_AWAY_MS);
      }),
    ),
    ...Array.from({ length: 6 }, () => until(dice.fork(), 30, (dice) => readSome(sea, dice))),
    until(dice.fork(), 600, (dice) => blow(sea, dice)),
    until(dice.fork(), 300, () => post.deliver()),
  ]);
  console.log(`storm: ${sent} jobs sent after ${seconds()} s`);
  await calm(sea);
  await passDays(sea, post);
  const decisions = await decide(sea, dice.fork(), post);
  const wrongs = await prove(sea, decisions);
  const tally = [...sea.tally].toSorted().map(([what, n]) => `${what}: ${n}`);
  console.log(`storm: ${sent} jobs, ${decisions.size} decided by people, in ${seconds()} s\n  ${tally.join("\n  ")}`);
  expect(wrongs).toEqual([]);
  return sea;
}

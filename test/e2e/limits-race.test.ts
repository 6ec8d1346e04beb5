import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";
import { race, T2V, tally } from "./race.ts";

const SUBMITS = 200;
const FITS = 7;
/** Seven jobs of $1.30, and a micro-dollar too little for the eighth. */
const LIMIT = "10.399999";
const PLENTY = "100000";

/** Each way in which a job may not fit: what sets the limit, and how the others are refused. */
interface Kind {
  name: string;
  refusal: string;
  /** Sets a limit that `FITS` jobs of this tenant fit. Answers the keys that race. */
  prepare: (books: Books, key: string) => Promise<string[]>;
  headers?: Record<string, string>;
}

const budget = (scope: object, window: string) => async (books: Books, key: string) => {
  await books.manage("PUT", "/budgets/narrow", { scope, window, limit: LIMIT });
  return [key];
};

const limit = (given: object) => async (books: Books, key: string) => {
  await books.manage("PUT", "/limits/plan", { scope: { tenant: true }, ...given });
  return [key];
};

const KINDS: Kind[] = [
  ...["total", "day", "week", "month"].map((window) => ({
    name: `a tenant's budget of a ${window}`,
    refusal: "402 budget_exceeded",
    prepare: budget({ tenant: true }, window),
  })),
  {
    name: "a team's budget, by three keys of the team at once",
    refusal: "402 budget_exceeded",
    prepare: async (books) => {
      await books.manage("PUT", "/budgets/narrow", { scope: { team: "film" }, window: "total", limit: LIMIT });
      return Promise.all([1, 2, 3].map(async () => (await books.newKey({ team: "film" })).key));
    },
  },
  {
    name: "a key's budget",
    refusal: "402 budget_exceeded",
    prepare: async (books) => {
      const { id, key } = await books.newKey({});
      await books.manage("PUT", "/budgets/narrow", { scope: { key: id }, window: "total", limit: LIMIT });
      return [key];
    },
  },
  { name: "a model's budget", refusal: "402 budget_exceeded", prepare: budget({ model: T2V }, "total") },
  {
    name: "a tag's budget",
    refusal: "402 budget_exceeded",
    prepare: budget({ tag: { name: "project", value: "alpha" } }, "total"),
    headers: { "x-wavegate-tags": "project=alpha,shot=12" },
  },
  {
    name: "prepaid credit",
    refusal: "402 credit_exhausted",
    prepare: async (books, key) => {
      await books.topUp(LIMIT);
      return [key];
    },
  },
  {
    name: "a postpaid credit limit",
    refusal: "402 credit_exhausted",
    prepare: async (books, key) => {
      await books.manage("PUT", "/credit", { limit: LIMIT });
      return [key];
    },
  },
  {
    name: "submits a minute",
    refusal: "429 rate_limited",
    // One comes free every 60 / 7 s, longer than a race takes.
    prepare: limit({ requests_per_minute: FITS }),
  },
  { name: "submits a day", refusal: "429 daily_limit", prepare: limit({ submits_per_day: FITS }) },
  { name: "jobs at once", refusal: "429 too_many_jobs", prepare: limit({ concurrent_jobs: FITS }) },
];

let gateway: StartedGateway;
beforeAll(async () => {
  gateway = await startGateway({ env: { SIMULATOR_TASK_MS: "1000", POLL_MS_MIN: "100", POLL_MS_MAX: "300" } });
});
afterAll(() => gateway?.kill9());

test.each(KINDS)("$name: of 200 submits at once exactly those that fit are admitted", async (kind) => {
  const { books, key } = await Books.open(gateway.info, PLENTY);
  const keys = await kind.prepare(books, key);
  // They run while the race does: none ends and makes room.
  const given = { prompt: "[[sim: delay=20s]]", headers: kind.headers ?? {} };
  const answers = await race(gateway.info, keys, SUBMITS, given);
  expect(tally(answers)).toEqual({ 200: FITS, [kind.refusal]: SUBMITS - FITS });
  for (const { status, headers } of answers) {
    if (status === 429) expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(await books.audit()).toMatchObject({ consistent: true, open_holds: FITS, held: "9.100000" });
});

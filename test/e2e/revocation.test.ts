import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway, type StartedGateway } from "../support/started-gateway.ts";
import { Books } from "./books.ts";
import { race, submit, tally } from "./race.ts";

const ROUNDS = 5;
const SUBMITTERS = 16;
/** Sent, and not ended while the test looks. */
const PROMPT = "[[sim: delay=1h]]";

let gateway: StartedGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.kill9());

test("from the reply of DELETE key on no submit is admitted, with submits in flight", async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const { books } = await Books.open(gateway.info, "100000");
    const { id, key } = await books.newKey({});
    let admitted = 0;
    let stopped = false;
    const submitters = Array.from({ length: SUBMITTERS }, async () => {
      while (!stopped) {
        const answer = await submit(gateway.info, key, { prompt: PROMPT });
        if (answer.status === 200) admitted += 1;
        else expect(answer.body.error?.code).toBe("key_revoked");
      }
    });
    await expect.poll(() => admitted, { timeout: 20_000, interval: 5 }).toBeGreaterThan(20);
    await books.manage("DELETE", `/keys/${id}`);
    // What the ledger had admitted by then is all that it ever will.
    const { open_holds: held } = await books.audit();
    expect(tally(await race(gateway.info, [key], 50, { prompt: PROMPT }))).toEqual({ "401 key_revoked": 50 });
    stopped = true;
    await Promise.all(submitters);
    expect(await books.audit()).toMatchObject({ consistent: true, open_holds: held });
    expect(admitted).toBe(held);
  }
});

test("reads follow within ten seconds", async () => {
  const { books, key } = await Books.open(gateway.info, "100");
  const { id, key: gone } = await books.newKey({});
  const made = await submit(gateway.info, key, { prompt: PROMPT });
  const read = async (): Promise<number> => {
    const url = `${gateway.info.gateway}/api/v3/predictions/${made.body.data?.id}/result`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${gone}` } });
    await response.body?.cancel();
    return response.status;
  };
  expect(await read()).toBe(200);
  await books.manage("DELETE", `/keys/${id}`);
  const revokedAt = Date.now();
  while ((await read()) === 200) {
    expect(Date.now() - revokedAt).toBeLessThan(11_000);
    await sleep(200);
  }
});

test("revoking with cancel_queued gives back what was not sent, and lets the rest go on", async () => {
  const { books } = await Books.open(gateway.info, "100000");
  const { id, key } = await books.newKey({});
  const sent = await race(gateway.info, [key], 3, { prompt: PROMPT });
  // Not taken by the upstream for as long as the test lasts: queued again and again.
  const waiting = await race(gateway.info, [key], 4, { prompt: "[[sim: http=429, retry_after=60, times=99]]" });
  expect(tally([...sent, ...waiting])).toEqual({ 200: 7 });
  await books.manage("DELETE", `/keys/${id}?cancel_queued=true`);
  await expect.poll(async () => (await books.audit()).open_holds, { timeout: 10_000 }).toBe(3);
  await expect
    .poll(async () => (await books.jobs()).filter((job) => job.outcome === "cancelled").length, { timeout: 10_000 })
    .toBe(4);
});

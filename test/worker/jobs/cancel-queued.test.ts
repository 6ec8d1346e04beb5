import { describe, expect, it } from "vitest";
import { parseJobId } from "../../../src/keys/job-id.ts";
import { request } from "../ledger/tenant.ts";
import { testEnv } from "../../support/test-env.ts";
import { trackerOf } from "../../../src/jobs/tracker-of.ts";
import { ROUTE } from "../../support/route.ts";
import * as w from "./world.ts";

const cancelled = async (world: w.World): Promise<unknown> => {
  const [key] = await world.ledger.listKeys();
  await world.ledger.change("revoke_key", { id: key?.id ?? "" });
  return world.ledger.cancelQueued(key?.id ?? "", -1);
};

describe("revoking with cancel_queued", () => {
  it("a job that the upstream does not take yet is cancelled and released at once", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("http=429, retry_after=60, times=9"));
    expect(await cancelled(world)).toEqual({ asked: 1, failed: 0, nextShard: null });
    await expect.poll(() => w.moneyOf(world, id)).toEqual(["hold", "release"]);
    expect(await w.rowOf(id)).toMatchObject({ state: "cancelled", outcome: "cancelled" });
  });

  it("a job whose start is still on its way is released, and can never start", async () => {
    const world = await w.newWorld();
    const [key] = await world.ledger.listKeys();
    const caller = { keyId: key?.id ?? "", keyHash: world.keyHash, mode: "live", ip: null } as const;
    const reserved = await world.ledger.reserve(request(caller));
    if (!reserved.ok) throw new Error(reserved.error.message);
    const { job } = reserved.value;
    await cancelled(world);
    expect(await w.moneyOf(world, job.jobId)).toEqual(["hold", "release"]);
    const address = parseJobId(job.jobId);
    if (!address) throw new Error("no address");
    const start = {
      tenant: world.tenant,
      job,
      input: new TextEncoder().encode("{}"),
      inputHash: "h",
      route: ROUTE,
      waitMs: 100,
    };
    expect(await trackerOf(testEnv, address).start(start)).toBeNull();
  });

  it("a job that runs goes on and is charged", async () => {
    const world = await w.newWorld();
    const id = await w.submit(world, w.prompt("delay=0s"));
    await cancelled(world);
    expect(await w.finish(id)).toMatchObject({ state: "completed" });
    expect(await w.moneyOf(world, id)).toEqual(["hold", "capture"]);
  });
});

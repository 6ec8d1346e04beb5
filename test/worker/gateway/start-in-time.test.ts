import { expect, test } from "vitest";
import { startInTime } from "../../../src/gateway/start-in-time.ts";
import { trackerOf } from "../../../src/jobs/tracker-of.ts";
import type { StartRequest } from "../../../src/jobs/types.ts";
import { parseJobId } from "../../../src/keys/job-id.ts";
import { testEnv } from "../../support/test-env.ts";
import { call, envelope, newTenant, T2V } from "./api.ts";
import { callWith, trackersWith } from "./broken.ts";

const BODY = { prompt: "[[sim: delay=1h]]" };
const PATH = `/api/v3/${T2V}`;

test("a tracker whose answer does not come is not waited for: its job is stored and shown", async () => {
  const { key, ledger } = await newTenant();
  const start = async (request?: StartRequest): Promise<never> => {
    const address = request && parseJobId(request.job.jobId);
    if (address) await trackerOf(testEnv, address).start(request);
    return new Promise<never>(() => undefined);
  };
  const response = await callWith(
    { JOB_TRACKER: trackersWith({ start }), START_WAIT_MS: "1" },
    key,
    "POST",
    PATH,
    BODY,
  );
  expect(response.status).toBe(200);
  const { data } = await envelope(response);
  expect((await call(key, "GET", `/api/v3/predictions/${String(data["id"])}/result`)).status).toBe(200);
  expect(await ledger.budgets()).toMatchObject([{ heldMicros: 1_300_000 }]);
});

test("where nothing is stored yet only the tracker's own answer counts", async () => {
  const answered = Promise.withResolvers<"no_room">();
  const view = (): Promise<null> => {
    answered.resolve("no_room");
    return Promise.resolve(null);
  };
  const request = { waitMs: 1, job: { jobId: "none" } } as StartRequest;
  expect(await startInTime({ start: () => answered.promise, view }, request, () => undefined)).toBe("no_room");
});

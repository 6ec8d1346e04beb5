import { afterEach, expect, it, vi } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { hookToken } from "../../../src/keys/hook-mac.ts";
import { makeJobId } from "../../../src/keys/job-id.ts";
import { testEnv } from "../../support/test-env.ts";
import { spyFetch } from "../../support/spy-fetch.ts";
import * as w from "./world.ts";

afterEach(() => void vi.restoreAllMocks());

it("a webhook asks all accounts for their secrets at once: one that is slow does not keep the others", async () => {
  const { accounts, secrets } = parseConfig(testEnv);
  let asked = 0;
  const all = Promise.withResolvers<void>();
  spyFetch(async (request, real) => {
    if (!request.url.endsWith("/webhook/secret")) return real(request);
    asked += 1;
    if (asked === accounts.length) all.resolve();
    // None is answered before all are asked.
    await all.promise;
    return real(request);
  });
  const jobId = makeJobId({ tenant: w.hex(6), shard: 0 }, w.hex(8));
  const response = await w.gateway(`/hooks/wavespeed/${jobId}?t=${hookToken(jobId, secrets)}`, {
    method: "POST",
    body: JSON.stringify({ id: "u1", status: "completed" }),
  });
  expect(response.status).toBe(200);
  await response.body?.cancel();
  expect(asked).toBe(accounts.length);
}, 10_000);

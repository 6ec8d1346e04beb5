import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startInTime } from "../../../src/gateway/start-in-time.ts";
import type { JobView, StartRequest } from "../../../src/jobs/types.ts";

const request = { waitMs: 0, job: { jobId: "a" } } as StartRequest;
const started = { id: "a", state: "running" } as JobView;
const stored = { id: "a", state: "submitting" } as JobView;

beforeEach(() => vi.stubGlobal("scheduler", { wait: async () => undefined }));
afterEach(() => vi.unstubAllGlobals());

/** A start that ends after the Worker's patience. */
function slow(view: () => Promise<JobView | null>) {
  const { promise, resolve } = Promise.withResolvers<JobView>();
  return { tracker: { start: () => promise, view }, end: () => resolve(started) };
}

test("what is stored is shown, and the start goes on", async () => {
  const { tracker } = slow(async () => stored);
  const goesOn: unknown[] = [];
  expect(await startInTime(tracker, request, (work) => goesOn.push(work))).toBe(stored);
  expect(goesOn).toHaveLength(1);
});

test.each([
  ["nothing is stored yet", async () => null],
  [
    "the look at it fails: its job may be made, and told as an error it would be submitted once more",
    async () => {
      throw new Error("Durable Object is overloaded");
    },
  ],
])("%s: only the start can tell", async (_why, view) => {
  const { tracker, end } = slow(view);
  const answer = startInTime(tracker, request, () => undefined);
  end();
  expect(await answer).toBe(started);
});

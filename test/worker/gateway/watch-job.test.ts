import { expect, test } from "vitest";
import { hasEnded, watchJob } from "../../../src/gateway/watch-job.ts";
import type { JobView } from "../../../src/jobs/types.ts";

test("a read that breaks while a submit waits is no answer: it waits on, and never says to submit again", async () => {
  const running = { id: "0".repeat(32), state: "running" } as JobView;
  const answers = [() => Promise.reject(new Error("reset")), () => Promise.resolve({ ...running, state: "completed" })];
  const tracker = { view: () => answers.shift()?.() as Promise<JobView> };
  expect(await watchJob(tracker, running, hasEnded, 5_000)).toMatchObject({ state: "completed" });
  const gone = { view: () => Promise.reject(new Error("reset")) };
  expect(await watchJob(gone, running, hasEnded, 300)).toBe(running);
});

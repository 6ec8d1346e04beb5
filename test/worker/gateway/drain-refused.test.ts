import { expect, test } from "vitest";
import { drain } from "../../../src/gateway/drain-refused.ts";

const TRICKLE_MS = 50;

test("a refused request whose body trickles is answered all the same, and read no further", async () => {
  let isCancelled = false;
  const trickle = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await scheduler.wait(TRICKLE_MS);
      controller.enqueue(new Uint8Array(1));
    },
    cancel: () => void (isCancelled = true),
  });
  const begun = Date.now();
  await drain(trickle, 300);
  expect(Date.now() - begun).toBeLessThan(3_000);
  await expect.poll(() => isCancelled).toBe(true);
});

test("a body that ends, or whose sender goes away, is read to there and no time is lost", async () => {
  const whole = new Blob([new Uint8Array(300_000)]).stream();
  const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error("gone")) });
  const begun = Date.now();
  await drain(whole, 60_000);
  await drain(broken, 60_000);
  expect(Date.now() - begun).toBeLessThan(10_000);
});

import { afterEach, expect, test, vi } from "vitest";
import { isDoorOpen, throughDoor, type Knock } from "../../../src/gateway/submit-door.ts";

const knock = (tenant: string, mode: "live" | "test" = "live"): Knock => ({
  tenant,
  mode,
  submitsInHandMax: 20,
  startWaitMs: 4_000,
});

const never = (): Promise<never> => new Promise(() => undefined);

afterEach(() => vi.useRealTimers());

test("submits that the platform ended without a word are given up after a minute", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  for (let submit = 0; submit < 20; submit++) expect(throughDoor(knock("lost"), never)).not.toBeNull();
  expect(throughDoor(knock("lost"), never)).toBeNull();
  vi.setSystemTime(1_000_000 + 59_000);
  expect(isDoorOpen(knock("lost"))).toBe(false);
  vi.setSystemTime(1_000_000 + 61_000);
  for (let submit = 0; submit < 20; submit++) expect(throughDoor(knock("lost"), never)).not.toBeNull();
  expect(isDoorOpen(knock("lost"))).toBe(false);
});

test("one that ends after it was given up counts for nothing", async () => {
  vi.useFakeTimers({ now: 2_000_000 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const late = throughDoor(knock("late"), () => promise);
  vi.setSystemTime(2_000_000 + 61_000);
  for (let submit = 0; submit < 20; submit++) throughDoor(knock("late"), never);
  resolve("done");
  expect(await late).toBe("done");
  expect(isDoorOpen(knock("late"))).toBe(false);
});

test("a tenant's sandbox takes no place of its live submits, nor of another tenant's", () => {
  for (let submit = 0; submit < 20; submit++) throughDoor(knock("one", "test"), never);
  expect(isDoorOpen(knock("one", "test"))).toBe(false);
  expect(isDoorOpen(knock("one"))).toBe(true);
  expect(isDoorOpen(knock("two", "test"))).toBe(true);
});

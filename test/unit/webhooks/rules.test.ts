import { describe, expect, test } from "vitest";
import { answered, begun, refuseAttempt, replayed } from "../../../src/webhooks/delivery-machine.ts";
import { FAILING_MS_MAX, healthAfter } from "../../../src/webhooks/endpoint-health.ts";
import { hasLane, LANES } from "../../../src/webhooks/lanes.ts";
import { RETRY_MS, ROUND_MS_MAX } from "../../../src/webhooks/retry-schedule.ts";
import type { Delivery } from "../../../src/webhooks/types.ts";

const NOW = 1_800_000_000_000;
const BAD = { delivered: false, gone: false, retryAfterMs: null };
const GOOD = { ...BAD, delivered: true };

const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  id: "1",
  eventId: "e",
  event: "job.completed",
  jobId: "j",
  endpointId: null,
  url: "https://acme.dev/",
  signature: "standard",
  state: "pending",
  end: null,
  attempts: 1,
  tries: 1,
  roundAt: NOW,
  createdAt: NOW,
  nextAt: NOW,
  endedAt: null,
  ...change,
});

describe("a delivery", () => {
  test("is counted before it is attempted, and comes again if nothing is heard of that", () => {
    expect(begun(delivery(), NOW, 20_000)).toEqual({ attempts: 2, tries: 2, nextAt: NOW + 30_000 });
  });

  test("ends with 2xx, whichever attempt that was", () => {
    const end = { state: "delivered", end: null, nextAt: null, endedAt: NOW };
    expect(answered(delivery({ attempts: 3 }), 3, GOOD, NOW, 0)).toEqual(end);
    expect(answered(delivery({ attempts: 3 }), 2, GOOD, NOW, 0)).toEqual(end);
  });

  test("is not put off by what an older attempt failed with", () => {
    expect(answered(delivery({ attempts: 3 }), 2, BAD, NOW, 0)).toEqual({});
    expect(answered(delivery({ attempts: 3 }), 2, { ...BAD, gone: true }, NOW, 0)).toEqual({});
  });

  test("that is replayed while an attempt is on its way has its whole new round, whatever comes of that attempt", () => {
    const again = { ...delivery({ attempts: 3, tries: 3 }), ...replayed(NOW + 1) };
    expect(answered(again, 3, BAD, NOW + 2, 0)).toEqual({});
    expect(answered(again, 3, { ...BAD, gone: true }, NOW + 2, 0)).toEqual({});
    expect(answered(again, 3, GOOD, NOW + 2, 0)).toMatchObject({ state: "delivered" });
  });

  test("goes on by the schedule, and fails after its last try", () => {
    expect(answered(delivery(), 1, BAD, NOW, 0)).toEqual({ nextAt: NOW + 10_000 });
    const last = delivery({ attempts: 40, tries: RETRY_MS.length + 1 });
    expect(answered(last, 40, BAD, NOW, 0)).toMatchObject({ state: "failed", end: "exhausted", nextAt: null });
  });

  test("fails at once with 410, and a test after one attempt", () => {
    expect(answered(delivery(), 1, { ...BAD, gone: true }, NOW, 0)).toMatchObject({ state: "failed", end: "gone" });
    expect(answered(delivery({ event: "test" }), 1, BAD, NOW, 0)).toMatchObject({ state: "failed", end: "exhausted" });
  });

  test("that has ended stays as it is, whatever is answered late", () => {
    for (const state of ["delivered", "failed", "dropped"] as const) {
      expect(answered(delivery({ state, nextAt: null }), 1, GOOD, NOW, 0)).toEqual({});
    }
  });

  test("is replayed with all its tries, and its attempts counted on", () => {
    const again = { ...delivery({ state: "failed", tries: 20, attempts: 20 }), ...replayed(NOW + 1) };
    expect(again).toMatchObject({ state: "pending", tries: 0, attempts: 20, roundAt: NOW + 1, nextAt: NOW + 1 });
  });

  test("is not attempted where it may not go any more, or after 4 days", () => {
    const open = { disabled: false, urlRefused: false };
    expect(refuseAttempt(delivery(), open, NOW + ROUND_MS_MAX)).toBeNull();
    expect(refuseAttempt(delivery(), open, NOW + ROUND_MS_MAX + 1)).toBe("too_late");
    expect(refuseAttempt(delivery(), { ...open, disabled: true }, NOW)).toBe("endpoint_disabled");
    expect(refuseAttempt(delivery(), { ...open, urlRefused: true }, NOW)).toBe("url_refused");
  });
});

describe("an endpoint", () => {
  const fine = { failingSince: null, disabled: null };
  const bad = { delivered: false, gone: false, exhausted: false };
  const last = { ...bad, exhausted: true };

  test("is disabled after 3 days of nothing but failures", () => {
    const failing = healthAfter(fine, bad, NOW);
    expect(failing).toEqual({ failingSince: NOW, disabled: null });
    expect(healthAfter(failing, last, NOW + FAILING_MS_MAX - 1)).toEqual(failing);
    expect(healthAfter(failing, last, NOW + FAILING_MS_MAX).disabled).toBe("failing");
  });

  test("is not, before a delivery has had its last try; after 4 days it is in any case", () => {
    const failing = healthAfter(fine, bad, NOW);
    expect(healthAfter(failing, bad, NOW + ROUND_MS_MAX - 1)).toEqual(failing);
    expect(healthAfter(failing, bad, NOW + ROUND_MS_MAX).disabled).toBe("failing");
  });

  test("is forgiven everything by one success", () => {
    expect(healthAfter({ failingSince: NOW, disabled: null }, { ...bad, delivered: true }, NOW + 1)).toEqual(fine);
  });

  test("is disabled by 410 at once, and never enabled by an answer", () => {
    const gone = healthAfter(fine, { ...bad, gone: true }, NOW);
    expect(gone.disabled).toBe("gone");
    expect(healthAfter(gone, { ...bad, delivered: true }, NOW + 1)).toEqual(gone);
  });
});

describe("connections", () => {
  const lane = (host: string, failing = false) => ({ host, failing });

  test("are four in all, and two to one host", () => {
    expect(hasLane([lane("a")], lane("a"))).toBe(true);
    expect(hasLane([lane("a"), lane("a")], lane("a"))).toBe(false);
    expect(hasLane([lane("a"), lane("a"), lane("b")], lane("b"))).toBe(true);
    expect(hasLane([lane("a"), lane("a"), lane("b"), lane("b")], lane("c"))).toBe(false);
    expect(LANES).toBe(4);
  });

  test("are one to a host that fails, and two to such hosts together: others never wait for them all", () => {
    expect(hasLane([lane("a", true)], lane("a", true))).toBe(false);
    expect(hasLane([lane("a", true)], lane("b", true))).toBe(true);
    expect(hasLane([lane("a", true), lane("b", true)], lane("c", true))).toBe(false);
    expect(hasLane([lane("a", true), lane("b", true)], lane("c"))).toBe(true);
  });
});

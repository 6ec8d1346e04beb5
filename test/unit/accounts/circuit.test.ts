import { expect, it } from "vitest";
import { afterEvent, CLOSED, type Circuit, type CircuitEvent } from "../../../src/accounts/circuit.ts";

const NOW = 1_000_000;
const after = (events: CircuitEvent[], from: Circuit = CLOSED): Circuit =>
  events.reduce((circuit, event) => afterEvent(circuit, event, NOW), from);
const times = (count: number, event: CircuitEvent): CircuitEvent[] => Array.from({ length: count }, () => event);

const FAULT: CircuitEvent = { kind: "fault", reason: "HTTP 402", tenant: "a" };
/** Of many tenants in turn. */
const faults = (count: number): CircuitEvent[] =>
  Array.from({ length: count }, (_, n) => ({ kind: "fault", reason: "HTTP 402", tenant: `t${n % 4}` }));
const LOST: CircuitEvent = { kind: "lost" };
const CREATED: CircuitEvent = { kind: "created" };
const FINE: CircuitEvent = { kind: "probed", problem: null, sure: true };
const BAD: CircuitEvent = { kind: "probed", problem: "used up", sure: true };
const UNREAD: CircuitEvent = { kind: "probed", problem: "HTTP 500", sure: false };

it("a job that the account refused has the balance read, and closes nothing by itself", () => {
  expect(after([FAULT])).toMatchObject({ state: "closed", probeAt: NOW });
  expect(after([FAULT, FINE])).toMatchObject({ state: "closed", probeAt: null });
  expect(after([FAULT, BAD])).toMatchObject({ state: "open", reason: "used up", since: NOW, probeAt: NOW + 5_000 });
});

it("ten in a row open it whatever the balance says; a task between them does not", () => {
  expect(after(faults(9)).state).toBe("closed");
  expect(after(faults(10))).toMatchObject({ state: "open", reason: "HTTP 402" });
  expect(after([...faults(9), CREATED, FAULT]).state).toBe("closed");
});

it("one tenant's jobs alone never open it: it may be their model, or a price above the balance", () => {
  expect(after(times(100, FAULT)).state).toBe("closed");
  expect(after([...times(100, FAULT), ...faults(3)]).state).toBe("open");
});

it("a balance that cannot be read opens it only where POSTs are lost as well", () => {
  expect(after([FAULT, UNREAD])).toMatchObject({ state: "closed", probeAt: null });
  expect(after([...times(5, LOST), UNREAD])).toMatchObject({ state: "open", reason: "HTTP 500" });
  expect(after([FAULT, BAD, UNREAD])).toMatchObject({ state: "open", tries: 2 });
});

it("five POSTs lost in a row have the balance read", () => {
  expect(after(times(4, LOST)).probeAt).toBeNull();
  expect(after(times(5, LOST)).probeAt).toBe(NOW);
  expect(after([...times(4, LOST), CREATED, LOST]).probeAt).toBeNull();
  expect(after([...times(5, LOST), FINE, ...times(4, LOST)]).probeAt).toBeNull();
});

it("it stays open until the balance is there, and asks ever more seldom", () => {
  const waits = [5, 10, 20, 40, 60, 60].map((_, tries) => {
    const { probeAt } = after([FAULT, ...times(tries + 1, BAD)]);
    return ((probeAt ?? 0) - NOW) / 1_000;
  });
  expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  expect(after([FAULT, BAD, CREATED]).state).toBe("open");
  expect(after([FAULT, BAD, BAD, FINE])).toMatchObject({ state: "closed", probeAt: null });
});

it("one that refuses everything though its balance is there opens again at the next job", () => {
  const half = after([...faults(10), FINE]);
  expect(half.state).toBe("closed");
  expect(after([FAULT], half)).toMatchObject({ state: "open", probeAt: NOW + 10_000 });
  expect(after([CREATED, FAULT], half).state).toBe("closed");
});

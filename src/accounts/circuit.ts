/** Whether an account is used. Times are epoch ms. */
export interface Circuit {
  state: "closed" | "open";
  /** Why it is open: for operators only. */
  reason: string;
  since: number;
  /** Jobs in a row that the account refused, of which tenants (as many as count), and POSTs in a row that were lost. */
  faults: number;
  faultsOf: string[];
  losses: number;
  /** Times in a row that it was found open: the exponent of the wait. */
  tries: number;
  /** When the balance is read next; null: not before something happens. */
  probeAt: number | null;
}

export type CircuitEvent =
  | { kind: "created" }
  /** The account refused a job: key, funds or state. */
  | { kind: "fault"; reason: string; tenant: string }
  /** A POST whose outcome nobody knows. */
  | { kind: "lost" }
  | { kind: "probe_asked" }
  /** What the balance said; `problem` null: it is there. `sure`: not only that it could not be read. */
  | { kind: "probed"; problem: string | null; sure: boolean };

/**
 * Whatever the balance says: an account that refuses this many jobs in a row is not used. But a refusal may be about a
 * model, or a job dearer than the balance: no tenant alone can stop the account for the others.
 */
const FAULTS_MAX = 10;
const FAULTING_TENANTS_MIN = 3;
const LOSSES_MAX = 5;
const WAIT_MS_MIN = 5_000;
const WAIT_MS_MAX = 60_000;

export const CLOSED: Circuit = {
  state: "closed",
  reason: "",
  since: 0,
  faults: 0,
  faultsOf: [],
  losses: 0,
  tries: 0,
  probeAt: null,
};

/** The pure circuit breaker; the table is in this folder's README. */
export function afterEvent(circuit: Circuit, event: CircuitEvent, now: number): Circuit {
  switch (event.kind) {
    case "created":
      return circuit.state === "open" ? circuit : { ...circuit, faults: 0, faultsOf: [], losses: 0, tries: 0 };
    case "fault": {
      const faultsOf = [...new Set([...circuit.faultsOf, event.tenant])].slice(0, FAULTING_TENANTS_MIN);
      const after = { ...circuit, faults: circuit.faults + 1, faultsOf };
      if (circuit.state === "open") return after;
      const isAll = after.faults >= FAULTS_MAX && faultsOf.length >= FAULTING_TENANTS_MIN;
      return isAll ? opened(after, event.reason, now) : { ...after, probeAt: now };
    }
    case "lost": {
      const losses = circuit.losses + 1;
      const ask = circuit.state === "closed" && losses % LOSSES_MAX === 0;
      return { ...circuit, losses, ...(ask ? { probeAt: now } : {}) };
    }
    case "probe_asked":
      return { ...circuit, probeAt: now };
    case "probed":
      return probed(circuit, event, now);
  }
}

function probed(circuit: Circuit, { problem, sure }: Extract<CircuitEvent, { kind: "probed" }>, now: number): Circuit {
  // One read that failed says nothing yet of an account that takes jobs.
  const isSlip = problem !== null && !sure && circuit.state === "closed" && circuit.losses < LOSSES_MAX;
  if (isSlip) return { ...circuit, probeAt: null };
  if (problem !== null) return opened(circuit, problem, now);
  if (circuit.state === "closed") return { ...circuit, probeAt: null };
  return { ...circuit, state: "closed", reason: "", since: now, losses: 0, probeAt: null };
}

const opened = (circuit: Circuit, reason: string, now: number): Circuit => ({
  ...circuit,
  state: "open",
  reason,
  since: circuit.state === "open" ? circuit.since : now,
  tries: circuit.tries + 1,
  probeAt: now + Math.min(WAIT_MS_MIN * 2 ** circuit.tries, WAIT_MS_MAX),
});

/** Whether an account is used. Times are epoch ms. */
export interface Circuit {
  state: "closed" | "open";
  /** Why it is open: for operators only. */
  reason: string;
  since: number;
  /** Jobs in a row that the account refused, and POSTs in a row that were lost. */
  faults: number;
  losses: number;
  /** Times in a row that it was found open: the exponent of the wait. */
  tries: number;
  /** When the balance is read next; null: not before something happens. */
  probeAt: number | null;
}

export type CircuitEvent =
  | { kind: "created" }
  /** The account refused a job: key, funds or state. */
  | { kind: "fault"; reason: string }
  /** A POST whose outcome nobody knows. */
  | { kind: "lost" }
  | { kind: "probe_asked" }
  /** What the balance said; `problem` null: it is there. */
  | { kind: "probed"; problem: string | null };

/** Whatever the balance says: an account that refuses this many jobs in a row is not used. */
const FAULTS_MAX = 10;
const LOSSES_MAX = 5;
const WAIT_MS_MIN = 5_000;
const WAIT_MS_MAX = 60_000;

export const CLOSED: Circuit = {
  state: "closed",
  reason: "",
  since: 0,
  faults: 0,
  losses: 0,
  tries: 0,
  probeAt: null,
};

/** The pure circuit breaker; the table is in this folder's README. */
export function afterEvent(circuit: Circuit, event: CircuitEvent, now: number): Circuit {
  switch (event.kind) {
    case "created":
      return circuit.state === "open" ? circuit : { ...circuit, faults: 0, losses: 0, tries: 0 };
    case "fault": {
      const faults = circuit.faults + 1;
      if (circuit.state === "open") return { ...circuit, faults };
      return faults >= FAULTS_MAX
        ? opened({ ...circuit, faults }, event.reason, now)
        : { ...circuit, faults, probeAt: now };
    }
    case "lost": {
      const losses = circuit.losses + 1;
      const ask = circuit.state === "closed" && losses % LOSSES_MAX === 0;
      return { ...circuit, losses, ...(ask ? { probeAt: now } : {}) };
    }
    case "probe_asked":
      return { ...circuit, probeAt: now };
    case "probed":
      return probed(circuit, event.problem, now);
  }
}

function probed(circuit: Circuit, problem: string | null, now: number): Circuit {
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

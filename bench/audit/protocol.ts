import type { AuditStep } from "../../src/ledger/audit/audit-types.ts";

/** What the scenario (Node) asks of the bench's Worker, as JSON bodies of POSTs. */
export type AuditRequest = { tenant: string } & (
  | { op: "provision" }
  /** Admits so many jobs and leaves them open. */
  | { op: "hold"; count: number }
  /** Makes rows of tag_spend that count nowhere else, from number `first` on. */
  | { op: "tags"; first: number; count: number }
  /** Signs a checkpoint of what there is. */
  | { op: "sign" }
  | { op: "sql"; statement: string }
  | { op: "audit" }
);

/** One audit, and what it did to those who wanted something else of the object meanwhile. */
export interface AuditResult {
  report: Extract<AuditStep, { state: "done" }>["report"];
  steps: number;
  seconds: number;
  /** The longest call of the audit, and the one admission after each. By the Worker's clock, around its RPC. */
  longestStepMs: number;
  longestAdmissionMs: number;
  medianStepMs: number;
}

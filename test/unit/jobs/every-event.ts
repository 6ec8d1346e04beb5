import type { EventKind, EventOf } from "../../../src/jobs/machine/event.ts";
import type { PollAnswer } from "../../../src/upstream/answers.ts";
import { RESULT } from "./job-fixture.ts";

const polls: readonly PollAnswer[] = [
  { kind: "working", status: "processing" },
  { kind: "completed", result: RESULT },
  { kind: "failed", result: { ...RESULT, outputs: [], code: 1405, error: "no" } },
  { kind: "ended_unpriced", status: "deleted", result: RESULT },
  { kind: "gone" },
  { kind: "unrecognised", status: "pondering" },
  { kind: "unreachable", reason: "HTTP 503" },
];

const bills = ["charged", "refunded", "nothing", "unreachable"] as const;

/** Each kind of event, with each answer that it can bring. */
export const EVENTS_OF: { [K in EventKind]: readonly EventOf<K>[] } = {
  post_started: [{ kind: "post_started" }],
  post_answered: [
    { kind: "post_answered", answer: { kind: "created", upstreamId: "u1", status: "created" } },
    { kind: "post_answered", answer: { kind: "not_created", retryAfterMs: null, reason: "HTTP 429" } },
    { kind: "post_answered", answer: { kind: "refused", status: 400, code: 1401, message: "bad field" } },
    { kind: "post_answered", answer: { kind: "account_fault", reason: "HTTP 402" } },
    { kind: "post_answered", answer: { kind: "lost", reason: "HTTP 502" } },
  ],
  waited: [{ kind: "waited", againMs: 1_000 }],
  send_limit_passed: [{ kind: "send_limit_passed" }],
  cancel_asked: [{ kind: "cancel_asked" }],
  polled: polls.map((answer) => ({ kind: "polled", answer })),
  billed: bills.map((answer) => ({ kind: "billed", answer })),
  adopted: [{ kind: "adopted", upstreamId: "u1" }],
  claim_refused: [{ kind: "claim_refused" }],
  walked: [
    { kind: "walked", complete: true, unclaimed: [] },
    { kind: "walked", complete: true, unclaimed: ["u1"] },
    { kind: "walked", complete: true, unclaimed: ["u1", "u2"] },
    { kind: "walked", complete: false, unclaimed: [] },
  ],
  settled: [{ kind: "settled" }],
  polled_late: polls.map((answer) => ({ kind: "polled_late", answer, upstreamId: "u1" })),
  billed_late: bills.map((answer) => ({ kind: "billed_late", answer })),
  loss_recorded: [{ kind: "loss_recorded" }],
  resolved: [
    { kind: "resolved", action: "capture", reason: "seen", actor: "operator:1" },
    { kind: "resolved", action: "release", reason: "seen", actor: "operator:1" },
  ],
};

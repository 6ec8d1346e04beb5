import type { Permit, PermitUse, QueuePlace } from "../accounts/types.ts";
import type { JobFacts, Mode } from "../ledger/journal-entry.ts";
import type { PredictionResult } from "../upstream/answers.ts";
import type { JobNotify, JobState, JobTerms, UpstreamRefusal } from "./job.ts";
import type { TimelineEvent } from "./timeline.ts";

/** Where and in which order a job is sent. */
export interface Route {
  /** Accounts that may take it, the preferred first; at least one. */
  accounts: string[];
  /** As in `PRIORITIES`. */
  priority: number;
  /** The tenant's share of turns. */
  weight: number;
}

/** What the edge hands a tracker: the admitted job and the exact body to POST. */
export interface StartRequest {
  tenant: string;
  job: JobFacts;
  /** JSON of the validated input, defaults written in; UTF-8, since a text would count double in a call. */
  input: Uint8Array;
  /** SHA-256 (hex) of the canonical input: how a lost task is recognised in WaveSpeed's list. */
  inputHash: string;
  route: Route;
  /** For how long after its admission the input is kept for its tenant to read; 0: only until it was sent. */
  keepInputMs: number;
  /** Its tenant will read the outputs as base64. */
  base64Output?: boolean;
  /** Whom to tell how it ended; absent: nobody, or an edge of the release before. */
  notify?: JobNotify | null;
  /** How long the answer may wait for the upstream's. */
  waitMs: number;
}

/** A job as its tracker shows it. Times are epoch ms. */
export interface JobView {
  id: string;
  /** Absent: told by a tracker of the release before. */
  mode?: Mode;
  model: string;
  state: JobState;
  upstreamStatus: string | null;
  priceMicros: number;
  createdAt: number;
  endedAt: number | null;
  result: PredictionResult | null;
  refusal: UpstreamRefusal | null;
  /** Its place in our own queue, while it waits there. */
  queue: QueuePlace | null;
  /** While it runs: how much of its model's usual time has passed, 0 to 0.95; null where that is not known. */
  progress: number | null;
  /** Ended without WaveSpeed having taken it, by no fault of the input. */
  neverSent: boolean;
  /** A read is to give the outputs themselves, as base64. */
  base64Output: boolean;
}

/** What happened to a job and to its money. */
export interface JobTimeline {
  terms: JobTerms | null;
  upstreamId: string | null;
  events: TimelineEvent[];
}

/** What a job was made of, as far as its tenant had it kept. */
export interface JobInput {
  /** SHA-256 (hex) of the canonical input. */
  hash: string;
  /** Epoch ms; null: it is not kept. */
  keptUntil: number | null;
  /** It was to be kept for longer, and gave way to newer ones. */
  dropped: boolean;
  /** JSON, UTF-8: the input with its defaults, as it was sent. */
  bytes: Uint8Array<ArrayBuffer> | null;
}

/** What a person decided of a job. `actor`: who, for the journal. */
export interface Decision {
  action: "capture" | "release";
  reason: string;
  actor: string;
}

/** A webhook whose signature was verified: the task that it names, and the signature, which no other has. */
export interface VerifiedHook {
  upstreamId: string;
  signature: string;
}

/** RPC surface of JobTracker. */
export interface JobTrackerApi {
  /**
   * Stores and sends the job; the same id again changes nothing. Null: the id was voided. `deleted`: by its tenant.
   * `no_room`: for its body; the id is void from now on, its hold the caller's to end.
   */
  start(request: StartRequest): Promise<JobView | "deleted" | "no_room" | null>;
  /** Which of these jobs are known; the others get a tombstone and can never start. */
  voidUnstarted(jobIds: string[]): Promise<{ known: string[]; voided: string[] }>;
  /**
   * Cancels those of these jobs that were not sent yet, and settles them. `voided`: those it does not know,
   * which can never start from now on; their holds are the caller's to end.
   */
  cancelQueued(jobIds: string[]): Promise<{ cancelled: string[]; voided: string[] }>;
  /** One job, as its tenant asks: `too_late`: WaveSpeed has it, or may have, and offers no way to stop it. */
  cancel(jobId: string): Promise<"cancelled" | "asked" | "too_late" | "ended" | "no_job">;
  /** Hides those of these jobs that are of this mode from their tenant; those not sent yet are cancelled. Answers how many were there. */
  remove(jobIds: string[], mode: Mode): Promise<number>;
  view(jobId: string): Promise<JobView | null>;
  /** Those of these jobs that their tenant may see, in the order that they are named. */
  views(jobIds: string[]): Promise<JobView[]>;
  /** The kept inputs of those jobs that have one of at most `bytesMax` bytes of JSON, by job id. */
  inputs(jobIds: string[], bytesMax: number): Promise<Record<string, string>>;
  timeline(jobId: string): Promise<JobTimeline | null>;
  input(jobId: string): Promise<JobInput | null>;
  /** `not_unclear`: the machine knows, or will; `found`: its task was found just now. Neither changed anything. */
  resolve(jobId: string, decision: Decision): Promise<"resolved" | "no_job" | "not_unclear" | "found">;
  /** Something says that the job moved on: look soon. Null: it was no webhook that verified. */
  hint(jobId: string, verified: VerifiedHook | null): Promise<void>;
  /** An account has room for these jobs now. */
  permitsGranted(account: string, permits: Permit[]): Promise<void>;
  /** What became of permits whose lease has ended. Those not used are given up in the same transaction. */
  permitUses(account: string, ids: number[]): Promise<PermitUse[]>;
}

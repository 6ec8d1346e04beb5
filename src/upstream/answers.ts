/** What a POST to WaveSpeed told us about the task it should have made. */
export type PostAnswer =
  | { kind: "created"; upstreamId: string; status: string }
  /** Certainly nothing was created: send again later. */
  | {
      kind: "not_created";
      retryAfterMs: number | null;
      reason: string;
      /** 429: the account has had enough, whatever the job. */
      tooMany?: true;
    }
  /** The input was refused; the tenant gets the message. */
  | { kind: "refused"; status: number; code: number; message: string }
  /** Our account's fault (key, funds, suspension): the tenant never sees which. */
  | { kind: "account_fault"; reason: string }
  /** Nobody knows whether a task exists. */
  | { kind: "lost"; reason: string };

/** A prediction's end, as WaveSpeed reported it; kept to be shown to the tenant. */
export interface PredictionResult {
  outputs: unknown[];
  hasNsfwContents: unknown[] | null;
  error: string;
  code: number;
  executionTime: number;
  timings: Record<string, number>;
}

/** What a read of a prediction told us. */
export type PollAnswer =
  | { kind: "working"; status: string }
  | { kind: "completed"; result: PredictionResult }
  /** `noCredits`: for want of our account's credits. */
  | { kind: "failed"; result: PredictionResult; noCredits?: true }
  /** Ended without saying who pays: cancelled, deleted. */
  | { kind: "ended_unpriced"; status: string; result: PredictionResult }
  | { kind: "unrecognised"; status: string }
  | { kind: "gone" }
  | { kind: "unreachable"; reason: string };

/** What WaveSpeed's billing records say of one prediction. */
export type BillingAnswer = "charged" | "refunded" | "nothing" | "unreachable";

/** One prediction in WaveSpeed's list. `input` is undefined where the list does not show it. */
export interface ListedPrediction {
  id: string;
  model: string;
  createdAt: number;
  input: Record<string, unknown> | undefined;
}

/** What a read of the account's balance told us. */
export type BalanceAnswer =
  | { kind: "balance"; usd: number }
  | { kind: "refused"; reason: string }
  | { kind: "unreadable"; reason: string };

/** The list of models, entry by entry as it came, or why there is none. */
export type ModelsAnswer = { kind: "listed"; entries: unknown[] } | { kind: "unreadable"; reason: string };

/** What WaveSpeed says that a job would cost, in micro-dollars, or why it does not say. */
export type QuoteAnswer = { kind: "quoted"; micros: number } | { kind: "unreadable"; reason: string };

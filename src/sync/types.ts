import type { ModelsAnswer, QuoteAnswer } from "../upstream/answers.ts";

/** Where WaveSpeed says what it offers, and at what price. */
export interface CatalogueSource {
  models(): Promise<ModelsAnswer>;
  quote(model: string, inputs: Record<string, unknown>): Promise<QuoteAnswer>;
}

/** One model of WaveSpeed's list, read. Texts that are missing there are ''. */
export interface ListedModel {
  model: string;
  type: string;
  description: string;
  basePrice: string;
  formula: string;
  requestSchema: string;
  schemaHash: string;
  /** Of all of the above. */
  hash: string;
}

/**
 * What one look at the list came to. `not_due`, `busy`: nothing was asked. `failed`: no list came. `distrusted`: one
 * came that lacks so much that nothing of it was believed.
 */
export interface SyncReport {
  state: "done" | "not_due" | "busy" | "failed" | "distrusted";
  /** Entries that could be read, and that could not be. */
  models: number;
  malformed: number;
  added: number;
  changed: number;
  missing: number;
  problem: string | null;
}

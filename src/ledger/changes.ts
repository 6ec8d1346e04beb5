import type { Refusal } from "../errors/catalogue.ts";
import type { Result } from "../errors/result.ts";
import { deleteBudget, previewBudget, putBudget, usedBefore } from "./change-budgets.ts";
import { adjustCredit, closeCredit, setCreditLimit, topUp } from "./change-credit.ts";
import { createKey, revokeKey, rotateKey, updateKey } from "./change-keys.ts";
import { deleteLimit, putLimit } from "./change-limits.ts";
import { setAllowedOrigins, setHandling, setPricing, setStatus, setUploads, setWebhooks } from "./change-tenant.ts";
import type { TenantInfo } from "./types.ts";

/** Every way in which people change a tenant's money and access; each is one synchronous transaction. */
export const CHANGES = {
  create_key: createKey,
  update_key: updateKey,
  rotate_key: rotateKey,
  revoke_key: revokeKey,
  put_budget: putBudget,
  /** Changes nothing: what `put_budget` would do. */
  preview_budget: previewBudget,
  /** Changes nothing: what its window had used before a time. */
  used_before: usedBefore,
  delete_budget: deleteBudget,
  put_limit: putLimit,
  delete_limit: deleteLimit,
  top_up: topUp,
  adjust_credit: adjustCredit,
  set_credit_limit: setCreditLimit,
  close_credit: closeCredit,
  set_pricing: setPricing,
  set_status: setStatus,
  set_handling: setHandling,
  set_allowed_origins: setAllowedOrigins,
  set_uploads: setUploads,
  set_webhooks: setWebhooks,
} as const;

/** What a change runs in: the tenant's database inside a transaction, the ledger's clock, and who asked. */
export interface ChangeContext {
  sql: SqlStorage;
  tenant: TenantInfo;
  now: number;
  actor: string;
  /** Asked from inside the tenant: what the tenant as a whole was given stays as it is. */
  within: boolean;
}

export type ChangeKind = keyof typeof CHANGES;
export type ChangeInput<K extends ChangeKind> = Parameters<(typeof CHANGES)[K]>[1];

type ValueOf<R> = R extends { ok: true; value: infer V } ? V : never;
export type ChangeValue<K extends ChangeKind> = ValueOf<ReturnType<(typeof CHANGES)[K]>>;

/** `replayed`: the same Idempotency-Key had done it before, and this is the answer of then. */
export type Changed<K extends ChangeKind> = Result<ChangeValue<K>, Refusal> & { replayed: boolean };

/** An Idempotency-Key of a management call; `scope` names caller and operation, so that keys never meet. */
export interface Once {
  scope: string;
  bodyHash: string;
}

export interface ChangeMeta {
  /** Who asks: an operator's key id, for the journal. */
  actor: string;
  /** True: somebody of the tenant asks, who may limit parts of it, never the whole. Absent: an operator. */
  within?: boolean;
  once?: Once | null;
}

/** Runs one change. `K` ties input to change, which a lookup by a variable cannot show to the compiler. */
export const runChange = <K extends ChangeKind>(
  kind: K,
  context: ChangeContext,
  input: ChangeInput<K>,
): Result<ChangeValue<K>, Refusal> => {
  const change = CHANGES[kind] as unknown as (
    context: ChangeContext,
    input: ChangeInput<K>,
  ) => Result<ChangeValue<K>, Refusal>;
  return change(context, input);
};

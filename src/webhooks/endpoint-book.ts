import { createHash, randomBytes } from "node:crypto";
import { IDEMPOTENCY_CONFLICT, type Refusal } from "../errors/catalogue.ts";
import { err, ok, type Result } from "../errors/result.ts";
import { redirectPending } from "./delivery-store.ts";
import { countChange } from "./desk-row.ts";
import * as store from "./endpoint-store.ts";
import type { Endpoint, EndpointChange, EndpointInput, OnceKey } from "./types.ts";

/** Standing endpoints of one tenant. */
export const ENDPOINTS_MAX = 20;

const NO_ENDPOINT: Refusal = { code: "not_found", message: "there is no such webhook endpoint" };

/** Makes an endpoint; with the same Idempotency-Key and body again, answers the one that it made. Call inside a transaction. */
export function createEndpoint(
  sql: SqlStorage,
  input: EndpointInput,
  once: OnceKey | null,
  now: number,
): Result<Endpoint, Refusal> & { replayed: boolean } {
  const id = once ? createHash("sha256").update(once.scope).digest("hex").slice(0, 16) : randomBytes(8).toString("hex");
  const known = store.findEndpoint(sql, id);
  if (known) {
    const same = once !== null && store.bodyHashOf(sql, id) === once.bodyHash;
    return same ? { ...ok(known), replayed: true } : { ...err(IDEMPOTENCY_CONFLICT), replayed: false };
  }
  if (store.allEndpoints(sql).length >= ENDPOINTS_MAX) {
    const message = `a tenant may have ${ENDPOINTS_MAX} webhook endpoints; delete one first`;
    return { ...err({ code: "conflict", message }), replayed: false };
  }
  store.insertEndpoint(sql, id, input, once?.bodyHash ?? "", now);
  countChange(sql);
  return { ...found(sql, id), replayed: false };
}

/** What is not given stays. Deliveries that wait go where the endpoint is from now on. */
export function updateEndpoint(
  sql: SqlStorage,
  id: string,
  { enabled, ...change }: EndpointChange,
  now: number,
): Result<Endpoint, Refusal> {
  const endpoint = store.findEndpoint(sql, id);
  if (!endpoint) return err(NO_ENDPOINT);
  const state: Partial<Endpoint> =
    enabled === undefined || enabled === (endpoint.disabled === null)
      ? {}
      : enabled
        ? { disabled: null, disabledAt: null, failingSince: null }
        : { disabled: "operator", disabledAt: now };
  const after = { ...endpoint, ...change, ...state };
  store.writeEndpoint(sql, after);
  if (after.url !== endpoint.url || after.signature !== endpoint.signature) redirectPending(sql, after);
  countChange(sql);
  return ok(after);
}

export function deleteEndpoint(sql: SqlStorage, id: string): boolean {
  const deleted = store.deleteEndpoint(sql, id);
  if (deleted) countChange(sql);
  return deleted;
}

export function found(sql: SqlStorage, id: string): Result<Endpoint, Refusal> {
  const endpoint = store.findEndpoint(sql, id);
  return endpoint ? ok(endpoint) : err(NO_ENDPOINT);
}

import { expect } from "vitest";
import { control, random, secrets, type Call, type Json } from "./api.ts";
import { verifyChain, type BegunChange } from "../../../src/audit-log/index.ts";

/** An entry as the API answers it. */
export interface Shown extends Json {
  seq: number;
  id: string;
  actor: string;
  action: string;
  outcome: string;
  before: Json | null;
  after: Json | null;
}

/** A tenant's newest entries. */
export async function entriesOf(call: Call, at: string, query = ""): Promise<Shown[]> {
  const { status, body } = await call("GET", `${at}/audit-log${query}`);
  expect(status).toBe(200);
  return body["data"] as Shown[];
}

/** What a walk over a whole chain finds. */
export async function verified(chain: string) {
  let walked = null;
  for (;;) {
    const found = await verifyChain(control, secrets, { chain, walked, noted: null });
    if (found.verified !== null) return found;
    walked = { fromSeq: found.fromSeq, ...found.last };
  }
}

export const run = (sql: string, ...bound: unknown[]) =>
  control
    .prepare(sql)
    .bind(...bound)
    .run();

export const count = async (sql: string, ...bound: unknown[]): Promise<number> =>
  Number(
    (
      await control
        .prepare(sql)
        .bind(...bound)
        .first<{ n: number }>()
    )?.n,
  );

/** A change that is about to be made. */
export const begun = (chain: string, begunAt = Date.now()): BegunChange => ({
  id: Buffer.from(random(8)).toString("hex"),
  chain,
  begunAt,
  actor: "operator:1",
  actorName: "test",
  action: "PUT /x",
  target: "/v1/x",
  ip: "",
  userAgent: "",
  seenAs: "operator",
  whoSalt: Buffer.from(random(16)).toString("hex"),
  before: null,
});

import { expect, it } from "vitest";
import { Claims } from "../../../src/accounts/claims.ts";
import { ACCOUNT_STEPS } from "../../../src/accounts/schema.ts";
import { migrate } from "../../../src/storage/migrate.ts";
import * as w from "./world.ts";

const DAY_MS = 86_400_000;

/** The claims of an account of its own. */
const withClaims = <T>(work: (claims: Claims, storage: DurableObjectStorage) => T): Promise<T> =>
  w.inAccount(`claims-${w.hex(4)}`, ({ storage }) => work(new Claims(storage), storage));

const unknowns = ({ sql }: DurableObjectStorage) =>
  sql
    .exec("SELECT job_id FROM unknowns ORDER BY job_id")
    .toArray()
    .map((row) => row["job_id"]);

it("lost jobs of an account from before people's decisions were kept are rivals, and can be decided", () =>
  withClaims((claims, storage) => {
    const tables = storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*'")
      .toArray();
    for (const { name } of tables) storage.sql.exec(`DROP TABLE ${String(name)}`);
    const before = ACCOUNT_STEPS.findIndex((step) => step.includes("decided_at"));
    migrate(storage, ACCOUNT_STEPS.slice(0, before));
    storage.sql.exec("INSERT INTO unknowns (job_id, input_hash) VALUES ('a', 'h'), ('b', 'h')");
    migrate(storage, ACCOUNT_STEPS);
    expect(claims.adopt("b", "h", ["t"])).toEqual({ kind: "ambiguous", unclaimed: 1 });
    expect(claims.enterUnknown("a", "h")).toBeNull();
    expect(claims.abandon("a", "people")).toBeNull();
    expect(claims.adopt("b", "h", ["t"])).toEqual({ kind: "ambiguous", unclaimed: 1 });
    claims.leaveUnknown("a");
    expect(unknowns(storage)).toEqual(["a", "b"]);
  }));

it("what people decided is kept for 9 days, what nobody knows for as long as it is so", () =>
  withClaims((claims, storage) => {
    for (const job of ["a", "b", "c"]) claims.enterUnknown(job, "h");
    claims.abandon("a", "people");
    storage.sql.exec("UPDATE unknowns SET decided_at = decided_at - ? WHERE job_id = 'a'", 8 * DAY_MS);
    claims.enterUnknown("d", "h");
    expect(unknowns(storage)).toEqual(["a", "b", "c", "d"]);
    storage.sql.exec("UPDATE unknowns SET decided_at = decided_at - ? WHERE job_id = 'a'", 2 * DAY_MS);
    claims.enterUnknown("d", "h");
    expect(unknowns(storage)).toEqual(["b", "c", "d"]);
  }));

it("a task has one job, whoever claims it late; a job that has one gets no other", () =>
  withClaims((claims) => {
    expect(claims.claim("t1", "a")).toBe(true);
    expect(claims.claimLate("t1", "b")).toBe(false);
    expect(claims.abandon("b", "proof")).toBeNull();
    expect(claims.claimLate("t1", "b")).toBe(false);
    expect(claims.claim("t2", "b"), "it gave up its claim").toBe(false);
    expect(claims.claimLate("t2", "b")).toBe(true);
    expect(claims.claimLate("t3", "b")).toBe(false);
    expect(claims.abandon("b", "people")).toBe("t2");
  }));

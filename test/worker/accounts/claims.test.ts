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

/** The account's tables as they were before a step, and empty. */
function beforeStep(storage: DurableObjectStorage, named: string): void {
  const tables = storage.sql
    .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf*'")
    .toArray();
  for (const { name } of tables) storage.sql.exec(`DROP TABLE ${String(name)}`);
  const step = ACCOUNT_STEPS.findIndex((text) => text.includes(named));
  migrate(storage, ACCOUNT_STEPS.slice(0, step));
}

it("lost jobs of an account from before people's decisions were kept are rivals, and can be decided", () =>
  withClaims((claims, storage) => {
    beforeStep(storage, "decided_at");
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

it("of an account from before only lost jobs' claims were found by job: whose tracker died before it wrote its task learns it", () =>
  withClaims((claims, storage) => {
    beforeStep(storage, "claims_of_lost_jobs");
    const insert = "INSERT INTO claims (upstream_id, job_id, at) VALUES (?, ?, ?)";
    for (const job of ["a", "b", "c"]) storage.sql.exec(insert, `task-${job}`, job, Date.now() - DAY_MS / 2);
    storage.sql.exec(insert, "none:d", "d", Date.now());
    storage.sql.exec(insert, "task-old", "old", Date.now() - 3 * DAY_MS);
    storage.sql.exec("INSERT INTO unknowns (job_id, input_hash) VALUES ('e', 'h')");
    migrate(storage, ACCOUNT_STEPS);
    expect(claims.enterUnknown("a", "h")).toBe("task-a");
    expect(claims.abandon("b", "people")).toBe("task-b");
    expect(claims.claimLate("t", "c"), "it has one").toBe(false);
    expect([claims.claim("t", "d", true).isOwn, claims.claimLate("t", "d")]).toEqual([false, true]);
    expect([claims.claim("u", "e", false).isOwn, claims.abandon("e", "proof")]).toEqual([true, "u"]);
    // Nobody asks for so old a one; a walk of the list that sees it says whose it is all the same.
    expect(claims.claim("task-old", "f", true).isOwn).toBe(false);
    expect(claims.unclaimed("old", ["task-old"])).toEqual(["task-old"]);
    expect(claims.adopt("old", "h", ["task-old"])).toEqual({ kind: "adopted", upstreamId: "task-old" });
    expect(claims.enterUnknown("old", "h")).toBe("task-old");
  }));

it("a lost job whose task was named before the account heard that it is lost learns that task, from whatever it asks", () =>
  withClaims((claims, storage) => {
    const asks = {
      enter: () => claims.enterUnknown("enter", "h"),
      abandon: () => claims.abandon("abandon", "proof"),
      adopt: () => claims.adopt("adopt", "h", ["task-adopt"]),
      late: () => [claims.claimLate("another", "late"), claims.claimLate("task-late", "late")],
    };
    for (const job of Object.keys(asks)) expect(claims.claim(`task-${job}`, job, true).isOwn).toBe(true);
    expect(asks.enter()).toBe("task-enter");
    expect(asks.abandon()).toBe("task-abandon");
    expect(asks.adopt()).toEqual({ kind: "adopted", upstreamId: "task-adopt" });
    expect(asks.late()).toEqual([false, true]);
    expect(unknowns(storage), "nobody's rival").toEqual([]);
  }));

it("a claim is one row, and the task of a lost job is found without reading the others", () =>
  withClaims((_claims, { sql }) => {
    const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
    const counted = {
      sql: {
        exec: (query: string, ...binds: unknown[]) => {
          const cursor = sql.exec(query, ...binds);
          cursors.push(cursor);
          return cursor;
        },
      },
      transactionSync: <T>(work: () => T) => work(),
    } as unknown as DurableObjectStorage;
    const total = (count: "rowsRead" | "rowsWritten") => {
      const sum = cursors.reduce((rows, cursor) => rows + cursor[count], 0);
      cursors.length = 0;
      return sum;
    };
    const claims = new Claims(counted);
    for (let job = 0; job < 300; job++) expect(claims.claim(`task-${job}`, `job-${job}`, false).isOwn).toBe(true);
    expect(total("rowsWritten")).toBe(300);
    expect(claims.claim("task-lost", "lost", true).isOwn).toBe(true);
    expect(total("rowsWritten")).toBe(2);
    expect(claims.enterUnknown("lost", "h")).toBe("task-lost");
    expect(claims.abandon("other", "proof")).toBeNull();
    expect(total("rowsRead")).toBeLessThan(10);
  }));

it("a task has one job, whoever claims it late; a job that has one gets no other", () =>
  withClaims((claims) => {
    expect(claims.claim("t1", "a", false)).toEqual({ isOwn: true, isNews: true });
    expect(claims.claim("t1", "a", false)).toEqual({ isOwn: true, isNews: false });
    expect(claims.claim("t1", "c", false)).toEqual({ isOwn: false, isNews: false });
    expect(claims.claimLate("t1", "b")).toBe(false);
    expect(claims.abandon("b", "proof")).toBeNull();
    expect(claims.claimLate("t1", "b")).toBe(false);
    expect(claims.claim("t2", "b", true), "it gave up its claim").toEqual({ isOwn: false, isNews: true });
    expect(claims.claimLate("t2", "b")).toBe(true);
    expect(claims.claimLate("t3", "b")).toBe(false);
    expect(claims.abandon("b", "people")).toBe("t2");
  }));

import { runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseConfig } from "../../../src/config.ts";
import { unpackSegment } from "../../../src/ledger/archive/segment.ts";
import { Outbox } from "../../../src/ledger/outbox.ts";
import type { TenantLedger } from "../../../src/ledger/tenant-ledger.ts";
import { Upkeep } from "../../../src/ledger/upkeep.ts";
import { ARCHIVE_FAIL_POINTS, armFailPoint } from "../../../src/observability/fail-point.ts";
import { auditOf } from "../../support/audit-of.ts";
import { testEnv } from "../../support/test-env.ts";
import * as life from "./long-life.ts";
import type { TestTenant } from "./tenant.ts";

const bucket = testEnv.ARCHIVE as R2Bucket;

afterEach(() => ARCHIVE_FAIL_POINTS.forEach((name) => armFailPoint(name, null)));

/** Whole numbers from `first` to `last`. */
const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** No waiting after a failure. */
const tryAgainNow = (tenant: TestTenant) => life.sql(tenant.id, "UPDATE upkeep SET next_at = 0");

const stateOfFirst = async (tenant: TestTenant): Promise<string> =>
  (await life.segments(tenant.id))[0]?.state ?? "none";

/** D1 may have all of it; this ledger does not write that down. */
const DEAF_TO_REPORTS = `CREATE TRIGGER deaf BEFORE UPDATE OF reported_seq ON tenant BEGIN SELECT RAISE(IGNORE); END`;

describe("old entries move to R2", () => {
  test("segment by segment, each put, read back, then deleted, until as many stay as must", async () => {
    const tenant = await life.checkpointed(28, 4);
    const all = await life.sql(tenant.id, "SELECT * FROM journal ORDER BY seq");
    const states: string[] = [];
    await life.ringUntil(tenant.id, async () => {
      states.push(await stateOfFirst(tenant));
      return (await life.hotSeqs(tenant.id))[0] === 11;
    });
    expect(states).toEqual(["none", "uploaded", "verified", "archived"]);
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 41);
    for (let more = 0; more < 5; more++) await life.ring(tenant.id);
    expect(await life.hotSeqs(tenant.id)).toEqual(range(41, 60));

    const stored = await life.sql(tenant.id, "SELECT * FROM segments ORDER BY from_seq");
    const rows = [];
    for (const segment of stored) {
      expect(segment["state"]).toBe("archived");
      const object = await bucket.get(String(segment["key"]));
      const text = (await object?.text()) ?? "";
      expect(text.length).toBe(segment["bytes"]);
      expect(text.split("\n").filter(Boolean)).toHaveLength(life.SEGMENT_ENTRIES);
      rows.push(
        ...unpackSegment(
          { key: "", fromSeq: 0, toSeq: 0, lastHash: "", bytes: 0, sha256: String(segment["sha256"]) },
          text,
        ),
      );
    }
    expect(rows).toEqual(all.slice(0, 40));
    expect(String(stored[0]?.["key"])).toBe(`journal/${tenant.id}/000000000001-000000000010.ndjson`);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true });
  });

  test("the journal goes on after its front is gone, and the alarm rests when nothing is to be done", async () => {
    const tenant = await life.archived();
    await life.captured(tenant, 3);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 61, verifiedToSeq: 66 });
    await life.evict(tenant.id);
    await life.captured(tenant, 3);
    expect(await auditOf(tenant.ledger)).toMatchObject({ consistent: true, fromSeq: 61, verifiedToSeq: 72 });
    const open = tenant.jobs.slice(28);
    for (const jobId of open) await life.capture(tenant.ledger, jobId);
    await life.reported(tenant.id, 76);
    for (let more = 0; more < 10; more++) await life.ring(tenant.id);
    expect(await life.hotSeqs(tenant.id)).toEqual(range(51, 76));
    const alarm = await runInDurableObject(life.stubOf(tenant.id), (_instance, state) => state.storage.getAlarm());
    expect(alarm).toBeNull();
  });

  test("not what D1 has not, not what no checkpoint covers", async () => {
    const unreported = await life.tenantWith(30);
    await life.ringUntil(unreported.id, async () => (await life.checkpointSeq(unreported.id)) === 60);
    await life.sql(unreported.id, "UPDATE tenant SET reported_seq = 9");
    await life.sql(unreported.id, DEAF_TO_REPORTS);
    const unaudited = await life.tenantWith(30);
    await life.reported(unaudited.id, 60);
    await life.sql(unaudited.id, "UPDATE budget_counters SET captured_micros = captured_micros + 1");
    for (const tenant of [unreported, unaudited]) {
      for (let more = 0; more < 10; more++) await life.ring(tenant.id);
      expect(await life.hotSeqs(tenant.id)).toEqual(range(1, 60));
      expect(await life.segments(tenant.id)).toEqual([]);
    }
  });
});

describe("a crash between any two steps, and in the middle of each", () => {
  test("evicted after every alarm: the same end", async () => {
    const tenant = await life.checkpointed(28, 4);
    await life.ringUntil(tenant.id, async () => {
      await life.evict(tenant.id);
      return (await life.hotSeqs(tenant.id))[0] === 41;
    });
    expect((await life.segments(tenant.id)).map(({ from, to, state }) => [from, to, state])).toEqual([
      [1, 10, "archived"],
      [11, 20, "archived"],
      [21, 30, "archived"],
      [31, 40, "archived"],
    ]);
    expect(await life.fullAudit(tenant)).toMatchObject({ report: { consistent: true, entries: 60 } });
  });

  test.each(ARCHIVE_FAIL_POINTS)("%s: nothing is deleted, and the step comes again", async (name) => {
    const tenant = await life.checkpointed(28, 4);
    let deaths = 0;
    armFailPoint(name, () => {
      deaths += 1;
      throw new Error("dead");
    });
    for (let time = 0; time < 5; time++) {
      await life.ring(tenant.id);
      await life.evict(tenant.id);
      await tryAgainNow(tenant);
    }
    expect(deaths).toBeGreaterThan(1);
    expect(await life.hotSeqs(tenant.id)).toEqual(range(1, 60));
    armFailPoint(name, null);
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 41);
    expect(await life.sql(tenant.id, "SELECT * FROM upkeep")).toEqual([]);
    expect(await life.fullAudit(tenant)).toMatchObject({ report: { consistent: true } });
  });
});

describe("nothing is deleted that R2 does not have", () => {
  const uploaded = async (): Promise<TestTenant & { key: string }> => {
    const tenant = await life.checkpointed(28, 4);
    await life.ringUntil(tenant.id, async () => (await stateOfFirst(tenant)) === "uploaded");
    return { ...tenant, key: (await life.segments(tenant.id))[0]?.key ?? "" };
  };

  const HARMS: [string, (key: string) => Promise<unknown>][] = [
    ["is gone", (key) => bucket.delete(key)],
    [
      "was changed",
      async (key) => bucket.put(key, `${await (await bucket.get(key))?.text()}`.replace("1300000", "1300001")),
    ],
    ["was cut off", async (key) => bucket.put(key, `${await (await bucket.get(key))?.text()}`.slice(0, -10))],
  ];
  test.each(HARMS)("a copy that %s is put again", async (_what, harm) => {
    const tenant = await uploaded();
    await harm(tenant.key);
    await life.ring(tenant.id);
    expect(await stateOfFirst(tenant)).toBe("uploading");
    expect(await life.hotSeqs(tenant.id)).toEqual(range(1, 60));
    expect(await life.sql(tenant.id, "SELECT task, attempts FROM upkeep")).toEqual([{ task: "archive", attempts: 1 }]);
    // It waits: the next alarm does nothing.
    await life.ring(tenant.id);
    expect(await stateOfFirst(tenant)).toBe("uploading");
    await tryAgainNow(tenant);
    await life.ringUntil(tenant.id, async () => (await life.hotSeqs(tenant.id))[0] === 11);
    expect(await life.fullAudit(tenant)).toMatchObject({ report: { consistent: true } });
  });

  test("an entry that was changed after its copy was verified stays, and so do the others", async () => {
    const tenant = await uploaded();
    await life.ringUntil(tenant.id, async () => (await stateOfFirst(tenant)) === "verified");
    await life.sql(tenant.id, "UPDATE journal SET body = replace(body, '1300000', '1300001') WHERE seq = 3");
    for (let alarms = 0; alarms < 12; alarms++) {
      await life.ring(tenant.id);
      await tryAgainNow(tenant);
    }
    expect(await life.hotSeqs(tenant.id)).toEqual(range(1, 60));
    const [failure] = await life.sql(tenant.id, "SELECT message, attempts FROM upkeep");
    expect(String(failure?.["message"])).toContain("broken at entry 3");
    expect(failure?.["attempts"]).toBeGreaterThan(2);
  });
});

describe("without the binding", () => {
  const config = parseConfig(testEnv);
  const withoutArchive = (storage: DurableObjectStorage) =>
    new Upkeep(storage, { CONTROL: testEnv.CONTROL }, config, { written: null });

  test("nothing is archived, nothing is deleted, and nothing is due", async () => {
    const tenant = await life.checkpointed(28, 4);
    await runInDurableObject(life.stubOf(tenant.id), async (_instance, state) => {
      const upkeep = withoutArchive(state.storage);
      expect(upkeep.nextDue(Date.now())).toBeNull();
      await upkeep.step(tenant.id, Date.now());
    });
    expect(await life.hotSeqs(tenant.id)).toEqual(range(1, 60));
    expect(await life.segments(tenant.id)).toEqual([]);
  });

  test("a full audit that needs the archive is given up after some tries, and says why", async () => {
    const tenant = await life.archived();
    const { id } = await tenant.ledger.beginAudit({ full: true });
    await runInDurableObject(life.stubOf(tenant.id), async (_instance, state) => {
      const upkeep = withoutArchive(state.storage);
      let now = Date.now();
      for (let steps = 0; steps < 20; steps++) await upkeep.step(tenant.id, (now += 3_600_000));
      expect(upkeep.auditJob(id)).toMatchObject({ status: "failed", message: expect.stringContaining("ARCHIVE") });
      expect(upkeep.nextDue(now)).toBeNull();
    });
  });
});

test("while upkeep takes its steps, what D1 has not is not sent again with each", async () => {
  const tenant = await life.tenantWith(40);
  const sends = await runInDurableObject(life.stubOf(tenant.id), async (instance, state) => {
    state.storage.sql.exec("UPDATE tenant SET reported_seq = 0");
    const flush = vi.spyOn(Outbox.prototype, "sendMissing");
    for (let alarms = 0; alarms < 6; alarms++) await (instance as TenantLedger).alarm();
    return flush.mock.calls.length;
  });
  expect(sends).toBe(1);
});

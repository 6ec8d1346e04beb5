import { describe, expect, it } from "vitest";
import { clearLog, LOG_MS, nextClearing } from "../../../src/webhooks/log-bounds.ts";
import { insertAttempt, insertDelivery, updateDelivery } from "../../../src/webhooks/delivery-store.ts";
import * as w from "./world.ts";

const NOW = Date.parse("2044-01-15T12:00:00Z");

const countOf = (sql: SqlStorage, table: string): number =>
  Number(sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).one()["n"]);

/** Deliveries a minute apart, the last of them now; those that are said to wait do. */
function fill(sql: SqlStorage, count: number, waits: (n: number) => boolean = () => false): void {
  for (let n = 0; n < count; n++) {
    const at = NOW - (count - 1 - n) * 60_000;
    const delivery = { eventId: `e${n}`, event: "job.failed", jobId: `j${n}`, endpointId: null } as const;
    const id = insertDelivery(sql, { ...delivery, url: "https://acme.dev/", signature: "standard" }, "{}", at) ?? "";
    insertAttempt(sql, id, { attempt: 1, at, status: 500, ms: 1, error: "x", reply: "" });
    if (!waits(n)) updateDelivery(sql, id, { state: "failed", nextAt: null, endedAt: at });
  }
}

describe("the log of deliveries is bounded", () => {
  it("by number: the newest stay, and those that had to go before their time are counted", async () => {
    await w.inDesk(w.hex(6), (sql) => {
      fill(sql, 120, (n) => n < 5);
      expect(nextClearing(sql, NOW, 100)).toBe(NOW);
      expect(clearLog(sql, NOW, 100)).toEqual({ lost: 5 });
      expect(["deliveries", "bodies", "attempts"].map((table) => countOf(sql, table))).toEqual([100, 100, 100]);
      expect(nextClearing(sql, NOW, 100)).toBeGreaterThan(NOW);
    });
  });

  it("by age: 30 days, but not while one waits", async () => {
    await w.inDesk(w.hex(6), (sql) => {
      fill(sql, 10, (n) => n === 3);
      expect(nextClearing(sql, NOW)).toBe(NOW - 9 * 60_000 + LOG_MS);
      expect(clearLog(sql, NOW + LOG_MS)).toEqual({ lost: 0 });
      expect(["deliveries", "bodies", "attempts"].map((table) => countOf(sql, table))).toEqual([1, 1, 1]);
      expect(nextClearing(sql, NOW + LOG_MS)).toBe(NOW + LOG_MS + 3_600_000);
    });
  });

  it.each([
    ["nothing", () => false],
    ["one that waits", (n: number) => n === 0],
  ])("and with %s left in it no number is given a second time", async (_, waits) => {
    const tenant = w.hex(6);
    await w.desk(tenant).secret(tenant);
    await w.inDesk(tenant, (sql) => {
      fill(sql, 3, waits);
      clearLog(sql, NOW + LOG_MS);
      expect(countOf(sql, "deliveries")).toBe(waits(0) ? 1 : 0);
      const next = { eventId: "next", event: "job.failed", jobId: "j", endpointId: null } as const;
      const id = insertDelivery(sql, { ...next, url: "https://acme.dev/", signature: "standard" }, "{}", NOW);
      expect(id).toBe("0000000000000004");
    });
  });

  it("a step at a time", async () => {
    await w.inDesk(w.hex(6), (sql) => {
      fill(sql, 600);
      clearLog(sql, NOW + LOG_MS);
      expect(countOf(sql, "deliveries")).toBe(100);
    });
  });

  it("and so are a delivery's attempts, the newest 50", async () => {
    await w.inDesk(w.hex(6), (sql) => {
      fill(sql, 1);
      for (let attempt = 2; attempt <= 80; attempt++) {
        insertAttempt(sql, "1", { attempt, at: NOW, status: 500, ms: 1, error: null, reply: "" });
      }
      expect(countOf(sql, "attempts")).toBe(50);
    });
  });
});

describe("the secret", () => {
  it("is made once, and rotated: both sign until the overlap ends", async () => {
    const { tenant } = await w.newWorld();
    const desk = w.desk(tenant);
    const [one, two] = await Promise.all([desk.secret(tenant), desk.secret(tenant)]);
    expect(one).toEqual(two);
    const receiver = w.newReceiver();
    const endpoint = await w.stand(tenant, receiver.url);
    const rotated = await desk.rotateSecret(tenant, 3_600);
    expect(rotated.secret).not.toBe(one.secret);
    await desk.testEndpoint(tenant, endpoint, "https://gateway.test");
    await w.delivered(tenant);
    expect(receiver.got[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    await desk.rotateSecret(tenant, 0);
    for (let n = 0; n < 5; n++) await desk.rotateSecret(tenant, 3_600);
    expect(await w.inDesk(tenant, (sql) => countOf(sql, "secrets"))).toBe(3);
  });
});

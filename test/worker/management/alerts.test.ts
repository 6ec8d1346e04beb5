import { beforeAll, expect, test } from "vitest";
import { raiseAlert } from "../../../src/observability/alerts.ts";
import { listAlerts } from "../../../src/settings/index.ts";
import { explaining } from "../reporting/databases.ts";
import { callerWith, control, migrate, operatorKey, type Call, type Json } from "./api.ts";

let operator: Call;
beforeAll(async () => {
  await migrate();
  operator = callerWith((await operatorKey()).key);
});

type Alert = Json & { id: string; subject: string; count: number };

const list = async (query = "") => {
  const { body } = await operator("GET", `/v1/alerts${query}`);
  return { data: body["data"] as Alert[], next: body["next_cursor"] as string | null };
};

test("alerts are listed last raised first, page by page, and seen to once", async () => {
  await control.prepare("DELETE FROM alerts").run();
  for (const subject of ["a", "b", "c"]) await raiseAlert(control, { kind: "odd", subject, message: "look" });
  for (const [at, subject] of ["b", "c", "a"].entries()) {
    await control
      .prepare("UPDATE alerts SET last_at = ?1 WHERE subject = ?2")
      .bind(at + 1, subject)
      .run();
  }
  const first = await list("?limit=2");
  const second = await list(`?limit=2&cursor=${first.next}`);
  expect([...first.data, ...second.data].map(({ subject }) => subject)).toEqual(["a", "c", "b"]);
  expect(second.next).toBeNull();
  const [alert] = first.data;
  expect(alert).toMatchObject({ kind: "odd", message: "look", count: 1 });
  await raiseAlert(control, { kind: "odd", subject: "a", message: "again" });
  expect((await operator("DELETE", `/v1/alerts/${alert?.id}?count=1`)).status).toBe(404);
  expect((await operator("DELETE", `/v1/alerts/${alert?.id}?count=2`)).status).toBe(204);
  expect((await operator("DELETE", `/v1/alerts/${alert?.id}`)).status).toBe(404);
  expect((await list()).data.map(({ subject }) => subject)).toEqual(["c", "b"]);
});

test.each(["cursor=%21", "cursor=bm9uZQ", "limit=0", "kind=odd"])("alerts refuse %s", async (query) => {
  expect((await operator("GET", `/v1/alerts?${query}`)).status).toBe(400);
});

test("a page is read from the index, without a sort", async () => {
  const { db, plans } = explaining(control);
  await listAlerts(db, { after: null, limit: 50 });
  await listAlerts(db, { after: { lastAt: 5, id: "x" }, limit: 50 });
  for (const plan of await plans()) {
    expect(plan).toMatch(/alerts USING INDEX alerts_by_time/);
    expect(plan).not.toContain("TEMP B-TREE");
  }
});

import { beforeAll, expect, test } from "vitest";
import { keepAuditLog } from "../../../src/audit-log/index.ts";
import { whoHash } from "../../../src/audit-log/entry-hash.ts";
import { testEnv } from "../../support/test-env.ts";
import { callerWith, control, migrate, newTenant, operatorKey, secrets, type Call, type Json } from "./api.ts";
import { begun, count, entriesOf, run, verified } from "./audit-log.ts";
import { newEmail } from "./browser.ts";
import { signedIn, type SignedIn } from "./signed-in.ts";

let keyed: Call;
let keyId: string;
let olga: SignedIn;
let owner: SignedIn;
let tenant: string;
let at: string;

const AGENT = { "user-agent": "Olga's browser", "cf-connecting-ip": "192.0.2.44" };

/** A tenant with an entry by a management key, one by an operator, and one by its owner. */
beforeAll(async () => {
  await migrate();
  const { id, key } = await operatorKey();
  [keyed, keyId] = [callerWith(key), id];
  olga = await signedIn({ operator: true });
  tenant = await newTenant(keyed);
  at = `/v1/tenants/${tenant}`;
  owner = await signedIn({ places: [{ tenant, role: "owner" }] });
  const budget = (limit: string) => ({ scope: { tenant: true }, limit, window: "month" });
  expect((await keyed("PUT", `${at}/budgets/month`, budget("10.00"), AGENT)).status).toBe(200);
  const asked = { email: newEmail(), name: "Mia", role: "viewer" };
  expect((await olga.call("POST", `${at}/invitations`, asked, AGENT)).status).toBe(201);
  expect((await owner.call("PUT", `${at}/teams/film`, { description: "Films" })).status).toBe(200);
});

const OPERATOR = { actor: "operator", actor_name: "operator", ip: "", user_agent: "" };

/** Whatever tells which operator it was. */
const traces = () => new RegExp([keyId, olga.person, "192\\.0\\.2\\.44", "Olga's"].join("|"));

test("a tenant's own people see an operator as operator, and themselves as they are", async () => {
  const seen = await entriesOf(owner.call, at);
  expect(seen).toMatchObject([{ actor: `person:${owner.person}` }, OPERATOR, OPERATOR]);
  expect(JSON.stringify(seen)).not.toMatch(traces());
  expect(seen[1]?.after).toMatchObject({ made_by: "operator" });
  const invitations = await owner.call("GET", `${at}/invitations`);
  expect(invitations.text).not.toMatch(traces());
  const told = await entriesOf(olga.call, at);
  const from = { ip: "192.0.2.44", user_agent: "Olga's browser" };
  expect(told.slice(1)).toMatchObject([
    { actor: `person:${olga.person}`, ...from },
    { actor: `operator:${keyId}`, ...from },
  ]);
});

test("the filter finds what is seen, and tells nothing of who is not", async () => {
  const ids = async (call: Call, actor: string) => (await entriesOf(call, at, `?actor=${actor}`)).map(({ seq }) => seq);
  expect(await ids(owner.call, "operator")).toEqual([2, 1]);
  expect(await ids(owner.call, `person:${olga.person}`)).toEqual([]);
  expect(await ids(owner.call, `operator:${keyId}`)).toEqual([]);
  expect(await ids(owner.call, `person:${owner.person}`)).toEqual([3]);
  expect(await ids(olga.call, `person:${olga.person}`)).toEqual([2]);
});

test("exports hide it as well, and verify by the same hashes", async () => {
  const lines = async (call: Call) =>
    (await call("GET", `${at}/audit-log/export`)).text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Json);
  const [seen, told] = [await lines(owner.call), await lines(olga.call)];
  expect(JSON.stringify(seen)).not.toMatch(traces());
  expect((await owner.call("GET", `${at}/audit-log/export?format=csv`)).text).not.toMatch(traces());
  expect(seen.map(({ hash, who }) => [hash, who])).toEqual(told.map(({ hash, who }) => [hash, who]));
  expect(seen.map(({ who_salt }) => who_salt === null)).toEqual([true, true, false]);
  const { actor, actor_name, ip, user_agent, who, who_salt } = told[0] as Record<string, string>;
  const facts = { actor, actorName: actor_name, ip, userAgent: user_agent, whoSalt: who_salt };
  expect(whoHash(facts as unknown as Parameters<typeof whoHash>[0])).toBe(who);
  const salts = new Set(told.map((entry) => entry["who_salt"]));
  expect(salts.size).toBe(3);
});

test("whoever writes to the database cannot put one's change on the other", async () => {
  expect((await verified(tenant)).verified).toBe(true);
  for (const change of ["seen_as = 'operator'", `actor = 'person:${olga.person}'`, "who_salt = NULL"]) {
    const row = await control
      .prepare("SELECT seen_as, actor, who_salt FROM audit_entries WHERE chain = ? AND seq = 3")
      .bind(tenant)
      .first<{ seen_as: string; actor: string; who_salt: string }>();
    await run(`UPDATE audit_entries SET ${change} WHERE chain = ? AND seq = 3`, tenant);
    expect([change, (await verified(tenant)).broken?.seq]).toEqual([change, 3]);
    const back = "UPDATE audit_entries SET seen_as = ?, actor = ?, who_salt = ? WHERE chain = ? AND seq = 3";
    await run(back, row?.seen_as, row?.actor, row?.who_salt, tenant);
  }
  expect((await verified(tenant)).verified).toBe(true);
});

test("a change that was begun before operators were hidden is told, verifies, and shows its tenant nobody", async () => {
  const { seenAs: _, whoSalt: __, ...change } = { ...begun(tenant, 1), actorName: "Olga <olga@example.com>" };
  await run("INSERT INTO audit_intents VALUES (?, 1, ?)", change.id, JSON.stringify(change));
  expect((await keepAuditLog(control, secrets, Date.now())).unknown).toBe(1);
  expect((await verified(tenant)).verified).toBe(true);
  expect((await entriesOf(owner.call, at))[0]).toMatchObject({ ...OPERATOR, outcome: "unknown" });
  expect(await count("SELECT count(*) AS n FROM audit_entries WHERE who_salt IS NULL")).toBe(1);
});

test("entries from before are hidden or not by who is an operator when the gateway is brought up to date", async () => {
  const chain = "e".repeat(12);
  const actors = [`operator:${keyId}`, `person:${olga.person}`, `person:${owner.person}`, "key:00000000000000bb"];
  for (const [n, actor] of actors.entries()) {
    await run(
      `INSERT INTO audit_entries (chain, seq, at, begun_at, id, actor, actor_name, action, target, ip, user_agent, outcome, hash)
       VALUES (?, ?, 1, 1, 'x', ?, '', '', '', '', '', 'done', '')`,
      chain,
      n + 1,
      actor,
    );
  }
  const statements = testEnv.TEST_MIGRATIONS.CONTROL.flatMap(({ queries }) => queries);
  const update = statements.find((sql) => sql.includes("UPDATE `audit_entries`"));
  await run(`${update?.replace(/;\s*$/, "")} WHERE chain = ?`, chain);
  const { results } = await control
    .prepare("SELECT seen_as FROM audit_entries WHERE chain = ? ORDER BY seq")
    .bind(chain)
    .all<{ seen_as: string }>();
  expect(results.map(({ seen_as }) => seen_as)).toEqual(["operator", "operator", actors[2], actors[3]]);
});

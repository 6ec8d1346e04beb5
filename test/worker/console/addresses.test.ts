import { beforeAll, expect, test } from "vitest";
import { isPlainPath } from "../../../src/console/plain-path.ts";
import { newPlace, type Place } from "./place.ts";

let place: Place;
beforeAll(async () => {
  place = await newPlace();
});

const PAGES = [
  "overview",
  "jobs",
  "jobs/x",
  "playground",
  "keys",
  "keys/x",
  "budgets",
  "limits",
  "teams",
  "members",
  "billing",
  "billing/2026-01",
  "billing/2026-01.csv",
  "billing/export",
  "webhooks",
  "webhooks/deliveries",
  "webhooks/deliveries/x",
  "audit-log",
];

test("what is no tenant's id leads to nothing, on every page of a tenant and in every form", async () => {
  const { tenant, asOperator } = place;
  // Each of them would be a call about another tenant, or of another kind, if it came into the API's address as it is.
  const traps = [
    `..%2f..%2fv1%2ftenants%2f${tenant}`,
    `${tenant}%2f..%2f${tenant}`,
    `x%2f..%2f${tenant}`,
    `${tenant}%3f`,
    `${tenant}%23`,
    `%2e%2e%2f${tenant}`,
    `..%252f${tenant}`,
    tenant.toUpperCase() + "0",
  ];
  const found: string[] = [];
  for (const trap of traps) {
    for (const page of PAGES) {
      const { status } = await asOperator.see(`/console/t/${trap}/${page}`);
      if (status !== 404) found.push(`GET ${trap}/${page}: ${status}`);
    }
    for (const form of ["billing/top-up", "playground", "members/invitations", "keys"]) {
      const { status } = await asOperator.send(`/console/t/${trap}/${form}`, {});
      if (status !== 404) found.push(`POST ${trap}/${form}: ${status}`);
    }
    if ((await asOperator.see(`/console/tenants/${trap}`)).status !== 404) found.push(`tenants/${trap}`);
  }
  expect(found).toEqual([]);
  expect((await asOperator.see(place.page("billing"))).status).toBe(200);
  expect((await asOperator.see(`/console/tenants/${tenant}`)).status).toBe(200);
});

test("nor does another part of an address that climbs out of it", async () => {
  for (const path of ["jobs/%2e%2e", "keys/..%2fmembers", "webhooks/deliveries/%2e%2e"]) {
    expect((await place.owner.see(place.page(path))).status, path).toBe(404);
  }
  expect((await place.owner.send(place.page("members/%2e%2e/remove"), {})).status).toBe(404);
});

test("an address leads where it says, or nowhere", () => {
  for (const path of ["/v1/tenants/x", "/v1/tenants/a%2Fb?limit=1", "/v1/people/%20/links"]) {
    expect(isPlainPath(path), path).toBe(true);
  }
  for (const path of [
    "/v1/tenants/../people",
    "/v1/tenants/%2e%2e/people",
    "/v1/x/..",
    "/v1/x/./y",
    "/v1/x#y",
    "/v1\\x",
  ]) {
    expect(isPlainPath(path), path).toBe(false);
  }
});

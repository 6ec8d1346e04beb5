import { expect, test } from "vitest";
import { LEVELS, mayAct, mayGrant, ROLES, teamSeenBy } from "../../../src/people/roles.ts";

test("each role has all that the one below it has, and an owner everything", () => {
  const granted = (["viewer", "member", "admin", "owner"] as const).map((role) =>
    LEVELS.filter((level) => mayAct(role, level)),
  );
  expect(granted).toEqual([["read"], ["read", "run"], ["read", "run", "manage"], [...LEVELS]]);
});

test("a member sees one team, or what belongs to none that can have a name", () => {
  expect(teamSeenBy("member", "trailer")).toBe("trailer");
  expect(teamSeenBy("member", null)).toBe("-");
  for (const role of ["owner", "admin", "viewer"] as const) expect(teamSeenBy(role, "trailer")).toBeNull();
});

test("nobody hands out more than they have", () => {
  const given = (own: Parameters<typeof mayGrant>[0]) => ROLES.filter((role) => mayGrant(own, role));
  expect(given("operator")).toEqual([...ROLES]);
  expect(given("owner")).toEqual([...ROLES]);
  expect(given("admin")).toEqual(["member", "viewer"]);
  expect(given("member")).toEqual([]);
  expect(given("viewer")).toEqual([]);
});

import { expect, test } from "vitest";
import { isAllowed, parseCidr } from "../../../src/keys/ip-allow-list.ts";

/** The rules are proved in test/unit/keys; this is that workerd's node:net and the library agree with node's. */
test.each([
  ["203.0.113.7", "203.0.113.0/24", true],
  ["::ffff:203.0.113.7", "203.0.113.0/24", true],
  ["203.0.114.7", "203.0.113.0/24", false],
  ["2001:db8:7fff::", "2001:db8::/33", true],
  ["2001:db8:8000::", "2001:db8::/33", false],
  ["fe80::1%eth0", "::/0", false],
  ["0313.0.113.7", "0.0.0.0/0", false],
  ["unknown", "0.0.0.0/0", false],
])("%s in %s: %s", (ip, cidr, allowed) => {
  expect(isAllowed(ip, [cidr])).toBe(allowed);
});

test.each([
  ["2001:DB8:0::/32", { ok: true, value: "2001:db8::/32" }],
  ["::ffff:203.0.113.0/120", { ok: true, value: "203.0.113.0/24" }],
  ["fe80::1%eth0", { ok: false, error: "must have no zone id (%)" }],
])("%s is read as it is in node", (text, read) => {
  expect(parseCidr(text)).toEqual(read);
});

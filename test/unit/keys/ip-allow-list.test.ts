import { describe, expect, test } from "vitest";
import { isAllowed, parseCidr } from "../../../src/keys/ip-allow-list.ts";

describe("one spelling for each network", () => {
  test.each([
    ["203.0.113.7", "203.0.113.7/32"],
    ["203.0.113.7/32", "203.0.113.7/32"],
    ["203.0.113.0/24", "203.0.113.0/24"],
    ["203.0.112.0/23", "203.0.112.0/23"],
    ["0.0.0.0/0", "0.0.0.0/0"],
    ["2001:db8::1", "2001:db8::1/128"],
    ["2001:DB8:0:0::/32", "2001:db8::/32"],
    ["2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1/128"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128"],
    ["::/0", "::/0"],
    ["::1", "::1/128"],
    ["64:ff9b::192.0.2.33", "64:ff9b::c000:221/128"],
    ["::ffff:203.0.113.7", "203.0.113.7/32"],
    ["::ffff:203.0.113.0/120", "203.0.113.0/24"],
    ["::FFFF:cb00:7100/120", "203.0.113.0/24"],
    ["::ffff:0:0/96", "0.0.0.0/0"],
  ])("%s is %s", (text, canonical) => {
    expect(parseCidr(text)).toEqual({ ok: true, value: canonical });
    expect(parseCidr(canonical)).toEqual({ ok: true, value: canonical });
  });
});

describe("refusals name the rule", () => {
  test.each([
    "",
    "/24",
    " 203.0.113.7",
    "203.0.113.7\n",
    "203.0.113",
    "203.0.113.256",
    "203.0.113.7.1",
    "0203.0.113.7",
    "0xcb.0.113.7",
    "3405803783",
    "example.com",
    "2001:db8",
    "2001:db8::1::2",
    "2001:db8:00001::",
    "[2001:db8::1]",
    "2001:db8::g",
    "::203.0.113.7",
    "::ffff:0203.0.113.7",
    "::ffff:203.0.113.256",
    "1".repeat(10_000),
  ])("%j is no address", (text) => {
    expect(parseCidr(text)).toMatchObject({ ok: false, error: expect.stringContaining("must be an IP address") });
  });

  test.each(["203.0.113.0/33", "203.0.113.0/", "203.0.113.0/-1", "203.0.113.0/024", "203.0.113.0/+24", "10.0.0.0/8/8"])(
    "%s has no prefix of IPv4",
    (text) => {
      expect(parseCidr(text)).toEqual({ ok: false, error: "must have a prefix from 0 to 32" });
    },
  );

  test.each(["2001:db8::/129", "2001:db8::/1e1", "::ffff:203.0.113.0/129"])("%s has no prefix of IPv6", (text) => {
    expect(parseCidr(text)).toEqual({ ok: false, error: "must have a prefix from 0 to 128" });
  });

  test.each(["fe80::1%eth0", "fe80::%1/64", "203.0.113.7%eth0"])("%s has a zone id", (text) => {
    expect(parseCidr(text)).toEqual({ ok: false, error: "must have no zone id (%)" });
  });

  test.each([
    ["203.0.113.7/24", "203.0.113.0/24 is the network, 203.0.113.7 one address"],
    ["203.0.113.7/0", "0.0.0.0/0 is the network, 203.0.113.7 one address"],
    ["2001:db8::1/32", "2001:db8::/32 is the network, 2001:db8::1 one address"],
    ["::ffff:203.0.113.0/24", "::/24 is the network, ::ffff:203.0.113.0 one address"],
  ])("%s has bits set after its prefix", (text, meant) => {
    expect(parseCidr(text)).toEqual({ ok: false, error: `must have no bits set after its prefix: ${meant}` });
  });
});

describe("who is allowed", () => {
  test.each([
    ["203.0.113.0", "203.0.113.0/24", true],
    ["203.0.113.255", "203.0.113.0/24", true],
    ["203.0.114.0", "203.0.113.0/24", false],
    ["203.0.112.255", "203.0.113.0/24", false],
    ["203.0.113.7", "203.0.113.7/32", true],
    ["203.0.113.8", "203.0.113.7/32", false],
    ["203.0.113.7", "203.0.113.7", true],
    ["192.0.2.1", "0.0.0.0/0", true],
    ["2001:db8:ffff::1", "2001:db8::/32", true],
    ["2001:DB8::0001", "2001:db8::1/128", true],
    ["2001:db9::", "2001:db8::/32", false],
    ["2001:db8:8000::", "2001:db8::/33", false],
    ["2001:db8:7fff::", "2001:db8::/33", true],
    ["::ffff:203.0.113.7", "203.0.113.0/24", true],
    ["::ffff:cb00:7107", "203.0.113.0/24", true],
    ["::ffff:203.0.114.7", "203.0.113.0/24", false],
    ["203.0.113.7", "::ffff:203.0.113.0/120", true],
    ["203.0.113.7", "::/0", false],
    ["::ffff:203.0.113.7", "::/0", false],
    ["2001:db8::1", "0.0.0.0/0", false],
    ["::203.0.113.7", "203.0.113.0/24", false],
  ])("%s in %s: %s", (ip, cidr, allowed) => {
    expect(isAllowed(ip, [cidr])).toBe(allowed);
    expect(isAllowed(ip, ["198.51.100.0/24", cidr, "2001:db8:aaaa::/48"])).toBe(
      allowed || ip.startsWith("2001:db8:aaaa:"),
    );
  });

  test("an empty list allows nobody", () => {
    expect(isAllowed("203.0.113.7", [])).toBe(false);
  });

  test.each(["", "unknown", "203.0.113.7, 203.0.113.8", "203.0.113.7:443", "203.0.113.7/32", "fe80::1%eth0", "0"])(
    "%j is no address, and not allowed",
    (ip) => {
      expect(isAllowed(ip, ["0.0.0.0/0", "::/0"])).toBe(false);
    },
  );

  test.each(["", "everyone", "203.0.113.7/24", "203.0.113.0/33"])("an entry of %j allows nobody", (cidr) => {
    expect(isAllowed("203.0.113.7", [cidr])).toBe(false);
    expect(isAllowed("203.0.113.7", [cidr, "203.0.113.7/32"])).toBe(true);
  });
});

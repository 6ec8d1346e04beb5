import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isAllowed, parseCidr } from "../../../src/keys/ip-allow-list.ts";

/** Addresses as whole numbers, so that networks and neighbours can be computed. */
const v4 = fc.nat(0xffffffff).map(BigInt);
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).filter((value) => value >> 32n !== 0xffffn);
const family = fc.oneof(
  fc.record({ width: fc.constant(32), address: v4, bits: fc.nat(32) }),
  fc.record({ width: fc.constant(128), address: v6, bits: fc.nat(128) }),
);

const write = (value: bigint, width: number): string =>
  width === 32
    ? [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 0xffn).join(".")
    : Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(":");

const hostMask = (width: number, bits: number): bigint => (1n << BigInt(width - bits)) - 1n;

test("exactly the addresses with the network's first bits are allowed", () => {
  fc.assert(
    fc.property(family, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), ({ width, address, bits }, noise) => {
      const mask = hostMask(width, bits);
      const first = address & ~mask;
      const cidrs = [`${write(first, width)}/${bits}`];
      for (const inside of [first, first | mask, first | (noise & mask)]) {
        // A network of IPv6 that is that wide does not hold the addresses of IPv4 in the shape of IPv6.
        const isIPv4 = width === 128 && inside >> 32n === 0xffffn;
        expect(isAllowed(write(inside, width), cidrs)).toBe(!isIPv4);
      }
      if (first > 0n) expect(isAllowed(write(first - 1n, width), cidrs)).toBe(false);
      const next = first + mask + 1n;
      if (next < 1n << BigInt(width)) expect(isAllowed(write(next, width), cidrs)).toBe(false);
    }),
    { examples: [[{ width: 128, address: 0n, bits: 80 }, 0n]] },
  );
});

test("node's own block list agrees within each family", () => {
  fc.assert(
    fc.property(family, fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), ({ width, address, bits }, flips) => {
      fc.pre(bits > 0);
      const type = width === 32 ? "ipv4" : "ipv6";
      const first = write(address & ~hostMask(width, bits), width);
      const list = new BlockList();
      list.addSubnet(first, bits, type);
      // One bit flipped, and any number of them.
      const one = 1n << (flips % BigInt(width));
      for (const other of [address ^ one, address ^ BigInt.asUintN(width, flips)]) {
        fc.pre(width === 32 || other >> 32n !== 0xffffn);
        const ip = write(other, width);
        expect(isAllowed(ip, [`${first}/${bits}`])).toBe(list.check(ip, type));
      }
    }),
  );
});

test("an IPv4 address is the same in the shape of IPv6", () => {
  fc.assert(
    fc.property(v4, v4, fc.nat(32), (address, other, bits) => {
      const cidrs = [`${write(address & ~hostMask(32, bits), 32)}/${bits}`];
      const ip = write(other, 32);
      expect(isAllowed(`::ffff:${ip}`, cidrs)).toBe(isAllowed(ip, cidrs));
      expect(isAllowed(write((0xffffn << 32n) | other, 128), cidrs)).toBe(isAllowed(ip, cidrs));
    }),
  );
});

test("a spelling is stable, and a network with other bits set is refused", () => {
  fc.assert(
    fc.property(family, ({ width, address, bits }) => {
      const mask = hostMask(width, bits);
      const read = parseCidr(`${write(address & ~mask, width)}/${bits}`);
      if (!read.ok) throw new Error(read.error);
      expect(parseCidr(read.value)).toEqual(read);
      expect(parseCidr(`${write(address, width)}/${bits}`).ok).toBe((address & mask) === 0n);
    }),
  );
});

test("no text throws, and none that is refused allows anybody", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-f:./%]{0,45}$/));
  fc.assert(
    fc.property(text, (garbage) => {
      if (!parseCidr(garbage).ok) {
        expect(isAllowed("203.0.113.7", [garbage])).toBe(false);
        expect(isAllowed(garbage, ["0.0.0.0/0", "::/0"])).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});

import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { err, ok, type Result } from "../errors/result.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network of a key's allow list. `bits` of its address count; the rest are 0. */
interface Network {
  address: Address;
  bits: number;
}

const ADDRESS_RULE = "must be an IP address or network such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32";
const MAPPED_BITS = 96;

/**
 * Reads one entry of an allow list and answers its one spelling: "203.0.113.7" is
 * "203.0.113.7/32", "2001:DB8:0::/32" is "2001:db8::/32" (RFC 5952), and an IPv4 network written
 * as IPv6, "::ffff:203.0.113.0/120", is "203.0.113.0/24".
 *
 * Refuses, with the rule that was broken: what is no address (also octal, short and hexadecimal
 * IPv4, spaces), zone ids, prefixes that are too long or have leading zeros or signs, and bits set
 * after the prefix: "203.0.113.7/24" could mean one address or 256, so a person has to say which.
 */
export function parseCidr(text: string): Result<string, string> {
  const network = readNetwork(text);
  return network.ok ? ok(spell(network.value)) : network;
}

/**
 * Whether an address is in one of the networks. IPv4 in the shape of IPv6 (::ffff:1.2.3.4) is
 * IPv4; apart from that the two never match each other, not even ::/0. Fails closed: an address
 * that is none is not allowed, an entry that is none allows nothing, and neither does an empty
 * list. That a key without a list may be used from anywhere is the caller's rule.
 */
export function isAllowed(ip: string, cidrs: readonly string[]): boolean {
  const address = readAddress(ip);
  if (address === null) return false;
  const given = unmapped({ address, bits: bitsOf(address) }).address;
  return cidrs.some((cidr) => {
    const network = readNetwork(cidr);
    return network.ok && contains(network.value, given);
  });
}

function readNetwork(text: string): Result<Network, string> {
  if (text.includes("%")) return err("must have no zone id (%)");
  const [, host = "", prefix] = /^([^/]+)(?:\/(.*))?$/.exec(text) ?? [];
  const address = readAddress(host);
  if (address === null) return err(ADDRESS_RULE);
  const width = bitsOf(address);
  if (prefix !== undefined && !/^(0|[1-9][0-9]{0,2})$/.test(prefix))
    return err(`must have a prefix from 0 to ${width}`);
  const bits = prefix === undefined ? width : Number(prefix);
  if (bits > width) return err(`must have a prefix from 0 to ${width}`);
  const network = { address: firstAddress(address, bits), bits };
  if (network.address.toString() !== address.toString()) {
    return err(`must have no bits set after its prefix: ${spell(network)} is the network, ${host} one address`);
  }
  return ok(unmapped(network));
}

/** `isIP` is strict where the library is not: it wants four decimal octets and short groups. */
function readAddress(text: string): Address | null {
  if (isIP(text) === 0 || text.includes("%")) return null;
  // The library reads ::1.2.3.4, deprecated by RFC 4291, as if it were ::ffff:1.2.3.4.
  if (/^::\d+\./.test(text)) return null;
  return ipaddr.parse(text);
}

const bitsOf = (address: Address): number => address.toByteArray().length * 8;

function firstAddress(address: Address, bits: number): Address {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    return byte & (0xff00 >> kept);
  });
  return ipaddr.fromByteArray(bytes);
}

/** An IPv4 network in the shape of IPv6 as what it is; any other as it was. */
function unmapped({ address, bits }: Network): Network {
  if (!isIPv6(address) || !address.isIPv4MappedAddress() || bits < MAPPED_BITS) return { address, bits };
  return { address: address.toIPv4Address(), bits: bits - MAPPED_BITS };
}

const isIPv6 = (address: Address): address is ipaddr.IPv6 => address.kind() === "ipv6";

const contains = ({ address, bits }: Network, given: Address): boolean =>
  address.kind() === given.kind() && given.match(address, bits);

const spell = ({ address, bits }: Network): string => `${address.toString()}/${bits}`;

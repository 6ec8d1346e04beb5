import dns from "node:dns";
import { appendFileSync } from "node:fs";
import net from "node:net";

/**
 * Loaded into a client's process with `--import`: any connection that is not to this machine, and any look-up
 * of another name, is noted in the file STRANGERS and refused. A client with its base URL changed has no business
 * elsewhere.
 */
const LOOPBACK = /^(localhost|127(\.\d+){3}|::1|0:0:0:0:0:0:0:1)$/;

function refuse(host: string): Error {
  appendFileSync(process.env["STRANGERS"] ?? "/dev/stderr", `${host}\n`);
  return new Error(`refused by the test: a connection to ${host}`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  // As net itself calls it the options come in a list of its own, and a path is a socket of this machine.
  const [first] = args.flat();
  const options: { host?: unknown; path?: unknown } = typeof first === "object" && first !== null ? first : {};
  const host = String(options.host ?? (typeof args[1] === "string" ? args[1] : "localhost"));
  if (options.path === undefined && !LOOPBACK.test(host)) {
    queueMicrotask(() => this.destroy(refuse(host)));
    return this;
  }
  return Reflect.apply(connect, this, args) as net.Socket;
};

const lookup = dns.lookup;
Object.assign(dns, {
  lookup: (host: string, ...rest: unknown[]) => {
    if (LOOPBACK.test(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
    const done = rest.at(-1) as (error: Error) => void;
    return queueMicrotask(() => done(refuse(host)));
  },
});

import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that Linux gives to outgoing connections, which would take one between our look and its use. */
const FIRST_PORT = 10_000;
const END_PORT = 32_768;
const TRIES_MAX = 100;

/**
 * A TCP port of 127.0.0.1 on which nothing listens, and that no other call gives while this process lives, neither
 * here nor in the other test processes of this machine.
 * @param pick the next port to try
 */
export async function freePort(pick = () => randomInt(FIRST_PORT, END_PORT)): Promise<number> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const port = pick();
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
  throw new Error(`no free port in ${TRIES_MAX} tries`);
}

/**
 * The UDP socket of the same number is the reservation: the kernel gives it to one process at a time, takes it back
 * when that process ends however it ends, and TCP does not mind it.
 */
async function reserve(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  socket.bind({ port, address: "127.0.0.1", exclusive: true });
  try {
    await once(socket, "listening");
  } catch {
    return false;
  }
  socket.unref();
  return true;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}

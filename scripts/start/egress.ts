import { getCACertificates, rootCertificates } from "node:tls";
import type { V4WorkerOptions } from "miniflare";

/**
 * The same Worker, whose calls of WaveSpeed go straight to the network, as they do on the platform. Before each Worker's plain
 * `fetch` Miniflare puts one of its own. Trusted are the authorities that Miniflare trusts: the browsers',
 * and those of `NODE_EXTRA_CA_CERTS`.
 */
export function withEgress(worker: V4WorkerOptions): V4WorkerOptions {
  // workerd does not find those of Windows.
  const trustedCertificates = [
    ...getCACertificates("extra"),
    ...(process.platform === "win32" ? rootCertificates : []),
  ];
  const network = {
    allow: ["public", "private", "240.0.0.0/4"],
    tlsOptions: { trustBrowserCas: true, trustedCertificates },
  };
  return { ...worker, serviceBindings: { ...worker.serviceBindings, EGRESS: { network } } };
}

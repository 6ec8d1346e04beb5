import type { AddressInfo } from "node:net";
import { makeFakeWaveSpeed, type FakeOptions } from "./fake-wavespeed.ts";

/** The fake WaveSpeed's process: its options come in once, its port goes out. It ends with its parent. */
process.once("message", (options: FakeOptions) => {
  const server = makeFakeWaveSpeed(options).listen(0, "127.0.0.1", 4_096, () =>
    process.send?.((server.address() as AddressInfo).port),
  );
});
process.on("disconnect", () => process.exit(0));

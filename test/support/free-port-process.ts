import { freePort } from "./free-port.ts";

// Asks for a port, tells its parent which, and lives until it is ended.
process.send?.(await freePort());
process.on("message", () => undefined);

import { app } from "./app.ts";

export { SimulatedAccount } from "./simulated-account.ts";

export default { fetch: app.fetch };

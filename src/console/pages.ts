import type { ConsoleApp } from "./console-app.ts";
import { billingPage } from "./pages/billing.tsx";
import { gatewayPage } from "./pages/gateway.tsx";
import { homePage } from "./pages/home.tsx";
import { jobPage } from "./pages/job.tsx";
import { jobsPage } from "./pages/jobs.tsx";
import { keyPage } from "./pages/key.tsx";
import { keysPage } from "./pages/keys.tsx";
import { mePage } from "./pages/me.tsx";
import { overviewPage } from "./pages/overview.tsx";
import { playgroundPage } from "./pages/playground.tsx";
import { statementPage } from "./pages/statement.tsx";

/** Every page behind the sign-in, one line each. */
export const PAGES: readonly ((app: ConsoleApp) => void)[] = [
  homePage,
  gatewayPage,
  overviewPage,
  jobsPage,
  jobPage,
  playgroundPage,
  keysPage,
  keyPage,
  billingPage,
  statementPage,
  mePage,
];

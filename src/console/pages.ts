import type { ConsoleApp } from "./console-app.tsx";
import { homePage } from "./pages/home.tsx";

/** Every page behind the sign-in, one line each. */
export const PAGES: readonly ((app: ConsoleApp) => void)[] = [homePage];

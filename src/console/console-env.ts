import type { OpenApi } from "./pages/reference/open-api.ts";
import type { Session, SessionLookup } from "../people/index.ts";

/** Variables of the console's pages. The app around it sets `api` and `sessions`. */
export interface ConsoleEnv {
  Variables: {
    /** The management API, in this very Worker. */
    api: (request: Request) => Promise<Response>;
    /** The description of the whole API, as /openapi.json has it. */
    describe: () => Promise<OpenApi>;
    /** Who is signed in: what the API's guards ask, too. */
    sessions: SessionLookup;
    /** Who looks at the page; pages without one are /console/sign-in alone. */
    session: Session;
    /** The CSRF token that the page's form sent; '' where it sent none. */
    csrfSent: string;
  };
}

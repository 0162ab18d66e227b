import type { Deps } from "../../deps.ts";
import { isUnavailable } from "../../domain/unavailable.ts";
import * as words from "../../pages/errors/words.ts";
import { type BodyFields, readForm } from "../body.ts";
import type { HttpContext } from "../context.ts";
import { requireFormToken, requireSameOrigin } from "../csrf.ts";
import { showError } from "../error-page.ts";

/** A form of a page that is shown to people who have no account yet. @throws {OAuthError} `origin_not_allowed` */
export async function readOwnForm(c: HttpContext, deps: Deps): Promise<BodyFields> {
  requireSameOrigin(c, deps);
  const form = await readForm(c);
  requireFormToken(c, deps, form);
  return form;
}

/** What `answer` answers, or a page that names the region or the directory that does not. */
export async function sayingWhatIsDown(
  c: HttpContext,
  deps: Deps,
  answer: () => Promise<Response>,
  says: (region: string | undefined) => words.ErrorWords = words.signUpUnavailable,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    return showError(c, 503, says(lostRegion(c, deps, error)), { headers: RETRY });
  }
}

/**
 * The same for a form: it comes back with what was typed, so that it can be sent again, or otherwise.
 *
 * @param again the form's page with a sentence about the region, or about the directory where there is none.
 */
export async function keepingWhatWasTyped(
  c: HttpContext,
  deps: Deps,
  answer: () => Promise<Response>,
  again: (sentence: string, region: string | undefined) => string,
): Promise<Response> {
  try {
    return await answer();
  } catch (error) {
    const region = lostRegion(c, deps, error);
    const { whatHappened, whatToDo } = words.signUpUnavailable(region);
    return c.html(again(`${whatHappened} ${whatToDo}`, region), 503, RETRY);
  }
}

const RETRY = { "retry-after": "5" };

/** The region that does not answer; `undefined`: the directory. Throws all other errors again. */
function lostRegion(c: HttpContext, deps: Deps, error: unknown): string | undefined {
  if (!isUnavailable(error)) throw error;
  deps.log.warn({ requestId: c.get("requestId"), err: error }, "temporarily unavailable");
  return error.database === "directory" ? undefined : error.database;
}

import type { Deps } from "../../deps.ts";
import type { Refusal } from "../../domain/login/authorization-request.ts";
import type { Login } from "../../domain/login/login.ts";
import { readPlace } from "../../domain/login/memberships.ts";
import type { Step } from "../../domain/login/next-step.ts";
import type { Noted } from "../../domain/timeline/timeline.ts";
import { addressKey } from "../client-address.ts";
import type { HttpContext } from "../context.ts";

/** One step of a login under way, for the timeline of its app. */
export function noteStep(
  c: HttpContext,
  deps: Deps,
  login: Login,
  noted: Pick<Noted, "step" | "outcome"> & Partial<Noted>,
): void {
  const { clientId } = login.request;
  // A hint of somebody who has not signed in is no place.
  const place = login.accountId === undefined ? undefined : readPlace(login.installation);
  const from = noted.step === "start" || noted.step === "page" ? origin(c, deps) : undefined;
  deps.timeline.note({ clientId, loginId: login.id, requestId: c.get("requestId"), from, ...place, ...noted });
}

/** What the login came to with this answer: a page for its user, a code or an error for its app. */
export function noteOutcome(c: HttpContext, deps: Deps, step: Step): void {
  noteStep(c, deps, step.login, outcomeOf(step));
}

function outcomeOf(step: Step): Pick<Noted, "step" | "outcome"> & Partial<Noted> {
  if (step.kind !== "return") return { step: "page", outcome: "ok", detail: step.kind };
  if ("error" in step.ended) return { step: step.ended.byUser ? "consent" : "code", outcome: step.ended.error };
  return { step: "code", outcome: "ok", ...step.ended };
}

/** A request that did not get as far as a login, and whose app is known. */
export function noteRefusal(c: HttpContext, deps: Deps, clientId: string, refusal: Refusal | string): void {
  if (!deps.apps.find(clientId)) return;
  const [outcome, detail] =
    typeof refusal === "string"
      ? [refusal, ""]
      : [OUTCOMES[refusal.why], refusal.why === "redirect_uri" ? withoutPersons(refusal.received) : ""];
  const requestId = c.get("requestId");
  deps.timeline.note({ clientId, loginId: "", step: "start", outcome, requestId, detail, from: origin(c, deps) });
}

const origin = (c: HttpContext, deps: Deps): string | undefined =>
  deps.config.limits ? addressKey(c.get("address")) : undefined;

const OUTCOMES: Readonly<Record<Refusal["why"], string>> = {
  missing_client_id: "missing_client_id",
  unknown_client: "unknown_client",
  suspended: "app_suspended",
  missing_redirect_uri: "missing_redirect_uri",
  redirect_uri: "redirect_uri_not_registered",
  state_too_long: "state_too_long",
  trial_over: "trial_over",
};

/**
 * What helps to find the slip, without what may be somebody's: no query, no path parameters, no user before the host, and
 * of an address without a host whatever holds an `@` is left out.
 */
export function withoutPersons(uri: string): string {
  const [, scheme = "", rest = ""] = /^([^:/?#]*:(?:\/\/)?)?([^?#;]*)/.exec(uri) ?? [];
  if (!scheme.endsWith("//")) return scheme + (rest.includes("@") ? "…" : rest);
  const [host = "", ...path] = rest.split("/");
  return [scheme + host.slice(host.lastIndexOf("@") + 1), ...path].join("/");
}

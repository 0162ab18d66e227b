import type { Deps } from "../../deps.ts";
import type { Refusal } from "../../domain/login/authorization-request.ts";
import type { Login } from "../../domain/login/login.ts";
import type { Step } from "../../domain/login/next-step.ts";
import type { Noted } from "../../domain/timeline/timeline.ts";
import type { HttpContext } from "../context.ts";

/** One step of a login under way, for the timeline of its app. */
export function noteStep(
  c: HttpContext,
  deps: Deps,
  login: Login,
  noted: Pick<Noted, "step" | "outcome"> & Partial<Noted>,
): void {
  deps.timeline.note({ clientId: login.request.clientId, loginId: login.id, requestId: c.get("requestId"), ...noted });
}

/** What the login came to with this answer: a page for its user, a code or an error for its app. */
export function noteOutcome(c: HttpContext, deps: Deps, step: Step): void {
  noteStep(c, deps, step.login, outcomeOf(step));
}

function outcomeOf(step: Step): Pick<Noted, "step" | "outcome"> & Partial<Noted> {
  if (step.kind !== "return") return { step: "page", outcome: "ok", detail: step.kind };
  if ("error" in step.ended) return { step: "code", outcome: step.ended.error };
  return { step: "code", outcome: "ok", ...step.ended };
}

/** A request that did not get as far as a login, and whose app is known. */
export function noteRefusal(c: HttpContext, deps: Deps, clientId: string, refusal: Refusal | string): void {
  if (!deps.apps.find(clientId)) return;
  const [outcome, detail] =
    typeof refusal === "string"
      ? [refusal, ""]
      : [OUTCOMES[refusal.why], refusal.why === "redirect_uri" ? withoutQuery(refusal.received) : ""];
  deps.timeline.note({ clientId, loginId: "", step: "start", outcome, requestId: c.get("requestId"), detail });
}

const OUTCOMES: Readonly<Record<Refusal["why"], string>> = {
  missing_client_id: "missing_client_id",
  unknown_client: "unknown_client",
  suspended: "app_suspended",
  missing_redirect_uri: "missing_redirect_uri",
  redirect_uri: "redirect_uri_not_registered",
  state_too_long: "state_too_long",
  trial_over: "trial_over",
};

/** A query may hold what is somebody's; where the address differs from a registered one is mostly before it. */
const withoutQuery = (uri: string): string => uri.split(/[?#]/, 1)[0] ?? "";

import type { Deps } from "../../deps.ts";
import { OAuthError } from "../../errors.ts";
import { hashSecret } from "../../secrets.ts";
import { regionOfCode } from "../tokens/credentials.ts";
import type { TokenRequest } from "../tokens/exchange-code.ts";
import type { Grant } from "../tokens/grant.ts";
import type { Noted } from "./timeline.ts";

/** Runs an exchange of a code and notes how it went, without making it wait. Refreshes are no part of a login. */
export async function notingExchange(
  deps: Deps,
  request: TokenRequest,
  requestId: string,
  exchange: () => Promise<Grant>,
): Promise<Grant> {
  if (request.code === undefined) return exchange();
  const startedAt = performance.now();
  try {
    const grant = await exchange();
    deps.timeline.note({
      clientId: clientOf(deps, request),
      loginId: grant.loginId ?? "",
      step: "exchange",
      outcome: "ok",
      requestId,
      region: grant.region,
      installationId: grant.installation.id,
      milliseconds: performance.now() - startedAt,
    });
    return grant;
  } catch (error) {
    const clientId = clientOf(deps, request);
    if (error instanceof OAuthError && clientId !== "")
      deps.timeline.noteLater(refusalOf(deps, clientId, request, requestId, error));
    throw error;
  }
}

/** Which login a refused code came from takes a read of its own, which only failures cost. */
async function refusalOf(
  deps: Deps,
  clientId: string,
  request: TokenRequest,
  requestId: string,
  error: OAuthError,
): Promise<Noted> {
  const region = deps.regions.find(regionOfCode(request.code ?? "") ?? "");
  const found = await region?.store.codes.find(hashSecret(request.code ?? "")).catch(() => undefined);
  const own = found?.clientId === clientId ? found : undefined; // another app's login is none of this one's business
  return {
    clientId,
    loginId: own?.loginId ?? "",
    step: "exchange",
    outcome: error.code,
    requestId,
    region: region?.name,
    installationId: own?.installationId,
    detail: error.description,
  };
}

const clientOf = (deps: Deps, { credential }: TokenRequest): string =>
  credential.readings.find(({ clientId }) => deps.apps.find(clientId))?.clientId ?? "";

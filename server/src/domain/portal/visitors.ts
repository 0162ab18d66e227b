import type { Deps } from "../../deps.ts";
import { normaliseEmail } from "../accounts/email.ts";
import { isSandbox, isSandboxEmail } from "../teams/sandbox.ts";
import type { Actor } from "../teams/teams.ts";
import { checkToken } from "../tokens/check-token.ts";
import { portalCredential } from "./portal-app.ts";

/** Who is in front of the portal, the account pages or the operator's pages. */
export interface Visitor extends Actor {
  email: string;
  name: string;
  /** Where the person came in: the portal's token stands for their user there. */
  installation: { region: string; id: number };
  /** Names the portal's token, which is this visit, among the account's others. */
  tokenId: string;
  /** May use the operator's pages; elsewhere, as far as is known. */
  operator?: boolean;
}

/** Whom the portal's token stands for. Everything that ends tokens ends this, at once. */
export async function visitorOf(deps: Deps, token: string): Promise<Visitor | undefined> {
  const found = await checkToken(deps, token);
  if (found?.clientId !== portalCredential(deps).clientId) return undefined;
  const user = await deps.regions.require(found.region).store.users.find(found.installationId, found.userId);
  if (!user) return undefined;
  return {
    accountId: user.accountId,
    region: user.accountRegion,
    email: user.email,
    name: `${user.firstName} ${user.lastName}`.trim(),
    installation: { region: found.region, id: found.installationId },
    tokenId: found.tokenId,
  };
}

/**
 * Whether the person may open the portal from where they came in (`LATCHKEY_PORTAL_INSTALLATIONS`). Sandboxes always may:
 * who signs up has no other installation.
 */
export async function mayOpenPortal(deps: Deps, { installation: { region, id } }: Visitor): Promise<boolean> {
  const open = deps.config.portalInstallations;
  if (open === "all" || open.includes(`${region}-${id}`)) return true;
  const installation = await deps.regions.require(region).store.installations.find(id);
  return installation !== undefined && isSandbox(installation);
}

/** Whether it is a test user of a sandbox, whose password a whole team knows: what such a one makes would be nobody's. */
export const isTestUser = ({ email }: Visitor): boolean => isSandboxEmail(normaliseEmail(email) ?? "");

/** Whether the account may use the operator's pages (`npm run operator`). */
export const isOperator = async (deps: Deps, { accountId, region }: Actor): Promise<boolean> =>
  deps.regions.require(region).store.operators.isOne(accountId);

import type { AppCredential } from "../domain/tokens/authenticate-app.ts";
import { OAuthError } from "../errors.ts";
import type { BodyFields } from "./body.ts";
import type { HttpContext } from "./context.ts";
import { headerOf } from "./headers.ts";

/**
 * Client authentication by body fields or HTTP Basic (RFC 6749 §2.3.1).
 *
 * @param strict  `client_id` counts as it was sent, and one method only.
 * @throws {OAuthError} `invalid_request`: both were sent and disagree; `invalid_client`: neither, or only half of it.
 */
export function readAppCredential(c: HttpContext, body: BodyFields, strict = false): AppCredential {
  // A parameter sent without a value is one that was not sent (RFC 6749 §3.2).
  const sentId = body.text("client_id");
  const clientId = (strict ? sentId : sentId?.trim()) || undefined;
  const secret = body.text("client_secret") || undefined;
  const basic = readBasic(c);
  if (!basic) {
    if (clientId === undefined) throw new OAuthError("invalid_client", "The client did not say who it is.");
    return { readings: [{ clientId, secret }], basic: false };
  }
  if (strict && secret !== undefined)
    throw new OAuthError("invalid_request", "Authenticate by HTTP Basic or in the body, not by both.");
  const agreeing = basic.filter(
    (reading) =>
      (clientId === undefined || clientId === reading.clientId) && (secret === undefined || secret === reading.secret),
  );
  if (agreeing.length === 0)
    throw new OAuthError("invalid_request", "HTTP Basic and the body name different clients or secrets.");
  return { readings: agreeing, basic: true };
}

/** Whether the caller used Basic: then, and only then, a 401 says how to do it (RFC 6749 §5.2). */
const isBasic = (authorization: string): boolean => /^basic(?: |$)/i.test(authorization);

/** The two readings of HTTP Basic, `undefined` where it was not used. Other schemes are ignored: proxies add theirs. */
function readBasic(c: HttpContext): { clientId: string; secret: string }[] | undefined {
  const authorization = headerOf(c, "authorization") ?? "";
  if (!isBasic(authorization)) return undefined;
  const encoded = authorization.slice("basic".length).trim();
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  // Node's decoder takes anything; what it did not understand must not look like an empty credential.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded) || colon < 0)
    throw new OAuthError("invalid_client", "The Authorization header cannot be read.");
  const raw = { clientId: text.slice(0, colon), secret: text.slice(colon + 1) };
  if (!/[%+]/.test(text)) return [raw];
  const decoded = { clientId: formDecoded(raw.clientId), secret: formDecoded(raw.secret) };
  return decoded.clientId === undefined || decoded.secret === undefined
    ? [raw]
    : [{ clientId: decoded.clientId, secret: decoded.secret }, raw];
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** Runs `work`; a caller who failed to authenticate by HTTP Basic is told that Basic was meant (RFC 6749 §5.2). */
export async function challengingBasic<T>(c: HttpContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OAuthError && error.status === 401 && isBasic(headerOf(c, "authorization") ?? ""))
      c.header("www-authenticate", 'Basic realm="Latchkey", charset="UTF-8"');
    throw error;
  }
}

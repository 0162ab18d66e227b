import { brotliCompressSync, gzipSync } from "node:zlib";
import { Hono } from "hono";
import { type Asset, assets } from "../pages/assets.ts";
import type { HttpEnv } from "./context.ts";
import { headerOf } from "./headers.ts";

/**
 * The stylesheet, the script and the icon, compressed once at start.
 *
 * Their addresses name their content, so a browser keeps them for a year without asking. An address with another hash
 * comes from a page of the release before or after this one, while servers are being replaced: it gets what there is,
 * to be asked for again next time.
 */
export function assetRoutes(): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>();
  const files = Object.values(assets).map((asset) => ({ asset, name: anyReleaseOf(asset), encodings: encode(asset) }));
  // One pattern for all: several that could match one path cost every request of the product Hono's faster router.
  routes.get("/assets/:file", (c) => {
    const file = files.find(({ name }) => name.test(c.req.param("file")));
    if (!file) return c.notFound();
    const { asset, encodings } = file;
    const encoding = chooseEncoding(headerOf(c, "accept-encoding") ?? "");
    const etag = `"${asset.hash}-${encoding}"`;
    c.header("etag", etag);
    c.header("vary", "accept-encoding");
    c.header("cache-control", c.req.path === asset.href ? "public, max-age=31536000, immutable" : "no-cache");
    if (matches(headerOf(c, "if-none-match"), etag)) return c.body(null, 304);
    c.header("content-type", asset.type);
    c.header("x-content-type-options", "nosniff");
    if (encoding !== "identity") c.header("content-encoding", encoding);
    return c.body(encodings[encoding]);
  });
  return routes;
}

/** The asset's file name, whatever hash stands in it. */
function anyReleaseOf({ name }: Asset): RegExp {
  const [stem, extension] = name.split(".");
  return new RegExp(`^${stem}\\.[\\w-]+\\.${extension}$`);
}

type Encoding = "br" | "gzip" | "identity";

const encode = ({ body }: Asset): Record<Encoding, Uint8Array<ArrayBuffer>> => ({
  br: new Uint8Array(brotliCompressSync(body)),
  gzip: new Uint8Array(gzipSync(body, { level: 9 })),
  identity: new Uint8Array(body),
});

/** The smallest that the browser takes (RFC 9110 §12.5.3); a weight of zero is a no. */
function chooseEncoding(header: string): Encoding {
  const taken = header
    .toLowerCase()
    .split(",")
    .filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part))
    .map((part) => part.split(";")[0]?.trim());
  if (taken.includes("br")) return "br";
  return taken.includes("gzip") ? "gzip" : "identity";
}

/** RFC 9110 §13.1.2: weakly compared, or `*`. */
const matches = (header: string | undefined, etag: string): boolean =>
  header?.split(",").some((part) => ["*", etag, `W/${etag}`].includes(part.trim())) ?? false;

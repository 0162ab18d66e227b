import { z } from "zod";
import type { AnyCollection } from "./collection.ts";
import { LIMIT_MAX } from "./paging.ts";

export type Json = Record<string, unknown>;

/** The OpenAPI 3.1 document of the same table that the routes are mounted from, with the paths that are no collection's. */
export function openApi(base: string, collections: readonly AnyCollection[], more: Record<string, Json>): Json {
  const paths: Record<string, Json> = { ...more };
  for (const collection of collections) {
    paths[collection.path] = collectionPath(collection);
    if (collection.find) paths[`${collection.path}/{${collection.member}}`] = memberPath(collection);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Latchkey: the operator's API", version: "1" },
    servers: [{ url: base }],
    security: [{ operator: [] }],
    paths,
    components: {
      securitySchemes: { operator: { type: "http", scheme: "bearer" } },
      responses: {
        Problem: { description: "Refused (RFC 9457)", content: content(PROBLEM, "application/problem+json") },
      },
    },
  };
}

const PROBLEM = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })),
});

export const REFUSED = { default: { $ref: "#/components/responses/Problem" } };

const IF_MATCH = { name: "If-Match", in: "header", schema: { type: "string" } };

function collectionPath({ path, noun, view, create }: AnyCollection): Json {
  const page = z.object({ items: z.array(view), next: z.string().nullable() });
  return {
    parameters: pathParameters(path),
    get: {
      summary: `A page of them: ${noun}`,
      parameters: [
        { name: "after", in: "query", schema: { type: "string" } },
        { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: LIMIT_MAX, default: 50 } },
      ],
      responses: { 200: { description: "The page", content: content(page) }, ...REFUSED },
    },
    ...(create && {
      post: {
        summary: `A new ${noun}`,
        ...(create.matched && { parameters: [IF_MATCH] }),
        requestBody: { required: true, content: content(create.body, "application/json", "input") },
        responses: {
          201: { description: "Made", content: content(create.once ? view.extend(create.once.shape) : view) },
          ...REFUSED,
        },
      },
    }),
  };
}

function memberPath({ path, member, noun, view, change, remove }: AnyCollection): Json {
  return {
    parameters: pathParameters(`${path}/{${member}}`),
    get: { summary: `One ${noun}`, responses: { 200: { description: "It", content: content(view) }, ...REFUSED } },
    ...(change && {
      patch: {
        summary: `Changes the ${noun} (RFC 7396)`,
        parameters: [IF_MATCH],
        requestBody: {
          required: true,
          content: content(change.body.partial(), "application/merge-patch+json", "input"),
        },
        responses: { 200: { description: "Changed", content: content(view) }, ...REFUSED },
      },
    }),
    ...(remove && {
      delete: {
        summary: `Removes the ${noun}`,
        parameters: [IF_MATCH],
        responses: { 204: { description: "Gone" }, ...REFUSED },
      },
    }),
  };
}

export const pathParameters = (path: string) =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));

export function content(schema: z.ZodType, type = "application/json", io: "input" | "output" = "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io });
  return { [type]: { schema: json } };
}

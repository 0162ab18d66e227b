import { z } from "zod";

/** What `LATCHKEY_DATA/demo.json` tells a developer, or a program that tries the server (wire section 9). */
export type DemoWorld = z.infer<typeof demoWorld>;

export const demoWorld = z.object({
  /** `LATCHKEY_URL`. */
  url: z.string(),
  apps: z.tuple([
    z.object({ name: z.string(), clientId: z.string(), clientSecret: z.string(), redirectUris: z.array(z.string()) }),
  ]),
  /** `installations`: `REGION-ID`, as below. */
  users: z.array(
    z.object({ name: z.string(), email: z.string(), password: z.string(), installations: z.array(z.string()) }),
  ),
  installations: z.array(z.object({ installation: z.string(), name: z.string(), apiEndPoint: z.string() })),
});

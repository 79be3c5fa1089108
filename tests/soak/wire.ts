/** What the app says of itself in a soak, a line each time: its heap after all garbage was thrown away, and what it has done. */
import { z } from 'zod';

export const saidSchema = z.object({
  heap: z.number(),
  readings: z.number(),
  changes: z.number(),
  refused: z.number(),
  troubles: z.number(),
});
export type Said = z.infer<typeof saidSchema>;
